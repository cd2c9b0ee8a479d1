/** How often something came up: in how many records, and in how many of those that would have been published. */
export interface Ranked<T> {
  readonly of: T;
  records: number;
  published: number;
}

/** Most names kept at once: enough for every name of an honest trail, and some tens of megabytes of hostile ones. */
const CAPACITY = 20_000;

/** The state of a ranking as plain data, to go from one thread to another. */
export interface RankingParts<T> {
  readonly isComplete: boolean;
  readonly entries: ReadonlyMap<string, Ranked<T>>;
}

/**
 * Counts by name in bounded memory. Where more names than `capacity` come up, the rarer half is forgotten and
 * `isComplete` turns false: what is left is counted too low at most, and by less than the names forgotten had.
 */
export class Ranking<T> {
  isComplete = true;
  readonly #capacity: number;
  #entries = new Map<string, Ranked<T>>();
  #lastName = '';
  #last: Ranked<T> | undefined;

  constructor(capacity = CAPACITY) {
    this.#capacity = capacity;
  }

  /**
   * Counts one record under `name`, or with `by` -1 takes it back. `of` is asked for once a name. @returns the name's entry
   */
  count(name: string, isPublished: boolean, of: () => T, by = 1): Ranked<T> {
    return bump(this.at(name) ?? this.add(name, of()), isPublished, by);
  }

  /** The entry of a name, if there is one. */
  at(name: string): Ranked<T> | undefined {
    // Neighbours are often of one name, and to compare is quicker than to look up.
    if (this.#last !== undefined && name === this.#lastName) return this.#last;
    this.#last = this.#entries.get(name);
    this.#lastName = name;
    return this.#last;
  }

  /** Adds a name that is not there. */
  add(name: string, of: T): Ranked<T> {
    return this.#add(name, { of, records: 0, published: 0 });
  }

  /** Adds what another counted. */
  absorb({ isComplete, entries }: RankingParts<T>): void {
    this.isComplete &&= isComplete;
    for (const [name, { of, records, published }] of entries) {
      const entry = this.#entries.get(name) ?? this.#add(name, { of, records: 0, published: 0 });
      entry.records += records;
      entry.published += published;
    }
  }

  /** The state so far. */
  parts(): RankingParts<T> {
    return { isComplete: this.isComplete, entries: this.#entries };
  }

  /** The entries with most published records first, then with most records, then by name; at most `limit` of them. */
  top(limit = this.#capacity): readonly Ranked<T>[] {
    return this.#sorted()
      .slice(0, limit)
      .map(([, entry]) => entry);
  }

  #add(name: string, entry: Ranked<T>): Ranked<T> {
    if (this.#entries.size >= this.#capacity) {
      this.isComplete = false;
      this.#last = undefined;
      this.#entries = new Map(this.#sorted().slice(0, Math.floor(this.#capacity / 2)));
    }
    this.#entries.set(name, entry);
    return entry;
  }

  #sorted(): [string, Ranked<T>][] {
    const entries = [...this.#entries].filter(([, { records }]) => records > 0);
    return entries.sort(
      ([nameA, a], [nameB, b]) => b.published - a.published || b.records - a.records || (nameA < nameB ? -1 : 1),
    );
  }
}

/** Counts a record into an entry. */
export function bump<T>(entry: Ranked<T>, isPublished: boolean, by: number): Ranked<T> {
  entry.records += by;
  if (isPublished) entry.published += by;
  return entry;
}
