import { type CountState, type OpenHit, readOpenHits, writeOpenHits } from './count-memory.ts';
import { remember } from './recent.ts';
import type { Hash } from './storm-key.ts';

/** One record that counts towards a group. */
export interface CountHit {
  /** `eventTime`, in milliseconds. */
  readonly time: number;
  /** Without one, the record counts as often as it comes. */
  readonly eventID?: string | undefined;
}

/** When a group's count is reached: so many hits within so much time, both ends counted in. */
export interface CountRule {
  readonly atLeast: number;
  readonly withinMs: number;
}

/** Which of the hits reach the count, as ascending indexes, and what to remember. */
export interface Advance {
  readonly reached: readonly number[];
  /** The very object that came in when there is nothing new to remember. */
  readonly state: CountState;
}

/** Hexadecimal digits kept of an eventID's hash. AWS chooses eventIDs, so chance is all there is to fear. */
const DIGITS = 14;

/** Hits kept beyond what a count in order of time needs, for records that come late: as many as the count, within these. */
const LATE = { least: 100, most: 500 } as const;

/** Counted and reaching hits that are remembered, so that a retry finds the same ones reached and counts none twice. */
const REMEMBERED = { counted: { least: 500, most: 5_000 }, reached: 200 } as const;

/**
 * Counts one group's hits on from what is remembered: a hit that completes the count within the window, with those
 * before and after it, reaches it, and its companions count no more. Where hits come in order of time this is what
 * counting them all at once gives, however they are cut into calls. In another order a group whose count is reached at all
 * still reaches it, while no more hits are open than are kept; which hit does, and how often, may differ.
 */
export function advance(
  before: CountState | undefined,
  hits: readonly CountHit[],
  { atLeast, withinMs }: CountRule,
  hash: Hash,
): Advance {
  const arrived = new Set(readOpenHits(before));
  const byTime = [...arrived].sort((a, b) => a.time - b.time);
  const counted = new Set(before?.counted);
  const fired = new Set(before?.reached);
  const open = new Set([...arrived].flatMap(({ id }) => id ?? []));
  const reached: number[] = [];
  const mostCounted = Math.min(Math.max(atLeast, REMEMBERED.counted.least), REMEMBERED.counted.most);
  const mostOpen = atLeast - 1 + Math.min(Math.max(atLeast, LATE.least), LATE.most);
  let changed = before === undefined;

  const forget = (hit: OpenHit) => {
    arrived.delete(hit);
    if (hit.id === undefined) return;
    open.delete(hit.id);
    remember(counted, hit.id, mostCounted);
  };

  const inTime = hits.map((hit, index) => ({ ...hit, index })).sort((a, b) => a.time - b.time);
  for (const { time, eventID, index } of inTime) {
    const id = eventID === undefined ? undefined : hash(eventID).slice(0, DIGITS);
    if (id !== undefined && fired.has(id)) reached.push(index);
    if (id !== undefined && (fired.has(id) || counted.has(id) || open.has(id))) continue;
    changed = true;
    const hit = { time, id };
    const at = placeOf(byTime, time);
    byTime.splice(at, 0, hit);
    arrived.add(hit);
    if (id !== undefined) open.add(id);

    const start = windowAround(byTime, at, atLeast, withinMs);
    if (start === undefined) {
      const [oldest] = arrived;
      if (oldest === undefined || arrived.size <= mostOpen) continue;
      byTime.splice(byTime.indexOf(oldest), 1);
      forget(oldest);
      continue;
    }
    for (const companion of byTime.splice(start, atLeast)) forget(companion);
    if (id !== undefined) remember(fired, id, REMEMBERED.reached);
    reached.push(index);
  }

  reached.sort((a, b) => a - b);
  if (before !== undefined && !changed) return { reached, state: before };
  return {
    reached,
    state: { version: 1, open: writeOpenHits(arrived), counted: [...counted], reached: [...fired] },
  };
}

/** Where a hit of this time goes: after all that are not later. */
function placeOf(byTime: readonly OpenHit[], time: number): number {
  let low = 0;
  let high = byTime.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((byTime[middle]?.time ?? 0) <= time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Where the earliest window that holds the hit at `at` and enough others begins; undefined when none does. */
function windowAround(byTime: readonly OpenHit[], at: number, atLeast: number, withinMs: number): number | undefined {
  for (let start = Math.max(0, at - atLeast + 1); start <= at; start++) {
    const [first, last] = [byTime[start], byTime[start + atLeast - 1]];
    if (first === undefined || last === undefined) return undefined;
    if (last.time - first.time <= withinMs) return start;
  }
  return undefined;
}
