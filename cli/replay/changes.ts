import type { Policy } from '../../function/core/policy.ts';
import type { ReadRecord } from '../../function/core/record.ts';
import { SEVERITIES, type Severity } from '../../function/core/severity.ts';
import type { Verdict } from '../../function/core/verdict.ts';
import type { Mention } from './mention.ts';
import { Ranking } from './ranking.ts';
import { type ReasonName, reasonNameOf } from './reason-name.ts';
import { type Standing, standingOf, standingText } from './standing.ts';

/**
 * How a record changes from the current severities to the proposed ones: a finding appears, vanishes, or is published at a
 * higher or lower severity; or a record that neither publishes is rated or treated differently.
 */
export const CHANGES = ['new', 'lost', 'louder', 'quieter', 'unpublished'] as const;

/** One of the kinds of change. */
export type Change = (typeof CHANGES)[number];

/** Records that one row, detection, deletion or unlisted call changes in one way. */
export interface ChangeGroup {
  /** The strongest reason under the policy that rates the records higher. */
  readonly reason: ReasonName;
  readonly current: Standing;
  readonly proposed: Standing;
  /** The first that came, at most three. */
  readonly examples: Mention[];
}

/** What two policies make of one record, where it is not the same: plain data. */
export interface Changed extends Omit<ChangeGroup, 'examples'> {
  readonly change: Change;
}

/** What two policies make of one record. */
export interface Pair {
  readonly current: Verdict;
  readonly proposed: Verdict;
}

/** The policy, of two, that rates a record higher, or publishes it where the other does not; at a tie the proposed one. */
export function raisedBy({ current, proposed }: Pair): 'current' | 'proposed' {
  const change = changeOf(current, proposed);
  const isRaised = change === 'new' || (change !== 'lost' && rankOf(proposed.severity) >= rankOf(current.severity));
  return isRaised ? 'proposed' : 'current';
}

/** What changes for a record; undefined where nothing does, or where neither rates it. */
export function changedOf(
  policies: { readonly current: Policy; readonly proposed: Policy },
  read: ReadRecord,
  pair: Pair,
): Changed | undefined {
  const change = changeOf(pair.current, pair.proposed);
  if (change === undefined) return undefined;
  const by = raisedBy(pair);
  const verdict = pair[by];
  // Only a rated record can be rated otherwise.
  if (verdict.verdict !== 'rated') return undefined;
  const reason = reasonNameOf(policies[by], read, verdict.reasons[0]);
  return { change, reason, current: standingOf(pair.current), proposed: standingOf(pair.proposed) };
}

const MAX_EXAMPLES = 3;

/** Collects the records that two policies differ on, grouped by who is responsible, in bounded memory. */
export class Changes {
  readonly records: Record<Change, number> = { new: 0, lost: 0, louder: 0, quieter: 0, unpublished: 0 };
  readonly groups: Readonly<Record<Change, Ranking<ChangeGroup>>> = {
    new: new Ranking(MAX_GROUPS),
    lost: new Ranking(MAX_GROUPS),
    louder: new Ranking(MAX_GROUPS),
    quieter: new Ranking(MAX_GROUPS),
    unpublished: new Ranking(MAX_GROUPS),
  };

  /** Counts a record that changes. `mention` is asked for where it becomes an example. */
  add({ change, reason, current, proposed }: Changed, mention: () => Mention): void {
    this.records[change]++;
    const name = [`${reason.by} ${reason.name}`, standingText(current), standingText(proposed)].join(' | ');
    const examples: Mention[] = [];
    const { of } = this.groups[change].count(name, false, () => ({ reason, current, proposed, examples }));
    if (of.examples.length < MAX_EXAMPLES) of.examples.push(mention());
  }
}

/** Groups of one kind of change that are kept: a mention may have some kilobytes. */
const MAX_GROUPS = 5_000;

function changeOf(current: Verdict, proposed: Verdict): Change | undefined {
  const [was, is] = [current.action === 'publish', proposed.action === 'publish'];
  if (was !== is) return is ? 'new' : 'lost';
  if (current.severity === proposed.severity && current.action === proposed.action) return undefined;
  if (!was) return 'unpublished';
  return rankOf(proposed.severity) > rankOf(current.severity) ? 'louder' : 'quieter';
}

/** Least first; what has no severity comes before all that has one. */
function rankOf(severity: Severity | null): number {
  return severity === null ? -1 : SEVERITIES.indexOf(severity);
}
