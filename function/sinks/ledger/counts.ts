import { readCountState } from '../../core/count-memory.ts';
import { advance, type CountHit, type CountRule } from '../../core/count-state.ts';
import type { CountedMatch } from '../../core/counting.ts';
import { ALONE, digestOf } from './keys.ts';
import type { Ledger } from './ledger.ts';
import { allOf } from './parallel.ts';
import { isLive, type Table } from './table.ts';
import { advanceState, textIn } from './versions.ts';

/**
 * Milliseconds a count is kept beyond its own window, for records that come late and for tries of an event: one that failed
 * may be given to the function again weeks later, and must reach the same counts then.
 */
const KEPT = 35 * 24 * 60 * 60 * 1000;

interface Group {
  readonly name: string;
  readonly detection: string;
  readonly rule: CountRule;
  readonly hits: CountHit[];
  /** Place of each hit's record. */
  readonly positions: number[];
}

/**
 * Counts what the records of one event add to counted detections, on from what earlier events left in the ledger. Where
 * that cannot be read, a group counts within the event; where it cannot be written, a later hit may reach the count again.
 * @param matches of each record
 * @returns by the record's place, the detections whose count it reaches
 */
export async function countMatches(
  ledger: Pick<Ledger, 'counting' | 'now'> | undefined,
  matches: readonly (readonly CountedMatch[])[],
): Promise<ReadonlyMap<number, ReadonlySet<string>>> {
  const reached = new Map<number, Set<string>>();
  await allOf(groupsOf(matches), async ({ name, detection, rule, hits, positions }) => {
    const counted =
      (ledger && (await countInLedger(ledger.counting, ledger.now().getTime(), name, hits, rule))) ??
      reachedAlone(hits, rule);
    for (const index of counted) {
      const position = positions[index] ?? -1;
      reached.set(position, (reached.get(position) ?? new Set()).add(detection));
    }
  });
  return reached;
}

/** Which hits reach the count with nothing before them: too few, as nearly always, need no names. */
function reachedAlone(hits: readonly CountHit[], rule: CountRule): readonly number[] {
  return hits.length < rule.atLeast ? [] : advance(undefined, hits, rule, digestOf).reached;
}

function groupsOf(matches: readonly (readonly CountedMatch[])[]): readonly Group[] {
  const groups = new Map<string, Group>();
  for (const [position, ofRecord] of matches.entries()) {
    for (const { group, detection, time, eventID } of ofRecord) {
      if (detection.count === undefined) continue;
      const known = groups.get(group) ?? {
        name: group,
        detection: detection.id,
        rule: detection.count,
        hits: [],
        positions: [],
      };
      groups.set(group, known);
      known.hits.push({ time, eventID });
      known.positions.push(position);
    }
  }
  return [...groups.values()];
}

/** @returns undefined where what is remembered of the group cannot be read */
async function countInLedger(
  table: Table,
  now: number,
  group: string,
  hits: readonly CountHit[],
  rule: CountRule,
): Promise<readonly number[] | undefined> {
  const expiresAt = Math.ceil((now + rule.withinMs + KEPT) / 1000);
  let latest: readonly number[] | undefined;
  const kept = await advanceState(table, { pk: `count#${digestOf(group)}`, sk: ALONE }, expiresAt, (row) => {
    const before = row && isLive(row, now / 1000) ? readCountState(textIn(row, 'state')) : undefined;
    const { reached, state } = advance(before, hits, rule, digestOf);
    latest = reached;
    return { result: reached, state: state === before ? undefined : JSON.stringify(state) };
  });
  // A write without an answer may have been made: its hits are counted then, and would never be told of.
  return kept ?? latest;
}
