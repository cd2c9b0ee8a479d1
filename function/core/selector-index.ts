import type { CloudTrailRecord, ReadRecord } from './record.ts';
import type { CompiledSelector, Test } from './selector.ts';

/** Anything that applies to the records a selector selects. */
export interface Selecting {
  readonly selector: CompiledSelector;
}

/** An entry with its test at hand. */
export interface Candidate<T> {
  readonly entry: T;
  readonly test: Test;
}

/** Entries in file order, asked which of them select a record. */
export class SelectorIndex<T extends Selecting> {
  /** In file order. */
  readonly entries: readonly T[];

  constructor(entries: readonly T[]) {
    this.entries = entries;
  }

  /** The entries whose names admit the record, whatever its other fields say: the same for all records of one call. */
  candidates(read: ReadRecord): readonly Candidate<T>[] {
    return this.entries.filter((entry) => admits(entry, read)).map(candidateOf);
  }

  /** The first entry that selects the record. */
  first(read: ReadRecord): T | undefined {
    return this.entries.find((entry) => admits(entry, read) && entry.selector.rest()(read.record));
  }

  /** Every entry that selects the record, in file order. */
  all(read: ReadRecord): readonly T[] {
    return selectedOf(this.candidates(read), read.record);
  }
}

/** The candidates whose other parts select the record, too; most records have none, and cost no list. */
export function selectedOf<T>(candidates: readonly Candidate<T>[], record: CloudTrailRecord): readonly T[] {
  let selected: T[] | undefined;
  for (let index = 0; index < candidates.length; index++) {
    const { entry, test } = candidates[index]!;
    if (!test(record)) continue;
    if (selected === undefined) selected = [entry];
    else selected.push(entry);
  }
  return selected ?? NONE;
}

const NONE: readonly never[] = [];

/** An entry, made ready to be asked. */
export function candidateOf<T extends Selecting>(entry: T): Candidate<T> {
  return { entry, test: entry.selector.rest() };
}

/** True when the names of an entry admit the record, whatever its other fields say. */
export function admits({ selector }: Selecting, { kind, eventSource, eventName }: ReadRecord): boolean {
  // Only single calls have names of their own; a summary of calls is reached by conditions alone.
  if (kind !== 'event') return selector.eventSource === undefined && selector.namesNothing;
  return (
    (selector.eventSource === undefined || selector.eventSource === eventSource) &&
    selector.matchesName(eventName ?? '') &&
    selector.mayMatchCall(eventSource ?? '', eventName ?? '')
  );
}
