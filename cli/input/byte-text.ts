import { isAscii } from 'node:buffer';

/** UTF-8 text, of which parts are found and decoded when they are asked for. Places are in bytes. */
export class ByteText {
  readonly #bytes: Buffer;
  /** Where every byte is a character, one string does: its parts are not copied. */
  readonly #ascii: string | undefined;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#ascii = isAscii(this.#bytes) ? this.#bytes.toString('latin1') : undefined;
  }

  /** How many bytes there are. */
  get length(): number {
    return this.#bytes.length;
  }

  /** Where a text of ASCII begins next; -1 where it is no more. */
  indexOf(text: string, from = 0): number {
    return this.#ascii === undefined ? this.#bytes.indexOf(text, from, 'latin1') : this.#ascii.indexOf(text, from);
  }

  /** Where a text of ASCII begins last; -1 where it is nowhere. */
  lastIndexOf(text: string): number {
    return this.#ascii === undefined
      ? this.#bytes.lastIndexOf(text, undefined, 'latin1')
      : this.#ascii.lastIndexOf(text);
  }

  /** The text between two places. */
  slice(from: number, to: number): string {
    return this.#ascii === undefined ? this.#bytes.toString('utf8', from, to) : this.#ascii.slice(from, to);
  }
}
