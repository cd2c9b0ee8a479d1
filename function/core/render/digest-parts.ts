/**
 * Cuts a list into runs whose costs add up to at most `room`; one that costs more is a run of its own. An empty list is
 * one empty run, so that there is always a message.
 * @param costOf what an item adds to a run, told the item before it in the same run
 */
export function runsOf<T>(
  items: readonly T[],
  room: number,
  costOf: (item: T, before: T | undefined) => number,
): (readonly T[])[] {
  const runs: T[][] = [];
  let run: T[] = [];
  let cost = 0;
  for (const item of items) {
    const more = costOf(item, run.at(-1));
    if (run.length > 0 && cost + more > room) {
      runs.push(run);
      run = [];
      cost = 0;
    }
    cost += run.length === 0 ? costOf(item, undefined) : more;
    run.push(item);
  }
  return [...runs, run];
}
