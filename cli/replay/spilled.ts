import type { ReadRecord } from '../../function/core/record.ts';
import type { Verdict } from '../../function/core/verdict.ts';
import type { InputRecord } from '../input/value-records.ts';
import { type Changed, changedOf } from './changes.ts';
import { eachPolicy, type Policies } from './policies.ts';
import type { Placed } from './runs.ts';
import { type StormFinding, stormFindingOf } from './storm-finding.ts';
import { type TimelineKind, timelineLine } from './timeline.ts';

/** Where the text of a record waits: bytes of the file of payloads. */
export type Place = readonly [at: number, bytes: number];

/** What is to be known of a record in order of time, as it waits on disk. */
export interface Spilled extends Placed, Outcome {
  /** Null where nobody but the timeline looks at the record again. */
  readonly payload: Place | null;
}

/** What the verdicts on a record come to. */
export interface Outcome {
  /** By policy; null where it is not published. */
  readonly published: readonly (StormFinding | null)[];
  readonly changed: Changed | null;
  /** The line of the timeline, where it has one. */
  readonly line: string | null;
}

/** What the verdicts on a record, by policy, come to. */
export function outcomeOf(
  policies: Policies,
  source: InputRecord,
  read: ReadRecord,
  verdicts: readonly Verdict[],
  timeline: TimelineKind | undefined,
): Outcome {
  const published = eachPolicy(policies).map((policy, number) => {
    const verdict = verdicts[number];
    return verdict?.verdict === 'rated' && verdict.action === 'publish'
      ? stormFindingOf(policy, source, read, verdict)
      : null;
  });
  const [current, compared] = verdicts;
  const { proposed } = policies;
  const changed =
    proposed && current && compared
      ? changedOf({ current: policies.current, proposed }, read, { current, proposed: compared })
      : undefined;
  const last = verdicts.at(-1);
  return {
    published,
    changed: changed ?? null,
    line: (timeline && last && timelineLine(timeline, read, last)) ?? null,
  };
}
