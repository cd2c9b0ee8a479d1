import type { CountState } from '../../function/core/count-memory.ts';
import { advance } from '../../function/core/count-state.ts';
import type { PolicyDetection } from '../../function/core/policy.ts';
import type { Placed } from './runs.ts';
import type { Place } from './spilled.ts';

/** One record that a counted detection is about, as it waits on disk. */
export interface SpilledHit extends Placed {
  readonly detection: string;
  /** Hash of what is counted together. */
  readonly group: string;
  /** What tells repeats: the eventID, or its hash; null where there is none. */
  readonly id: string | null;
  readonly payload: Place;
}

/** A hit as a line. */
export function hitLine({ time, unit, index, detection, group, id, payload: [at, bytes] }: SpilledHit): string {
  return JSON.stringify([time, unit, index, detection, group, id, at, bytes]);
}

/** The hit of a line. */
export function readHit(line: string): SpilledHit {
  const [time, unit, index, detection, group, id, at, bytes] = JSON.parse(line);
  return { time, unit, index, detection, group, id, payload: [at, bytes] };
}

interface Group<H> {
  readonly rule: { readonly atLeast: number; readonly withinMs: number };
  state: CountState | undefined;
  waiting: H[];
  /** Hashes of eventIDs, the latest last. */
  readonly ids: Set<string>;
  latest: number;
}

/** Most kept at once: hits that wait, groups, and eventIDs of one group. Repeats of a record have one time, so few will do. */
const MOST = { waiting: 50_000, groups: 100_000, ids: 2_000 } as const;

/**
 * Counts hits that come in order of time, with the function's own rule. Groups whose time is past are forgotten, so memory
 * does not grow with the input. A record that came twice, by its eventID, counts once.
 * @returns the hits that reach a count, in any order
 */
export function* reachingHits<H extends SpilledHit>(
  hits: Iterable<H>,
  detections: ReadonlyMap<string, PolicyDetection>,
): Generator<H> {
  const groups = new Map<string, Group<H>>();
  let waiting = 0;

  const flush = (group: Group<H>): readonly H[] => {
    const { reached, state } = advance(
      group.state,
      // Each record is there once, so none needs a name.
      group.waiting.map(({ time }) => ({ time })),
      group.rule,
      String,
    );
    const { waiting: taken } = group;
    waiting -= taken.length;
    group.state = state;
    group.waiting = [];
    return reached.flatMap((index) => taken[index] ?? []);
  };

  for (const hit of hits) {
    const rule = detections.get(hit.detection)?.count;
    if (rule === undefined) continue;
    const group = groups.get(hit.group) ?? newGroup<H>(rule);
    groups.set(hit.group, group);
    if (hit.id !== null) {
      if (group.ids.has(hit.id)) continue;
      group.ids.add(hit.id);
      for (const oldest of group.ids) {
        if (group.ids.size <= MOST.ids) break;
        group.ids.delete(oldest);
      }
    }
    group.waiting.push(hit);
    group.latest = hit.time;
    if (++waiting < MOST.waiting && groups.size <= MOST.groups) continue;
    for (const [name, one] of groups) {
      if (one.waiting.length > 0) yield* flush(one);
      if (one.latest < hit.time - one.rule.withinMs || groups.size > MOST.groups / 2) groups.delete(name);
    }
  }
  for (const group of groups.values()) if (group.waiting.length > 0) yield* flush(group);
}

function newGroup<H>(rule: Group<H>['rule']): Group<H> {
  return { rule, state: undefined, waiting: [], ids: new Set(), latest: 0 };
}
