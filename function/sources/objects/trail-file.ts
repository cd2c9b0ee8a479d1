import type { SourceRecord } from '../../core/record.ts';
import { DecodeError } from '../decode-error.ts';
import { type Kept, TextRecord } from '../text-record.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const BYTE_ORDER_MARK = Buffer.from('\ufeff');

/**
 * The records of an unpacked CloudTrail file, `{"Records":[…]}`, each once and in order. The whole file is walked before
 * the first record is given, so that a damaged one gives none; each record is then read apart, so that a strange one costs
 * its neighbours nothing, and the file is never a value in memory as a whole.
 * @param path names the file, for messages and positions
 * @param kept shared by all files of an event; a file that is read alone has its own
 * @throws {DecodeError} `not_json` or `wrong_shape`
 */
export function openTrailFile(bytes: Buffer, path: string, kept: Kept = { characters: 0 }): Iterable<SourceRecord> {
  const walking = spansOf(bytes, path);
  while (walking.next().done !== true);
  return recordsOf(bytes, path, kept);
}

function* recordsOf(bytes: Buffer, path: string, kept: Kept): Generator<SourceRecord> {
  let index = 0;
  for (const [from, to] of spansOf(bytes, path)) {
    yield new TextRecord(bytes.toString('utf8', from, to), `${path}#Records`, index++, '', kept);
  }
}

/** Where each element of every list named `Records` stands. */
function* spansOf(bytes: Buffer, path: string): Generator<readonly [from: number, to: number]> {
  const walk = new Walk(bytes, path);
  let isTrailFile = false;
  walk.expect(OPEN_OBJECT);
  for (let first = true; !walk.takes(CLOSE_OBJECT); first = false) {
    if (!first) walk.expect(COMMA);
    const [from, to] = walk.value();
    walk.expect(COLON);
    if (bytes.toString('latin1', from, to) !== '"Records"') {
      walk.value();
      continue;
    }
    if (!walk.takes(OPEN_LIST)) throw new DecodeError('wrong_shape', path, 'Records is no list');
    isTrailFile = true;
    for (let only = true; !walk.takes(CLOSE_LIST); only = false) {
      if (!only) walk.expect(COMMA);
      yield walk.value();
    }
  }
  walk.end();
  if (!isTrailFile) throw new DecodeError('wrong_shape', path, 'no list of Records');
}

/** Walks over JSON text without building values. Of what stands inside a value only quotes and depth are looked at. */
class Walk {
  readonly #bytes: Buffer;
  readonly #path: string;
  #at: number;

  constructor(bytes: Buffer, path: string) {
    this.#bytes = bytes;
    this.#path = path;
    this.#at = bytes.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0;
  }

  takes(byte: number): boolean {
    this.#skipSpace();
    if (this.#bytes[this.#at] !== byte) return false;
    this.#at++;
    return true;
  }

  expect(byte: number): void {
    if (!this.takes(byte)) throw this.#broken();
  }

  value(): readonly [from: number, to: number] {
    this.#skipSpace();
    const from = this.#at;
    const first = this.#bytes[from];
    if (first === QUOTE) this.#skipString();
    else if (first === OPEN_OBJECT || first === OPEN_LIST) this.#skipNested();
    else this.#skipScalar();
    if (this.#at === from) throw this.#broken();
    return [from, this.#at];
  }

  end(): void {
    this.#skipSpace();
    if (this.#at !== this.#bytes.length) throw this.#broken();
  }

  #skipSpace(): void {
    for (;;) {
      const byte = this.#bytes[this.#at];
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return;
      this.#at++;
    }
  }

  /** From the opening quote to behind the closing one. */
  #skipString(): void {
    const bytes = this.#bytes;
    for (let at = this.#at + 1; at < bytes.length; at++) {
      const byte = bytes[at];
      if (byte === BACKSLASH) at++;
      else if (byte === QUOTE) {
        this.#at = at + 1;
        return;
      }
    }
    throw this.#broken();
  }

  #skipNested(): void {
    const bytes = this.#bytes;
    for (let depth = 0; this.#at < bytes.length; ) {
      const byte = bytes[this.#at];
      if (byte === QUOTE) {
        this.#skipString();
        continue;
      }
      this.#at++;
      if (byte === OPEN_OBJECT || byte === OPEN_LIST) depth++;
      else if ((byte === CLOSE_OBJECT || byte === CLOSE_LIST) && --depth === 0) return;
    }
    throw this.#broken();
  }

  #skipScalar(): void {
    for (; this.#at < this.#bytes.length; this.#at++) {
      const byte = this.#bytes[this.#at] ?? 0;
      if (byte <= 0x20 || byte === COMMA || byte === COLON || byte === CLOSE_OBJECT || byte === CLOSE_LIST) return;
    }
  }

  #broken(): DecodeError {
    return new DecodeError('not_json', this.#path, `not JSON at byte ${this.#at}`);
  }
}
