import { randomUUID } from 'node:crypto';
import { neutralise } from './core/neutral.ts';
import type { Policy } from './core/policy.ts';
import { type Drained, drain, drainCounted } from './draining.ts';
import { OutOfTimeError, UndeliveredError } from './fate-errors.ts';
import type { Settings } from './settings.ts';
import type { Ledger } from './sinks/ledger/ledger.ts';
import type { Logger } from './sinks/logger.ts';
import { metricsLine } from './sinks/metrics.ts';
import { noticeRejected, type RejectedRecord } from './sinks/notices.ts';
import type { SnsLoader } from './sinks/publisher.ts';
import type { Deadline, Sink, TopicTally } from './sinks/sink.ts';
import type { S3Loader } from './sources/objects/s3.ts';
import { figuresOf, newTally, type Tally } from './tally.ts';

/** What an invocation needs; built once per process by the composition root. */
export interface Environment {
  readonly settings: Settings;
  readonly policy: Policy;
  readonly logger: Logger;
  readonly loadSns: SnsLoader;
  readonly loadS3: S3Loader;
  readonly now: () => Date;
  /** The ledger for one invocation, of this owner; undefined where none is set up. */
  readonly openLedger: (owner: string, deadline: Deadline) => Ledger | undefined;
  /** Sinks for one invocation. */
  readonly openSinks: (ledger: Ledger | undefined) => readonly Sink[];
}

/** What became of an event that did not fail. */
export interface InvocationOutcome {
  /** By metric name. */
  readonly figures: Record<string, number>;
  /** Items of a batch to be tried again, by their owner's names; undefined for events that are no batch. */
  readonly failedItems: readonly string[] | undefined;
}

/**
 * Takes one event from its source to the sinks and emits one metrics line whatever happens.
 * @param owner the same for every try of an event, which may then send what an earlier one left. @default one of its own
 * @throws {DecodeError} when an event that is no batch cannot be decoded
 * @throws {UndeliveredError} when findings were refused for good and no queue took them
 * @throws {OutOfTimeError} when there was no time to read all of it
 * @throws {ObjectError} when an event that is no batch names an object that could not be fetched, after all else has its fate
 */
export async function runInvocation(
  environment: Environment,
  event: unknown,
  deadline: Deadline,
  owner: string = randomUUID(),
): Promise<InvocationOutcome> {
  const { logger } = environment;
  const tally = newTally();
  const ledger = environment.openLedger(owner, deadline);
  let topics: readonly TopicTally[] = [];
  let drained: Drained;
  try {
    const sinks = environment.openSinks(ledger);
    const draining = { ...environment, sinks, tally };
    drained = await drain(draining, event, deadline);
    logger.flush();
    if (drained.counted.length > 0) {
      await drainCounted(draining, drained.counted, ledger);
      logger.flush();
    }
    topics = (await Promise.all(sinks.map((sink) => sink.settle(deadline)))).flat();
    await giveNotice(environment, drained.rejected, tally, deadline);
  } finally {
    emitMetrics(environment, tally, topics, ledger);
  }
  const lost = topics.flatMap((topic) => topic.lost);
  for (const { topic, eventID, errorCode } of lost) {
    logger.error({ code: 'finding_not_delivered', topic, eventID: neutralise(eventID, 128), errorCode });
  }
  if (lost.length > 0) throw new UndeliveredError(lost);
  if (!drained.isWhole) throw new OutOfTimeError(tally.received);
  if (drained.failure !== undefined) throw drained.failure;
  return { figures: figuresOf(tally, topics, ledger?.failures ?? 0), failedItems: drained.failedItems };
}

async function giveNotice(
  { settings, loadSns, logger }: Environment,
  rejected: readonly RejectedRecord[],
  tally: Tally,
  deadline: Deadline,
): Promise<void> {
  if (rejected.length === 0) return;
  const { topics, functionName } = settings;
  const errorCode = await noticeRejected(
    loadSns,
    topics.operations,
    functionName,
    rejected,
    tally.actions.reject,
    deadline,
  );
  if (errorCode === undefined) return;
  // The rejected records are in the log and in the metrics; failing here would send every alert twice.
  tally.noticesFailed++;
  logger.error({ code: 'notice_not_delivered', errorCode });
}

function emitMetrics(
  { settings, policy, logger, now }: Environment,
  tally: Tally,
  topics: readonly TopicTally[],
  ledger: Ledger | undefined,
): void {
  const time = now();
  const oldest = Date.parse(tally.oldest ?? '');
  const figures = figuresOf(tally, topics, ledger?.failures ?? 0);
  if (ledger?.errorCode !== undefined) {
    const { failures, errorCode } = ledger;
    logger.warn({ code: 'ledger_not_available', failures, errorCode });
  }
  if (!Number.isNaN(oldest)) figures['oldestRecordAge'] = Math.max(0, Math.round((time.getTime() - oldest) / 1000));
  logger.info(metricsLine(settings.functionName, figures, { policyVersion: policy.policyVersion }, time));
}
