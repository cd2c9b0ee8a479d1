import type { ReadRecord } from './record.ts';
import { withoutApiVersion } from './record.ts';
import type { CompiledSelector } from './selector.ts';

/** Anything that applies to the records a selector selects. */
export interface Selecting {
  readonly selector: CompiledSelector;
}

interface Names<T> {
  /** For every exact name mentioned: all entries that may match it, with or without an API version, in file order. */
  readonly byName: ReadonlyMap<string, readonly T[]>;
  /** Entries that may match a name nobody mentions. */
  readonly others: readonly T[];
}

/** Finds the entries that select a record, in file order, without trying those whose names rule it out. */
export class SelectorIndex<T extends Selecting> {
  readonly #bySource = new Map<string, Names<T>>();
  readonly #general: Names<T>;

  constructor(entries: readonly T[]) {
    this.#general = byNames(entries.filter((entry) => entry.selector.eventSource === undefined));
    for (const { selector } of entries) {
      const source = selector.eventSource;
      if (source === undefined || this.#bySource.has(source)) continue;
      const candidates = entries.filter(
        (entry) => entry.selector.eventSource === source || entry.selector.eventSource === undefined,
      );
      this.#bySource.set(source, byNames(candidates));
    }
  }

  /** The first entry that selects the record. */
  first(read: ReadRecord): T | undefined {
    for (const entry of this.#candidates(read)) if (selects(entry, read)) return entry;
    return undefined;
  }

  /** Every entry that selects the record, in file order. */
  all(read: ReadRecord): readonly T[] {
    const candidates = this.#candidates(read);
    return candidates.length === 0 ? candidates : candidates.filter((entry) => selects(entry, read));
  }

  #candidates(read: ReadRecord): readonly T[] {
    const names = read.kind === 'event' ? this.#bySource.get(read.eventSource ?? '') : undefined;
    const { byName, others } = names ?? this.#general;
    if (byName.size === 0) return others;
    const name = read.eventName ?? '';
    return byName.get(name) ?? byName.get(withoutApiVersion(name) ?? '') ?? others;
  }
}

function selects({ selector }: Selecting, { record, kind, eventName }: ReadRecord): boolean {
  // Only single calls have names of their own; a summary of calls is reached by conditions alone.
  const isNamed =
    kind === 'event'
      ? selector.matchesName(eventName ?? '')
      : selector.exactNames === undefined && selector.eventSource === undefined && selector.matchesName('');
  return isNamed && selector.matchesRest(record);
}

/** Wildcards are kept for every name: they may match a versioned name and not the name without its version. */
function mayMatch({ selector }: Selecting, name: string): boolean {
  return selector.exactNames === undefined || selector.matchesName(name);
}

function byNames<T extends Selecting>(entries: readonly T[]): Names<T> {
  const names = new Set(entries.flatMap((entry) => [...(entry.selector.exactNames ?? [])]));
  const byName = new Map([...names].map((name) => [name, entries.filter((entry) => mayMatch(entry, name))] as const));
  return { byName, others: entries.filter((entry) => entry.selector.exactNames === undefined) };
}
