import type { Stored } from '../../replay/stored.ts';
import type { Columns, PageData } from '../page-data.ts';

/** Blocks of records kept unpacked: the one that is read, and those beside it. */
const MAX_KEPT = 4;

/** The figures and columns of the page. */
export async function unpackPage(): Promise<{ data: PageData; columns: Columns }> {
  const [data, columns] = await Promise.all([unpacked('figures'), unpacked('columns')]);
  return { data: JSON.parse(data), columns: JSON.parse(columns) };
}

/** The findings in full, unpacked block by block when they are asked for. */
export class Records {
  readonly #starts: readonly number[];
  readonly #kept = new Map<number, readonly Stored[]>();

  constructor(starts: readonly number[]) {
    this.#starts = starts;
  }

  /** How many blocks there are. */
  get blocks(): number {
    return this.#starts.length;
  }

  /** The finding with this number, as it was added. */
  async finding(row: number): Promise<Stored | undefined> {
    let block = this.#starts.length - 1;
    while ((this.#starts[block] ?? 0) > row) block--;
    const kept = this.#kept.get(block) ?? (await this.block(block));
    this.#kept.delete(block);
    this.#kept.set(block, kept);
    for (const oldest of this.#kept.keys()) if (this.#kept.size > MAX_KEPT) this.#kept.delete(oldest);
    return kept[row - this.firstOf(block)];
  }

  /** The number of a block's first finding. */
  firstOf(block: number): number {
    return this.#starts[block] ?? 0;
  }

  /** The findings of a block. */
  async block(block: number): Promise<readonly Stored[]> {
    return JSON.parse(await unpacked(`records${block}`));
  }
}

async function unpacked(id: string): Promise<string> {
  const letters = atob(document.getElementById(id)?.textContent ?? '');
  const bytes = new Uint8Array(letters.length);
  for (let at = 0; at < letters.length; at++) bytes[at] = letters.charCodeAt(at);
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))).text();
}
