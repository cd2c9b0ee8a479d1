import type { CloudTrailRecord } from './record.ts';
import { type Candidate, type Selecting, selectedOf } from './selector-index.ts';

/** The detections that watch a call. Most records tell of no error, and what is about errors need not be asked of them. */
export interface Watching<T extends Selecting> {
  readonly all: readonly Candidate<T>[];
  /** Those that may select a record without an errorCode. */
  readonly withoutError: readonly Candidate<T>[];
}

/** The candidates of a call, made ready. */
export function watching<T extends Selecting>(all: readonly Candidate<T>[]): Watching<T> {
  return { all, withoutError: all.filter(({ entry }) => !entry.selector.needsErrorCode()) };
}

/** The detections that select a record of the call. */
export function matching<T extends Selecting>(
  { all, withoutError }: Watching<T>,
  record: CloudTrailRecord,
): readonly T[] {
  return selectedOf(record['errorCode'] === undefined ? withoutError : all, record);
}
