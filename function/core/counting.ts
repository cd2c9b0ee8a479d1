import { advance } from './count-state.ts';
import type { Policy, PolicyDetection } from './policy.ts';
import { principalKey } from './principal-key.ts';
import { type CloudTrailRecord, eventIdOf, isObject, type ReadRecord, textOf, timeOf } from './record.ts';
import { selectedOf } from './selector-index.ts';
import { matching } from './watching.ts';

/** One record that a counted detection is about. */
export interface CountedMatch {
  readonly detection: PolicyDetection;
  /** The detection and the record's values of its `by`: what is counted together. */
  readonly group: string;
  /** `eventTime`, in milliseconds. */
  readonly time: number;
  readonly eventID: string | undefined;
}

const NONE: readonly CountedMatch[] = [];

/** What a record adds to counts: nothing where it is whitelisted, or tells no time. */
export function countedMatches(policy: Policy, read: ReadRecord): readonly CountedMatch[] {
  const { counted, whitelist } = policy.plans.of(policy, read);
  const { record } = read;
  const selected = matching(counted, record);
  if (selected.length === 0) return NONE;
  const time = timeOf(textOf(record['eventTime']))?.getTime();
  if (time === undefined || selectedOf(whitelist, record).length > 0) return NONE;
  const eventID = eventIdOf(record);
  return selected.map((detection) => ({ detection, group: groupOf(detection, record), time, eventID }));
}

function groupOf({ id, count }: PolicyDetection, record: CloudTrailRecord): string {
  const group: (string | number | boolean | null)[] = [id];
  for (const path of count?.by ?? []) group.push(valueAt(record, path) ?? null);
  return JSON.stringify(group);
}

interface Hit {
  readonly time: number;
  readonly position: number;
}

interface Group {
  readonly detection: PolicyDetection;
  readonly hits: Hit[];
  readonly eventIDs: Set<string>;
}

/** Counts over a whole input: every match is added first, in any order, then `firing` tells where the counts are reached. */
export class Counts {
  readonly #groups = new Map<string, Group>();

  /** Adds what the record at `position` counts towards. A record that came twice, by its eventID, counts once. */
  add(position: number, matches: readonly CountedMatch[]): void {
    for (const { detection, group, time, eventID } of matches) {
      const known = this.#groups.get(group) ?? { detection, hits: [], eventIDs: new Set() };
      this.#groups.set(group, known);
      if (eventID !== undefined && known.eventIDs.has(eventID)) continue;
      if (eventID !== undefined) known.eventIDs.add(eventID);
      known.hits.push({ time, position });
    }
  }

  /**
   * The counted detections that match, by the position of the record that reached the count: what {@link advance} finds
   * when the records come in order of their time, those of one time in order of their positions.
   */
  firing(): ReadonlyMap<number, ReadonlySet<string>> {
    const firing = new Map<number, Set<string>>();
    for (const { detection, hits } of this.#groups.values()) {
      if (detection.count === undefined) continue;
      const inOrder = hits.toSorted((a, b) => a.time - b.time || a.position - b.position);
      // Each record is there once, so none needs a name.
      const { reached } = advance(
        undefined,
        inOrder.map(({ time }) => ({ time })),
        detection.count,
        String,
      );
      for (const index of reached) {
        const position = inOrder[index]?.position ?? -1;
        firing.set(position, (firing.get(position) ?? new Set()).add(detection.id));
      }
    }
    return firing;
  }
}

/** The scalar at a dotted path, or the principal; undefined where there is none. */
function valueAt(record: CloudTrailRecord, path: string): string | number | boolean | undefined {
  if (path === 'principal') return principalKey(record);
  let value: unknown = record;
  for (const name of path.split('.')) {
    value = isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  }
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : undefined;
}
