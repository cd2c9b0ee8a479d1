import { isObject, readMessage, type SourceRecord } from '../core/record.ts';

/** Characters of an event whose values may wait as they are: some 20 MB of memory at most. */
const MAX_KEPT = 1_000_000;

/** What the records of one event keep of what was read; `{ characters: 0 }` to begin with. */
export interface Kept {
  characters: number;
  /** The record that was read last. */
  latest?: SourceRecord;
  latestRead?: SourceRecord['read'];
}

/** Yields the record of each log event at `path`, in order. */
export function* readLogEvents(logEvents: readonly unknown[], path: string, kept: Kept): Generator<SourceRecord> {
  for (let index = 0; index < logEvents.length; index++) yield new LogEvent(logEvents[index], path, index, kept);
}

class LogEvent implements SourceRecord {
  readonly raw: unknown;
  readonly #path: string;
  readonly #index: number;
  readonly #kept: Kept;
  #read: SourceRecord['read'] | undefined;

  constructor(logEvent: unknown, path: string, index: number, kept: Kept) {
    this.raw = isObject(logEvent) ? logEvent['message'] : undefined;
    this.#path = path;
    this.#index = index;
    this.#kept = kept;
  }

  // A value can take twenty times the memory of its text (`{},{},…`), so most of those that wait are kept as text.
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

  // Spelled out only for the few that are rejected.
  get position(): string {
    return `${this.#path}.logEvents[${this.#index}].message`;
  }
}
