import { neutralise } from '../../function/core/neutral.ts';
import type { Policy } from '../../function/core/policy.ts';
import { type ReadRecord, withoutApiVersion } from '../../function/core/record.ts';
import type { Reason } from '../../function/core/verdict.ts';

/** What spoke for a severity, as people look it up: a detection's id, else the call, `eventSource/eventName`. Neutralised. */
export interface ReasonName {
  readonly by: Reason['by'];
  readonly name: string;
}

/** The name of a reason that `policy` gave for a record. Versions of one call share a name, unless a row tells them apart. */
export function reasonNameOf(policy: Policy, read: ReadRecord, { by, id }: Reason): ReasonName {
  return { by, name: id ?? callOf(read, policy) };
}

/** `eventSource/eventName` of a record, neutralised; with a policy, the name its row has. */
export function callOf({ eventSource = '', eventName = '' }: ReadRecord, policy?: Policy): string {
  const listed = policy === undefined || policy.table.get(eventSource)?.has(eventName) === true;
  const name = listed ? eventName : (withoutApiVersion(eventName) ?? eventName);
  return `${neutralise(eventSource, 100) || 'no eventSource'}/${neutralise(name, 128) || 'no eventName'}`;
}

/** Names kept at most; a trail has some hundred calls. */
const MAX_KNOWN = 10_000;

type Names = Pick<ReadRecord, 'eventSource' | 'eventName'>;

/** A name with what it is ranked under. */
type Keyed = ReasonName & { readonly key: string };

/** As {@link reasonNameOf}, each name made once. */
export class ReasonNames {
  readonly #policy: Policy;
  #known = new Map<string, Map<string, Map<string, Keyed>>>();
  #size = 0;
  #last: { readonly read: Names; readonly which: string; readonly name: Keyed } | undefined;

  constructor(policy: Policy) {
    this.#policy = policy;
  }

  /** The name of the reason. */
  of(read: ReadRecord, reason: Reason): Keyed {
    const which = reason.id ?? reason.by;
    const last = this.#last;
    // Neighbours are often of one call, and to compare is quicker than to look up.
    if (last?.which === which && last.read.eventName === read.eventName && last.read.eventSource === read.eventSource) {
      return last.name;
    }
    const { eventSource = '', eventName = '' } = read;
    const name = this.#known.get(eventSource)?.get(eventName)?.get(which) ?? this.#made(read, reason, which);
    this.#last = { read: { eventSource: read.eventSource, eventName: read.eventName }, which, name };
    return name;
  }

  #made(read: ReadRecord, reason: Reason, which: string): Keyed {
    const { eventSource = '', eventName = '' } = read;
    const { by, name } = reasonNameOf(this.#policy, read, reason);
    const made = { by, name, key: `${by} ${name}` };
    // Names of AWS are short; what is longer is not kept.
    if (eventSource.length + eventName.length > 256) return made;
    if (++this.#size > MAX_KNOWN) {
      this.#known = new Map();
      this.#size = 1;
    }
    const bySource = this.#known.get(eventSource) ?? new Map<string, Map<string, Keyed>>();
    const byName = bySource.get(eventName) ?? new Map<string, Keyed>();
    this.#known.set(eventSource, bySource.set(eventName, byName.set(which, made)));
    return made;
  }
}
