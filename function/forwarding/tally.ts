import { timeOf } from '../core/record.ts';
import type { Put } from '../sinks/kinesis-stream.ts';

/**
 * What one invocation did with what it received:
 * `received = shipped + oversized + unreadable + unshipped`.
 */
export interface ForwardTally {
  received: number;
  /** Confirmed by the stream. */
  shipped: number;
  /** Left in their objects: too large for a record of the stream. */
  oversized: number;
  /** Left in their objects: no JSON objects. */
  unreadable: number;
  /** Read, and not confirmed by the stream: the event is tried again. */
  unshipped: number;
  /** Records of the stream. */
  kinesisRecords: number;
  retried: number;
  possiblyRepeated: number;
  readonly objects: { read: number; missing: number; skipped: number };
  /** Messages and objects that failed, and are tried again. */
  deliveriesFailed: number;
  controlMessages: number;
  unknownMessages: number;
  /** `eventTime` of the oldest record whose time is one; ISO 8601 in UTC sorts as text. */
  oldest: string | undefined;
}

/** A tally of nothing yet. */
export function newForwardTally(): ForwardTally {
  return {
    received: 0,
    shipped: 0,
    oversized: 0,
    unreadable: 0,
    unshipped: 0,
    kinesisRecords: 0,
    retried: 0,
    possiblyRepeated: 0,
    objects: { read: 0, missing: 0, skipped: 0 },
    deliveriesFailed: 0,
    controlMessages: 0,
    unknownMessages: 0,
    oldest: undefined,
  };
}

/** Counts a record that was read. */
export function countRecord(tally: ForwardTally, eventTime: string | undefined): void {
  tally.received++;
  if (eventTime === undefined || (tally.oldest !== undefined && eventTime >= tally.oldest)) return;
  if (timeOf(eventTime) !== undefined) tally.oldest = eventTime;
}

/** Counts what became of entries. */
export function countPut(tally: ForwardTally, put: Put): void {
  tally.shipped += put.shipped;
  tally.kinesisRecords += put.entries;
  tally.retried += put.retried;
  tally.possiblyRepeated += put.possiblyRepeated;
}

/** The metric of shipped records, by the name it has in terraform-aws-cloudtrail-s3-to-kinesis. */
export const SHIPPED_METRIC = 'NumberOfCloudTrailRecordsShippedToKinesis';

/** Every figure of an invocation under its metric's name. */
export function forwardFiguresOf(tally: ForwardTally, now: Date): Record<string, number> {
  const { objects, oldest: eventTime, shipped, ...counts } = tally;
  const oldest = timeOf(eventTime);
  return {
    ...counts,
    [SHIPPED_METRIC]: shipped,
    objectsRead: objects.read,
    objectsMissing: objects.missing,
    objectsSkipped: objects.skipped,
    ...(oldest && { oldestRecordAge: Math.max(0, Math.round((now.getTime() - oldest.getTime()) / 1000)) }),
  };
}
