import type { Context } from 'aws-lambda';
import { compilePolicy } from './core/policy.ts';
import { type Environment, runInvocation } from './invocation.ts';
import { readPacked } from './packed.ts';
import { parseSettings } from './settings.ts';
import { logSink } from './sinks/log.ts';
import { createLogger } from './sinks/logger.ts';
import { snsLoader } from './sinks/sns.ts';
import type { TopicName } from './sinks/topic-message.ts';
import { topicsSink } from './sinks/topics.ts';

/** Milliseconds kept at the end of an invocation for the metrics line and the answer. */
const RESERVE = 2_000;

const settings = parseSettings(process.env);
const { severities, teams } = readPacked(new URL('./severities.json', import.meta.url));
const policy = compilePolicy(severities);
const logger = createLogger();
const loadSns = snsLoader();
const now = () => new Date();
const { alerts, findings, chat } = settings.topics;
const topics = new Map<TopicName, string>([
  ['alerts', alerts],
  ['findings', findings],
  ...(chat === undefined ? [] : [['chat', chat] as const]),
]);

const environment: Environment = {
  settings,
  policy,
  logger,
  loadSns,
  now,
  openSinks: () => [
    logSink(logger, policy.policyVersion),
    topicsSink({ load: loadSns, topics, policy, teams, includeRecord: settings.includeRecord, now }),
  ],
};

/**
 * The alert function's Lambda handler: classifies, logs and publishes every record of an event.
 * @returns the figures of the invocation, by metric name
 */
export async function handler(event: unknown, context: Context): Promise<Record<string, number>> {
  return runInvocation(environment, event, {
    remaining: () => context.getRemainingTimeInMillis() - RESERVE,
  });
}
