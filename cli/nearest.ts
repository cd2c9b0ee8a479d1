/** Edits that are a slip of the keyboard, not another word. */
const MAX_SLIPS = 2;

/** The name that `word` was most likely meant to be: begun with it, or at most two letters off; else undefined. */
export function nearest(word: string, names: readonly string[]): string | undefined {
  const begun = names.filter((name) => word.length >= 3 && name.startsWith(word));
  if (begun.length === 1) return begun[0];
  const [best] = names
    .map((name) => ({ name, slips: slipsBetween(word.toLowerCase(), name) }))
    // Of a short word two letters are too much of it.
    .filter(({ name, slips }) => slips <= Math.min(MAX_SLIPS, Math.floor(name.length / 2)))
    .sort((a, b) => a.slips - b.slips);
  return best?.name;
}

/** Letters added, lost or changed, and neighbours swapped, that make one word of the other. */
function slipsBetween(a: string, b: string): number {
  let [before, last]: [number[], number[]] = [[], Array.from({ length: b.length + 1 }, (_, index) => index)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let least = Math.min((row[j - 1] ?? 0) + 1, (last[j] ?? 0) + 1, (last[j - 1] ?? 0) + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, (before[j - 2] ?? 0) + 1);
      row.push(least);
    }
    [before, last] = [last, row];
  }
  return last[b.length] ?? 0;
}
