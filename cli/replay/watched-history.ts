import type { ReadRecord } from '../../function/core/record.ts';
import type { InputRecord } from '../input/value-records.ts';
import { readPayload, writePayload } from './payloads.ts';
import type { SpillFile } from './spill-file.ts';
import type { Call } from './touched-calls.ts';

/** Most records that are watched: what is known of each in memory takes some 30 bytes. */
export const MAX_WATCHED = 2_000_000;

interface Watched extends Call {
  /** Where each record's text begins, and how long it is: pairs. */
  readonly places: number[];
}

/** The records of a history, unpacked on disk, found by their calls. */
export class WatchedHistory {
  /** Records there are. */
  records = 0;
  /** Records that were left out because there were too many. */
  left = 0;
  readonly #file: SpillFile;
  readonly #calls = new Map<string, Watched>();

  constructor(file: SpillFile) {
    this.#file = file;
  }

  /** Adds the next record. */
  add(source: InputRecord): void {
    const { read } = source;
    if ('unreadable' in read) return;
    if (this.records >= MAX_WATCHED) {
      this.left++;
      return;
    }
    this.records++;
    this.#callOf(read).places.push(...writePayload(this.#file, source));
  }

  /** Everything that was added is to be found from here on. */
  flush(): void {
    this.#file.flush();
  }

  /** The calls there are. */
  calls(): readonly Call[] {
    return [...this.#calls.values()];
  }

  /** The records of these calls, of {@link calls}, in the order in which they came. */
  *of(calls: ReadonlySet<Call>): Generator<InputRecord> {
    const places: [number, number][] = [];
    for (const call of this.#calls.values()) {
      if (!calls.has(call)) continue;
      for (let at = 0; at < call.places.length; at += 2) places.push([call.places[at] ?? 0, call.places[at + 1] ?? 0]);
    }
    places.sort(([a], [b]) => a - b);
    for (const place of places) yield readPayload(this.#file, place);
  }

  #callOf({ kind, eventSource, eventName }: ReadRecord): Watched {
    const name = JSON.stringify([kind, eventSource, eventName]);
    const call = this.#calls.get(name) ?? { kind, eventSource, eventName, places: [] };
    this.#calls.set(name, call);
    return call;
  }
}
