import type { Records } from './unpack.ts';

/**
 * The findings whose records hold every one of `words` (lower case), in any case, block by block.
 * @param tell is told how many blocks are done; answering false ends the search
 * @returns undefined where the search was ended
 */
export async function searchRecords(
  records: Records,
  words: readonly string[],
  tell: (done: number) => boolean,
): Promise<ReadonlySet<number> | undefined> {
  const found = new Set<number>();
  for (let block = 0; block < records.blocks; block++) {
    if (!tell(block)) return undefined;
    const first = records.firstOf(block);
    for (const [index, { record }] of (await records.block(block)).entries()) {
      const text = record.toLowerCase();
      if (words.every((word) => text.includes(word))) found.add(first + index);
    }
  }
  return tell(records.blocks) ? found : undefined;
}
