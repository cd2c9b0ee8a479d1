import type { Policy } from './core/policy.ts';
import type { TeamInterests } from './core/teams.ts';
import type { Environment } from './invocation.ts';
import type { Settings } from './settings.ts';
import { logSink } from './sinks/log.ts';
import type { Logger } from './sinks/logger.ts';
import type { SnsLoader } from './sinks/publisher.ts';
import type { TopicName } from './sinks/topic-message.ts';
import { topicsSink } from './sinks/topics.ts';

/** What the alert function is made of besides its code. */
export interface AlertParts {
  readonly settings: Settings;
  readonly policy: Policy;
  readonly teams: readonly TeamInterests[];
  readonly logger: Logger;
  readonly loadSns: SnsLoader;
  readonly now: () => Date;
}

/** Wires the alert function: records to the log, findings to every topic that the settings name. */
export function alertEnvironment({ teams, ...parts }: AlertParts): Environment {
  const { settings, policy, logger, loadSns, now } = parts;
  const { alerts, findings, chat } = settings.topics;
  const topics = new Map<TopicName, string>([
    ['alerts', alerts],
    ['findings', findings],
    ...(chat === undefined ? [] : [['chat', chat] as const]),
  ]);
  const { includeRecord } = settings;
  return {
    ...parts,
    openSinks: () => [
      logSink(logger, policy.policyVersion),
      topicsSink({ load: loadSns, topics, policy, teams, includeRecord, now }),
    ],
  };
}
