import type { Policy } from '../../function/core/policy.ts';
import type { ReadRecord } from '../../function/core/record.ts';
import { SEVERITIES, type Severity } from '../../function/core/severity.ts';
import type { Rated, Verdict } from '../../function/core/verdict.ts';
import type { InputRecord } from '../input/records.ts';
import { type Mention, mentionOf } from './mention.ts';
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

const MAX_EXAMPLES = 3;

/** What two policies make of one record. */
interface Pair {
  readonly source: InputRecord;
  readonly current: Verdict;
  readonly proposed: Verdict;
}

/** Collects the records that two policies differ on, grouped by who is responsible, in bounded memory. */
export class Changes {
  readonly records: Record<Change, number> = { new: 0, lost: 0, louder: 0, quieter: 0, unpublished: 0 };
  readonly groups: Readonly<Record<Change, Ranking<ChangeGroup>>> = {
    new: new Ranking(),
    lost: new Ranking(),
    louder: new Ranking(),
    quieter: new Ranking(),
    unpublished: new Ranking(),
  };
  readonly #current: Policy;
  readonly #proposed: Policy;

  constructor(current: Policy, proposed: Policy) {
    this.#current = current;
    this.#proposed = proposed;
  }

  /** Counts a record if its severity or its action differs. */
  add({ source, current, proposed }: Pair): void {
    const { read } = source;
    const change = changeOf(current, proposed);
    if ('unreadable' in read || change === undefined) return;
    const isRaised = change === 'new' || (change !== 'lost' && rankOf(proposed.severity) >= rankOf(current.severity));
    const [policy, verdict] = isRaised ? [this.#proposed, proposed] : [this.#current, current];
    // Only a rated record can be rated otherwise.
    if (verdict.verdict !== 'rated') return;
    this.records[change]++;
    this.#count(change, policy, { source, current, proposed }, read, verdict);
  }

  #count(change: Change, policy: Policy, pair: Pair, read: ReadRecord, verdict: Rated): void {
    const reason = reasonNameOf(policy, read, verdict.reasons[0]);
    const [current, proposed] = [standingOf(pair.current), standingOf(pair.proposed)];
    const name = [`${reason.by} ${reason.name}`, standingText(current), standingText(proposed)].join(' | ');
    const examples: Mention[] = [];
    const { of } = this.groups[change].count(name, false, () => ({ reason, current, proposed, examples }));
    if (of.examples.length < MAX_EXAMPLES) of.examples.push(mentionOf(policy, pair.source, read, verdict));
  }
}

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
