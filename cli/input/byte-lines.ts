import { ByteText } from './byte-text.ts';
import { holdsObject, NOT_JSON, parsed } from './json-text.ts';

const LINE_FEED = 0x0a;

/** The lines of UTF-8 text, each decoded when it is asked for. */
export class Lines {
  readonly #text: ByteText;

  constructor(bytes: Uint8Array) {
    this.#text = new ByteText(bytes);
  }

  /** Every line, without its line feed. */
  *[Symbol.iterator](): Generator<string> {
    const text = this.#text;
    for (let from = 0; from < text.length; ) {
      const end = text.indexOf('\n', from);
      const to = end === -1 ? text.length : end;
      yield text.slice(from, to);
      from = to + 1;
    }
  }

  /** How many lines are records or hold some, looked for until there are `most`. */
  records(most: number): number {
    let found = 0;
    for (const line of this) {
      const text = line.trim();
      if (/^[{[]/.test(text) && holdsObject(parsed(text))) found++;
      if (found === most) break;
    }
    return found;
  }
}

/**
 * True when the first line that is not blank is, or holds, an object, and more follows that is not blank: then the text is
 * no single value of JSON.
 */
export function startsWithRecordLine(bytes: Uint8Array): boolean {
  const from = bytes.findIndex(isFilled);
  if (from === -1) return false;
  const end = bytes.indexOf(LINE_FEED, from);
  if (end === -1 || isBlank(bytes.subarray(end))) return false;
  const first = parsed(asBuffer(bytes).toString('utf8', from, end).trim());
  return first !== NOT_JSON && holdsObject(first);
}

/** True for bytes that are all white space. */
export function isBlank(bytes: Uint8Array): boolean {
  return !bytes.some(isFilled);
}

/** How often a byte is there. */
export function countByte(bytes: Uint8Array, byte: number): number {
  let count = 0;
  for (let at = bytes.indexOf(byte); at !== -1; at = bytes.indexOf(byte, at + 1)) count++;
  return count;
}

/** The bytes without a byte order mark of UTF-8. */
export function withoutMark(bytes: Uint8Array): Uint8Array {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}

/** The same bytes, not copied. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}

function isFilled(byte: number): boolean {
  return byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09;
}
