import { Heap } from './heap.ts';
import { SpillFile } from './spill-file.ts';

/** Where something stands in the inputs: the number of the part, and of the record in it. */
export interface Placed {
  /** Milliseconds; {@link NO_TIME} comes before all. */
  readonly time: number;
  readonly unit: number;
  readonly index: number;
}

/** The time of what tells none. */
export const NO_TIME = Number.MIN_SAFE_INTEGER;

/** In order of time; of one time, in order of the inputs. */
export function byTime(a: Placed, b: Placed): number {
  return a.time - b.time || a.unit - b.unit || a.index - b.index;
}

/** Items in order, as lines of JSON at a place of a file. */
export interface Run {
  readonly from: number;
  readonly to: number;
}

/** Items that are put in order together, and their characters. */
const MOST = { items: 32_768, characters: 8 * 1024 * 1024 } as const;

/** Lines that are written together. */
const TOGETHER = 256;

/** Writes items of any order as runs, each in order. */
export class RunWriter<T extends Placed> {
  readonly #file: SpillFile;
  readonly #runs: Run[] = [];
  #waiting: { readonly item: T; readonly line: string }[] = [];
  #characters = 0;
  readonly #lineOf: (item: T) => string;

  /** @param lineOf writes an item, without a line feed */
  constructor(file: SpillFile, lineOf: (item: T) => string = JSON.stringify) {
    this.#file = file;
    this.#lineOf = lineOf;
  }

  /** Takes the next item: plain data. */
  add(item: T): void {
    const line = this.#lineOf(item);
    this.#waiting.push({ item, line });
    this.#characters += line.length;
    if (this.#waiting.length >= MOST.items || this.#characters >= MOST.characters) this.#write();
  }

  /** The runs, all written. */
  finish(): readonly Run[] {
    this.#write();
    this.#file.flush();
    return this.#runs;
  }

  #write(): void {
    if (this.#waiting.length === 0) return;
    const from = this.#file.end;
    this.#waiting.sort((a, b) => byTime(a.item, b.item));
    for (let at = 0; at < this.#waiting.length; at += TOGETHER) {
      const lines = this.#waiting.slice(at, at + TOGETHER).map(({ line }) => line);
      this.#file.append(Buffer.from(`${lines.join('\n')}\n`));
    }
    this.#runs.push({ from, to: this.#file.end });
    this.#waiting = [];
    this.#characters = 0;
  }
}

/** Runs of one file. */
export interface RunsOf {
  readonly descriptor: number;
  readonly runs: readonly Run[];
}

/** All items of many runs, in order. @param read makes an item of what was written; the file tells which */
export function* merged<T extends Placed>(
  files: readonly RunsOf[],
  read: (line: string, file: number) => T,
): Generator<T> {
  const heads = new Heap<{ item: T; readonly rest: Iterator<T> }>((a, b) => byTime(a.item, b.item));
  for (const [number, { descriptor, runs }] of files.entries()) {
    for (const run of runs) {
      const rest = itemsOf(new SpillFile(descriptor), run, (line) => read(line, number));
      const { value, done } = rest.next();
      if (!done) heads.push({ item: value, rest });
    }
  }
  for (let head = heads.peek(); head !== undefined; head = heads.peek()) {
    yield head.item;
    const { value, done } = head.rest.next();
    if (done) heads.pop();
    else heads.replace({ item: value, rest: head.rest });
  }
}

/** Bytes read of one run at a time. */
const READ_BYTES = 64 * 1024;

function* itemsOf<T>(file: SpillFile, { from, to }: Run, read: (line: string) => T): Generator<T, undefined> {
  let held: Buffer = Buffer.alloc(0);
  for (let at = from; at < to; ) {
    const chunk = file.read(at, Math.min(READ_BYTES, to - at));
    at += chunk.length;
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    let start = 0;
    for (let end = held.indexOf(0x0a); end !== -1; end = held.indexOf(0x0a, start)) {
      yield read(held.toString('utf8', start, end));
      start = end + 1;
    }
    held = held.subarray(start);
  }
  return undefined;
}
