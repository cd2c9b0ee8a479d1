import { countByte, isBlank, Lines, startsWithRecordLine, withoutMark } from './byte-lines.ts';
import { InputError } from './input-error.ts';

/** A part of an input that can be read by itself. */
export type Piece =
  /** All there is, as one text that may be anything. */
  | { readonly kind: 'whole'; readonly bytes: Uint8Array }
  /** Complete lines; `firstLine` is the number of the first, from 1. */
  | { readonly kind: 'lines'; readonly bytes: Uint8Array; readonly firstLine: number }
  /** A line of more than {@link MAX_LINE_BYTES}, which is not read. */
  | { readonly kind: 'long line'; readonly line: number };

/** Most bytes of one line: CloudTrail's largest log file has 50 MB, and a line can be one. */
export const MAX_LINE_BYTES = 64 * 1024 * 1024;

/** Bytes of a text that is not in lines of records: a JavaScript string holds no more. */
const MAX_WHOLE_BYTES = 480 * 1024 * 1024;

/** Bytes of the lines that are given together. */
const BLOCK_BYTES = 1024 * 1024;

/** From so many bytes on, lines may be told by more than the first of them. */
const LONG = 64 * 1024 * 1024;

/**
 * Cuts unpacked bytes into pieces. What is in lines, the first of them a record, is never in memory as a whole; anything
 * else comes in one piece.
 * @throws {InputError} for one over 480 MB
 */
export async function* piecesOf(chunks: AsyncIterable<Uint8Array>, input: string): AsyncGenerator<Piece> {
  let held: Uint8Array[] = [];
  let bytes = 0;
  let lines: LineCutter | undefined;
  let looked = 0;
  for await (const chunk of chunks) {
    if (lines !== undefined) {
      yield* lines.take(chunk);
      continue;
    }
    held.push(chunk);
    bytes += chunk.length;
    if (bytes > MAX_WHOLE_BYTES) throw new InputError(input, `over ${MAX_WHOLE_BYTES} bytes in one text: split it`);
    // Looked at each time there is twice as much: a first line may be long.
    if (bytes < looked * 2) continue;
    looked = bytes;
    const start = Buffer.concat(held);
    held = [start];
    if (!isInLines(start)) continue;
    lines = new LineCutter();
    held = [];
    yield* lines.take(withoutMark(start));
  }
  if (lines !== undefined) yield* lines.end();
  else {
    const whole = withoutMark(Buffer.concat(held));
    yield startsWithRecordLine(whole) ? { kind: 'lines', bytes: whole, firstLine: 1 } : { kind: 'whole', bytes: whole };
  }
}

/** The one piece of bytes that are all at hand. */
export function pieceOf(bytes: Uint8Array): Piece {
  const whole = withoutMark(bytes);
  return startsWithRecordLine(whole) ? { kind: 'lines', bytes: whole, firstLine: 1 } : { kind: 'whole', bytes: whole };
}

function isInLines(start: Uint8Array): boolean {
  const text = withoutMark(start);
  if (startsWithRecordLine(text)) return true;
  // A broken first line makes no other file of a large one; two lines that are records are in no indented JSON.
  return start.length >= LONG && new Lines(text).records(2) === 2;
}

/** Cuts a stream at line ends. */
class LineCutter {
  #held: Uint8Array[] = [];
  #bytes = 0;
  #line = 1;
  #skipping = false;

  *take(chunk: Uint8Array): Generator<Piece> {
    let rest = chunk;
    if (this.#skipping) {
      const end = rest.indexOf(0x0a);
      if (end === -1) return;
      this.#skipping = false;
      this.#line++;
      rest = rest.subarray(end + 1);
    }
    this.#held.push(rest);
    this.#bytes += rest.length;
    if (this.#bytes < BLOCK_BYTES) return;
    const all = this.#all();
    const end = all.lastIndexOf(0x0a) + 1;
    // A copy, made before: the block may go to another thread, and its memory with it.
    this.#keep(Uint8Array.from(all.subarray(end)));
    if (end > 0) yield this.#block(all.subarray(0, end));
    if (this.#bytes <= MAX_LINE_BYTES) return;
    yield { kind: 'long line', line: this.#line };
    this.#skipping = true;
    this.#keep(new Uint8Array(0));
  }

  *end(): Generator<Piece> {
    const all = this.#all();
    if (!isBlank(all)) yield this.#block(all);
  }

  #all(): Buffer {
    return Buffer.concat(this.#held, this.#bytes);
  }

  #keep(rest: Uint8Array): void {
    this.#held = rest.length === 0 ? [] : [rest];
    this.#bytes = rest.length;
  }

  #block(bytes: Uint8Array): Piece {
    const firstLine = this.#line;
    this.#line += countByte(bytes, 0x0a);
    return { kind: 'lines', bytes, firstLine };
  }
}
