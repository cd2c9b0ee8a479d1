/** Calls open at once: as many as a small function keeps up with, fewer than the client's sockets. */
const AT_ONCE = 20;

/** Gives every item's result by its place, asking for some twenty at once. */
export async function allOf<T, R>(items: readonly T[], work: (item: T, index: number) => Promise<R>): Promise<R[]> {
  const results = new Array<R>(items.length);
  const waiting = items.entries();
  const worker = async () => {
    for (const [index, item] of waiting) results[index] = await work(item, index);
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, items.length) }, worker));
  return results;
}
