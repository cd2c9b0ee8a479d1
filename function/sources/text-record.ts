import { readMessage, type SourceRecord } from '../core/record.ts';

/** Characters of an event whose values may wait as they are: some 20 MB of memory at most. */
const MAX_KEPT = 1_000_000;

/** What the records of one event keep of what was read; `{ characters: 0 }` to begin with. */
export interface Kept {
  characters: number;
  /** The record that was read last. */
  latest?: TextRecord;
  latestRead?: SourceRecord['read'];
}

/**
 * A record that came as text. A value can take twenty times the memory of its text (`{},{},…`), so beyond the first million
 * characters of an event only the text waits, and what was read is kept of the last record alone. Its position,
 * `before[index]after`, is spelled out for the few that are rejected.
 */
export class TextRecord implements SourceRecord {
  readonly raw: unknown;
  readonly #before: string;
  readonly #index: number;
  readonly #after: string;
  readonly #kept: Kept;
  #read: SourceRecord['read'] | undefined;

  constructor(raw: unknown, before: string, index: number, after: string, kept: Kept) {
    this.raw = raw;
    this.#before = before;
    this.#index = index;
    this.#after = after;
    this.#kept = kept;
  }

  get read(): SourceRecord['read'] {
    if (this.#read !== undefined) return this.#read;
    const kept = this.#kept;
    if (kept.latest === this && kept.latestRead !== undefined) return kept.latestRead;
    const read = typeof this.raw === 'string' ? readMessage(this.raw) : { unreadable: 'no string message' };
    kept.characters += typeof this.raw === 'string' ? this.raw.length : 0;
    if (kept.characters <= MAX_KEPT) {
      this.#read = read;
    } else {
      kept.latest = this;
      kept.latestRead = read;
    }
    return read;
  }

  get position(): string {
    return `${this.#before}[${this.#index}]${this.#after}`;
  }
}
