import type { Stored } from '../replay/stored.ts';
import { dataBlock } from './data-block.ts';

/** Findings of a block: few enough to unpack at once, enough alike to compress well. */
const MAX_FINDINGS = 250;
/** Characters of records in a block, unless one record alone has more. */
const MAX_CHARACTERS = 2_000_000;

/** Findings with their records, packed in blocks that a page unpacks one by one. */
export class RecordBlocks {
  /** The number of the first finding of each block. */
  readonly starts: number[] = [];
  #added = 0;
  #waiting: string[] = [];
  #characters = 0;

  /** Takes the next finding. @returns the block that is full without it, if one is */
  async add(stored: Stored): Promise<string | undefined> {
    const text = JSON.stringify(stored);
    const isFull =
      this.#waiting.length > 0 &&
      (this.#waiting.length >= MAX_FINDINGS || this.#characters + text.length > MAX_CHARACTERS);
    const block = isFull ? await this.flush() : undefined;
    if (this.#waiting.length === 0) this.starts.push(this.#added);
    this.#added++;
    this.#waiting.push(text);
    this.#characters += text.length;
    return block;
  }

  /** What waits, as a block; none where nothing waits. */
  async flush(): Promise<string | undefined> {
    if (this.#waiting.length === 0) return undefined;
    const text = `[${this.#waiting.join(',\n')}]`;
    this.#waiting = [];
    this.#characters = 0;
    return dataBlock(`records${this.starts.length - 1}`, text);
  }
}
