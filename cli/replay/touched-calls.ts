import { compilePolicy, type Policy } from '../../function/core/policy.ts';
import { type ReadRecord, withoutApiVersion } from '../../function/core/record.ts';
import { type Selecting, SelectorIndex } from '../../function/core/selector-index.ts';
import type { Severities } from '../../function/core/severities/model.ts';

/** Severities, with what they compile to. */
export interface Rules {
  readonly severities: Severities;
  readonly policy: Policy;
}

/** Severities made ready. */
export function rulesOf(severities: Severities): Rules {
  return { severities, policy: compilePolicy(severities) };
}

/** A call, as the records of one that are rated by the same rows and entries have it. */
export type Call = Pick<ReadRecord, 'kind' | 'eventSource' | 'eventName'>;

/**
 * Tells which calls two severities may rate differently. For all others every record has the same verdict under both:
 * their rows are equal, and so are all entries and detections that can be about them, in the same order. Where a count is
 * touched, so are all calls that count towards it.
 */
export function touchedCalls(before: Rules, after: Rules): (call: Call) => boolean {
  if (JSON.stringify(globals(before)) !== JSON.stringify(globals(after))) return () => true;
  const lists = [
    changedEntries(before.severities.policy.whitelist, after.severities.policy.whitelist),
    changedEntries(before.severities.policy.adjust, after.severities.policy.adjust),
    changedEntries(before.severities.policy.deletions.unless, after.severities.policy.deletions.unless),
    changedEntries(before.severities.detections, after.severities.detections),
  ];
  // In another order, another entry can have the last word.
  if (lists.includes(undefined)) return () => true;
  const ids = new Set(lists.flatMap((list) => list ?? []));
  const changed = new SelectorIndex(
    [before, after].flatMap(({ policy }) => selectingOf(policy).filter(({ id }) => ids.has(id))),
  );
  const isTouched = (call: Call) =>
    call.kind !== 'event' ||
    rowText(before, call) !== rowText(after, call) ||
    changed.candidates({ ...call, record: {} }).length > 0;
  return isTouched;
}

/** As {@link touchedCalls}, of the calls that there are: with those that share a count with one of them. */
export function touchedOf<T extends Call>(before: Rules, after: Rules, calls: readonly T[]): ReadonlySet<T> {
  const isTouched = touchedCalls(before, after);
  const touched = new Set(calls.filter(isTouched));
  const counted = [...before.policy.counted.entries, ...after.policy.counted.entries].map(
    (one) => new SelectorIndex([one]),
  );
  for (let size = -1; size !== touched.size; ) {
    size = touched.size;
    for (const index of counted) {
      const sharing = calls.filter((call) => index.candidates({ ...call, record: {} }).length > 0);
      if (sharing.some((call) => touched.has(call))) for (const call of sharing) touched.add(call);
    }
  }
  return touched;
}

/** What concerns every call. */
function globals({ severities: { policy } }: Rules): unknown {
  const { alertAt, logAt, failed, unlisted, deletions, lists } = policy;
  return [alertAt, logAt, failed, unlisted, deletions.pattern, deletions.severity, lists];
}

type Named = Selecting & { readonly id: string };

function selectingOf({ whitelist, adjust, unless, guardrails, detections, counted }: Policy): readonly Named[] {
  return [whitelist, adjust, unless, guardrails, detections, counted].flatMap(
    (index): readonly Named[] => index.entries,
  );
}

/** Ids of the entries that only one list has, or that are not the same; undefined where the others change their order. */
function changedEntries(
  before: readonly { readonly id: string }[],
  after: readonly { readonly id: string }[],
): readonly string[] | undefined {
  const [was, is] = [before, after].map((list) => new Map(list.map((entry) => [entry.id, JSON.stringify(entry)])));
  const same = (list: readonly { readonly id: string }[]) => list.filter(({ id }) => was?.get(id) === is?.get(id));
  const order = (list: readonly { readonly id: string }[]) => JSON.stringify(same(list).map(({ id }) => id));
  if (order(before) !== order(after)) return undefined;
  return [...before, ...after].filter(({ id }) => was?.get(id) !== is?.get(id)).map(({ id }) => id);
}

/** The row of a call as it is written, and whether its service has a file. */
function rowText({ severities }: Rules, { eventSource, eventName = '' }: Call): string {
  const service = severities.services.find((one) => one.eventSource === eventSource);
  if (service === undefined) return '';
  const row = service.events[eventName] ?? service.events[withoutApiVersion(eventName) ?? ''];
  return `listed ${JSON.stringify(row)}`;
}
