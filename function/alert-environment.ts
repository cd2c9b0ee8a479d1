import type { Policy } from './core/policy.ts';
import type { TeamInterests } from './core/teams.ts';
import type { Environment } from './invocation.ts';
import type { Settings } from './settings.ts';
import { openLedger } from './sinks/ledger/ledger.ts';
import { type DynamoLoader, dynamoLoader } from './sinks/ledger/port.ts';
import { logSink } from './sinks/log.ts';
import type { Logger } from './sinks/logger.ts';
import type { SnsLoader } from './sinks/publisher.ts';
import { type SqsLoader, sqsLoader } from './sinks/sqs.ts';
import { topicsOf } from './sinks/topic-message.ts';
import { topicsSink } from './sinks/topics.ts';
import { type S3Loader, s3Loader } from './sources/objects/s3.ts';

/** What the alert function is made of besides its code. */
export interface AlertParts {
  readonly settings: Settings;
  readonly policy: Policy;
  readonly teams: readonly TeamInterests[];
  readonly logger: Logger;
  readonly loadSns: SnsLoader;
  /** Asked only where the settings name a table. @default the SDK's client, loaded when needed */
  readonly loadDynamo?: DynamoLoader;
  /** How many times as long as in a function the ledger is waited for. @default 1 */
  readonly patience?: number;
  /** Asked only where the settings name a queue. @default the SDK's client, loaded when needed */
  readonly loadSqs?: SqsLoader;
  /** Asked only for events that name objects. @default the SDK's client, loaded when needed */
  readonly loadS3?: S3Loader;
  readonly now: () => Date;
}

/** Wires the alert function: records to the log, findings to every topic that the settings name. */
export function alertEnvironment(parts: AlertParts): Environment {
  const { settings, policy, teams, logger, loadSns, now } = parts;
  const { loadDynamo = dynamoLoader(), loadSqs = sqsLoader(), loadS3 = s3Loader(), patience } = parts;
  const { includeRecord, messagesPerMinute, functionName, ledgerTable, undeliveredQueueUrl } = settings;
  const topics = topicsOf(settings.topics);
  const queue =
    undeliveredQueueUrl === undefined ? undefined : { load: loadSqs, queueUrl: undeliveredQueueUrl, functionName, now };
  const publishing = { load: loadSns, topics, policy, teams, includeRecord, messagesPerMinute, queue, now };
  return {
    settings,
    policy,
    logger,
    loadSns,
    loadS3,
    now,
    openLedger(owner, deadline) {
      if (ledgerTable === undefined) return undefined;
      const { stormWindowMinutes: windowMinutes } = settings;
      return openLedger({ load: loadDynamo, table: ledgerTable, now, windowMinutes, patience }, owner, deadline);
    },
    openSinks: (ledger) => [logSink(logger, policy.policyVersion), topicsSink({ ...publishing, ledger })],
  };
}
