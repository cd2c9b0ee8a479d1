/** Adds to a set that is a memory of what came last: beyond `most`, the oldest are forgotten. */
export function remember(ids: Set<string>, id: string, most: number): void {
  ids.add(id);
  for (const oldest of ids) {
    if (ids.size <= most) return;
    ids.delete(oldest);
  }
}
