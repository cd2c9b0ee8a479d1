import { classify } from './core/classify.ts';
import { TrailbellError } from './core/errors.ts';
import { neutralise } from './core/neutral.ts';
import type { Policy } from './core/policy.ts';
import type { Settings } from './settings.ts';
import type { Logger } from './sinks/logger.ts';
import { metricsLine } from './sinks/metrics.ts';
import { MAX_NAMED, noticeRejected, type RejectedRecord } from './sinks/notices.ts';
import type { SnsLoader } from './sinks/publisher.ts';
import type { Classified, Deadline, Sink, TopicTally, Undelivered } from './sinks/sink.ts';
import { sourceOf } from './sources/index.ts';
import type { Delivery } from './sources/source.ts';
import { count, figuresOf, newTally, type Tally } from './tally.ts';

/** What an invocation needs; built once per process by the composition root. */
export interface Environment {
  readonly settings: Settings;
  readonly policy: Policy;
  readonly logger: Logger;
  readonly loadSns: SnsLoader;
  readonly now: () => Date;
  /** Sinks for one invocation. */
  readonly openSinks: () => readonly Sink[];
}

/** Most undelivered findings one message names: Lambda takes no longer answers than 6 MB. The log names every one. */
const MAX_UNDELIVERED_NAMED = 1_000;

/**
 * Thrown when findings were refused for good, so that the runtime tries the event again; `undelivered` holds every one.
 */
export class UndeliveredError extends TrailbellError {
  override readonly name = 'UndeliveredError';
  readonly undelivered: readonly Undelivered[];

  constructor(undelivered: readonly Undelivered[]) {
    const named = undelivered
      .slice(0, MAX_UNDELIVERED_NAMED)
      .map(({ topic, eventID, errorCode }) => `${neutralise(eventID, 128)} to ${topic} (${errorCode})`);
    if (undelivered.length > named.length) named.push(`and ${undelivered.length - named.length} more`);
    super('undelivered_findings', `${undelivered.length} finding(s) not delivered: ${named.join(', ')}`);
    this.undelivered = undelivered;
  }
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
 * @throws {DecodeError} when an event that is no batch cannot be decoded
 * @throws {UndeliveredError} when findings were refused for good
 */
export async function runInvocation(
  environment: Environment,
  event: unknown,
  deadline: Deadline,
): Promise<InvocationOutcome> {
  const tally = newTally();
  let topics: readonly TopicTally[] = [];
  let drained: Drained;
  try {
    const sinks = environment.openSinks();
    drained = drain(environment, event, sinks, tally);
    environment.logger.flush();
    topics = (await Promise.all(sinks.map((sink) => sink.settle(deadline)))).flat();
    await giveNotice(environment, drained.rejected, tally, deadline);
  } finally {
    emitMetrics(environment, tally, topics);
  }
  const undelivered = topics.flatMap((topic) => topic.undelivered);
  for (const { topic, eventID, errorCode } of undelivered) {
    environment.logger.error({ code: 'finding_not_delivered', topic, eventID: neutralise(eventID, 128), errorCode });
  }
  if (undelivered.length > 0) throw new UndeliveredError(undelivered);
  return { figures: figuresOf(tally, topics), failedItems: drained.failedItems };
}

interface Drained {
  /** The first ones; the tally counts them all. */
  readonly rejected: readonly RejectedRecord[];
  readonly failedItems: readonly string[] | undefined;
}

function drain(environment: Environment, event: unknown, sinks: readonly Sink[], tally: Tally): Drained {
  const rejected: RejectedRecord[] = [];
  const failedItems: string[] = [];
  try {
    const source = sourceOf(event);
    for (const delivery of source.open(event, environment.settings)) {
      if (delivery.kind === 'undecodable') {
        const { item, error } = delivery;
        tally.deliveriesFailed++;
        failedItems.push(item);
        environment.logger.error({
          code: error.code,
          problem: error.problem,
          path: error.path,
          item: neutralise(item, 128),
        });
      } else {
        drainDelivery(environment.policy, delivery, sinks, tally, rejected);
      }
    }
    return { rejected, failedItems: source.isBatch ? failedItems : undefined };
  } catch (error) {
    tally.deliveriesFailed++;
    throw error;
  }
}

function drainDelivery(
  policy: Policy,
  { kind, place, records }: Delivery,
  sinks: readonly Sink[],
  tally: Tally,
  rejected: RejectedRecord[],
): void {
  if (kind === 'control') tally.controlMessages++;
  if (kind === 'unknown') tally.unknownMessages++;
  for (const source of records) {
    const verdict = classify(policy, source.read);
    const classified: Classified = { source, verdict, place };
    count(tally, classified);
    if (verdict.action === 'reject' && rejected.length < MAX_NAMED) {
      rejected.push({ position: source.position, why: verdict.why });
    }
    if (verdict.action !== 'ignore' && verdict.action !== 'quiet') for (const sink of sinks) sink.accept(classified);
  }
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
): void {
  const time = now();
  const oldest = Date.parse(tally.oldest ?? '');
  const figures = figuresOf(tally, topics);
  if (!Number.isNaN(oldest)) figures['oldestRecordAge'] = Math.max(0, Math.round((time.getTime() - oldest) / 1000));
  logger.info(metricsLine(settings.functionName, figures, { policyVersion: policy.policyVersion }, time));
}
