import { createHash } from 'node:crypto';

/** SHA-256 in hexadecimal. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Most texts remembered. */
const MOST = 10_000;

/** Hashes of texts many of which come again: 32 hexadecimal digits each. */
export class Hashes {
  #known = new Map<string, string>();

  /** The hash of a text. */
  of(text: string): string {
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    const hash = sha256(text).slice(0, 32);
    // Long ones are somebody's own, and rare.
    if (text.length > 512) return hash;
    if (this.#known.size >= MOST) this.#known = new Map();
    this.#known.set(text, hash);
    return hash;
  }
}
