import type { Told } from './stored.ts';

const WORDS: readonly (Told | undefined)[] = [undefined, 'at-once', 'held-back', 'repeated'];

/** What became of findings, by their numbers: one byte each. */
export class ToldList {
  #bytes = new Uint8Array(1024);

  /** Sets what became of one. */
  set(number: number, told: Told): void {
    if (number >= this.#bytes.length) {
      const grown = new Uint8Array(Math.max(this.#bytes.length * 2, number + 1));
      grown.set(this.#bytes);
      this.#bytes = grown;
    }
    this.#bytes[number] = WORDS.indexOf(told);
  }

  /** What became of one; undefined while nothing did. */
  at(number: number): Told | undefined {
    return WORDS[this.#bytes[number] ?? 0];
  }
}
