import { timeOf } from '../core/record.ts';
import type { Requests } from '../sinks/batch-delivery.ts';

/**
 * Figures of one event. The balance, for records: `received = delivered + repeated + deadLettered + left`; `left` ones are
 * tried again with the message they came in.
 */
export interface IndexTally {
  received: number;
  delivered: number;
  repeated: number;
  deadLettered: number;
  left: number;
  objectsRead: number;
  objectsMissing: number;
  objectsSkipped: number;
  /** Objects and payloads that could not be read: dead letters, or tried again. */
  deliveriesFailed: number;
  controlMessages: number;
  unknownMessages: number;
  /** The earliest eventTime that is one; ISO 8601 in UTC sorts as text. */
  oldest: string | undefined;
}

/** A tally of nothing. */
export function newIndexTally(): IndexTally {
  return {
    received: 0,
    delivered: 0,
    repeated: 0,
    deadLettered: 0,
    left: 0,
    objectsRead: 0,
    objectsMissing: 0,
    objectsSkipped: 0,
    deliveriesFailed: 0,
    controlMessages: 0,
    unknownMessages: 0,
    oldest: undefined,
  };
}

/** Notes when a record is of. */
export function countTime(tally: IndexTally, eventTime: string | undefined): void {
  if (eventTime === undefined || (tally.oldest !== undefined && eventTime >= tally.oldest)) return;
  if (timeOf(eventTime) !== undefined) tally.oldest = eventTime;
}

/** Every figure by its metric name; `oldestRecordAge`, in seconds, where a record had a time. */
export function indexFigures({ oldest, ...tally }: IndexTally, requests: Requests, now: Date): Record<string, number> {
  const figures: Record<string, number> = { ...tally, requests: requests.sent, requestsRetried: requests.retried };
  const time = timeOf(oldest);
  if (time) figures['oldestRecordAge'] = Math.max(0, Math.round((now.getTime() - time.getTime()) / 1000));
  return figures;
}
