/** How often something came up: in how many records, and in how many of those that would have been published. */
export interface Ranked<T> {
  readonly of: T;
  records: number;
  published: number;
}

/** Most names kept at once: enough for every name of an honest trail, and few megabytes of hostile ones. */
const CAPACITY = 10_000;

/**
 * Counts by name in bounded memory. Where more names than `capacity` come up, the rarer half is forgotten and
 * `isComplete` turns false: what is left is counted too low at most, and by less than the names forgotten had.
 */
export class Ranking<T> {
  isComplete = true;
  readonly #capacity: number;
  #entries = new Map<string, Ranked<T>>();

  constructor(capacity = CAPACITY) {
    this.#capacity = capacity;
  }

  /** Counts one record under `name`. `of` is asked for once a name. @returns the name's entry */
  count(name: string, isPublished: boolean, of: () => T): Ranked<T> {
    const entry = this.#entries.get(name) ?? this.#add(name, { of: of(), records: 0, published: 0 });
    entry.records++;
    if (isPublished) entry.published++;
    return entry;
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
      this.#entries = new Map(this.#sorted().slice(0, Math.floor(this.#capacity / 2)));
    }
    this.#entries.set(name, entry);
    return entry;
  }

  #sorted(): [string, Ranked<T>][] {
    return [...this.#entries].sort(
      ([nameA, a], [nameB, b]) => b.published - a.published || b.records - a.records || (nameA < nameB ? -1 : 1),
    );
  }
}
