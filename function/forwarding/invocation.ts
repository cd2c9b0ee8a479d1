import { neutralise } from '../core/neutral.ts';
import { eventIdOf, type SourceRecord } from '../core/record.ts';
import type { ForwardSettings } from '../forward-settings.ts';
import type { KinesisLoader } from '../sinks/kinesis.ts';
import { putAll } from '../sinks/kinesis-stream.ts';
import type { Logger } from '../sinks/logger.ts';
import { metricsLine } from '../sinks/metrics.ts';
import type { Deadline } from '../sinks/sink.ts';
import { UnsupportedEventError } from '../sources/decode-error.ts';
import {
  eventBridgeObject,
  queueNotification,
  s3Notification,
  topicNotification,
} from '../sources/objects/object-sources.ts';
import type { S3Loader } from '../sources/objects/s3.ts';
import type { Delivery, Missing, Unread } from '../sources/source.ts';
import { entriesOf, type Left } from './entries.ts';
import { UnforwardedError } from './forward-error.ts';
import { countPut, countRecord, type ForwardTally, forwardFiguresOf, newForwardTally } from './tally.ts';

/** Every event shape the forward function takes: news of objects. */
const SOURCES = [topicNotification, s3Notification, queueNotification, eventBridgeObject] as const;

/** Unreadable records of one object that are named in the log; the metric counts them all. */
const MAX_NAMED = 100;

/** What an invocation needs; built once per process by the composition root. */
export interface ForwardEnvironment {
  readonly settings: ForwardSettings;
  readonly logger: Logger;
  readonly loadS3: S3Loader;
  readonly loadKinesis: KinesisLoader;
  readonly now: () => Date;
}

/** What became of an event that did not fail. */
export interface ForwardOutcome {
  /** By metric name. */
  readonly figures: Record<string, number>;
  /** Items of a batch to be tried again, by their owner's names; undefined for events that are no batch. */
  readonly failedItems: readonly string[] | undefined;
}

/**
 * Forwards the records of every object an event names, one object after the other, and emits one metrics line whatever
 * happens. An object that fails costs its neighbours nothing.
 * @throws {UnsupportedEventError} for an event that names no objects
 * @throws {UnforwardedError} when an event is no batch and the stream did not take all of an object
 * @throws {ObjectError} when it names an object that could not be fetched
 * @throws {DecodeError} when a message or an object of it cannot be decoded
 */
export async function runForward(
  environment: ForwardEnvironment,
  event: unknown,
  deadline: Deadline,
): Promise<ForwardOutcome> {
  const { settings, logger, loadS3, now } = environment;
  const tally = newForwardTally();
  const failedItems = new Set<string>();
  let failure: Error | undefined;
  let isBatch: boolean;
  try {
    const source = SOURCES.find((candidate) => candidate.accepts(event));
    if (source === undefined) throw new UnsupportedEventError(SOURCES.map(({ name }) => name));
    isBatch = source.isBatch;
    const objects = { load: loadS3, remaining: () => deadline.remaining() };
    for await (const unit of source.open(event, { objects })) {
      const error = await forwardUnit(environment, unit, tally, deadline);
      if (error === undefined) continue;
      tally.deliveriesFailed++;
      if (unit.item === undefined) failure ??= error;
      else failedItems.add(unit.item);
    }
  } catch (error) {
    tally.deliveriesFailed++;
    throw error;
  } finally {
    logger.info(metricsLine(settings.functionName, forwardFiguresOf(tally, now()), {}, now()));
  }
  if (failure !== undefined) throw failure;
  return { figures: forwardFiguresOf(tally, now()), failedItems: isBatch ? [...failedItems] : undefined };
}

/** @returns why the unit must be tried again */
async function forwardUnit(
  environment: ForwardEnvironment,
  unit: Delivery | Unread | Missing,
  tally: ForwardTally,
  deadline: Deadline,
): Promise<Error | undefined> {
  if (unit.kind === 'unread' || unit.kind === 'missing') {
    const { code, path } = unit.error;
    const why = 'problem' in unit.error ? { problem: unit.error.problem } : { errorCode: unit.error.errorCode };
    const line = { code, ...why, path, ...itemOf(unit.item) };
    if (unit.kind === 'unread') {
      environment.logger.error(line);
      return unit.error;
    }
    tally.objects.missing++;
    environment.logger.warn(line);
    return undefined;
  }
  if (unit.kind === 'control') tally.controlMessages++;
  if (unit.kind === 'unknown') tally.unknownMessages++;
  if (unit.kind === 'skipped') tally.objects.skipped++;
  if (unit.kind === 'data') return forwardObject(environment, unit, tally, deadline);
  return undefined;
}

async function forwardObject(
  { settings, logger, loadKinesis }: ForwardEnvironment,
  { records, item }: Delivery,
  tally: ForwardTally,
  deadline: Deadline,
): Promise<UnforwardedError | undefined> {
  const before = { ...tally };
  let first: SourceRecord | undefined;
  function* noted() {
    for (const source of records) {
      first ??= source;
      yield source;
    }
  }
  const entries = entriesOf(noted(), settings, {
    onRecord: (eventTime) => countRecord(tally, eventTime),
    onLeft(left) {
      tally[left.why]++;
      if (left.why === 'oversized' || tally.unreadable - before.unreadable <= MAX_NAMED) logger.error(lineOf(left));
    },
  });
  const inOrder = settings.partitionBy === 'account';
  const put = await putAll({ ...settings.stream, load: loadKinesis, inOrder }, entries, deadline);
  countPut(tally, put);
  if (put.errorCode === undefined) {
    tally.objects.read++;
    return undefined;
  }
  const left = tally.oversized + tally.unreadable - before.oversized - before.unreadable;
  const unshipped = tally.received - before.received - put.shipped - left;
  tally.unshipped += unshipped;
  const position = first?.position ?? '';
  const error = new UnforwardedError(position, unshipped, put.errorCode);
  logger.error({ code: error.code, errorCode: error.errorCode, unshipped, position, ...itemOf(item) });
  return error;
}

/** Names the record and where it is; never shows it. */
function lineOf(left: Left): object {
  const { position, read } = left.source;
  const id = read.record && eventIdOf(read.record);
  const named = { position, ...(id !== undefined && { eventID: neutralise(id, 128) }) };
  return left.why === 'oversized'
    ? { code: 'oversized_record', bytes: left.bytes, ...named }
    : { code: 'unreadable_record', why: left.reason, ...named };
}

function itemOf(item: string | undefined): object {
  return item === undefined ? {} : { item: neutralise(item, 128) };
}
