import type { Outcome } from './outcome.ts';
import type { Policy, PolicyAdjustment, PolicyDetection, PolicyEntry, PolicyRow } from './policy.ts';
import { weigh } from './rating.ts';
import { isDeletionName, rowOf, unlistedReason } from './reasons.ts';
import type { ReadRecord } from './record.ts';
import type { Candidate } from './selector-index.ts';
import type { Rated, Reason } from './verdict.ts';
import { Watch, type Watching } from './watching.ts';

/** All that the names of a call decide, for every record of that call: the row, and the entries still to be asked. */
export interface Plan {
  readonly row: PolicyRow | undefined;
  readonly listed: Plain | undefined;
  /** The deletion pattern finds the name and the row does not override it; `unless` entries may still spare it. */
  readonly isDeletionName: boolean;
  readonly whitelist: readonly Candidate<PolicyEntry>[];
  readonly guardrails: readonly Candidate<PolicyDetection>[];
  readonly detections: Watching<PolicyDetection>;
  readonly counted: Watching<PolicyDetection>;
  readonly unless: readonly Candidate<PolicyEntry>[];
  readonly adjust: readonly Candidate<PolicyAdjustment>[];
  readonly unlisted: { readonly readOnly: Plain; readonly other: Plain };
}

/** What is said where the row speaks alone, or nothing does: by outcome always the same, and so made once. */
export class Plain {
  readonly reasons: readonly [Reason];
  readonly #policy: Policy;
  readonly #rated: Partial<Record<Outcome, Rated>> = {};

  constructor(policy: Policy, reasons: readonly [Reason]) {
    this.#policy = policy;
    this.reasons = reasons;
  }

  /** The verdict on a call of this outcome that no adjust entry selects. */
  of(outcome: Outcome): Rated {
    const known = this.#rated[outcome];
    if (known !== undefined) return known;
    const rated = weigh(this.#policy, this.reasons, outcome, []);
    this.#rated[outcome] = rated;
    return rated;
  }
}

/** Calls kept at most: AWS has some 18,000, one installation sees hundreds; past it the plans are made anew. */
const MAX_PLANS = 4_096;

/** No name of AWS is longer; what is longer is not kept. */
const MAX_NAME = 128;

/** The detections of a policy, made ready for its plans. */
interface Watches {
  readonly detections: Watch<PolicyDetection>;
  readonly counted: Watch<PolicyDetection>;
}

interface Latest {
  readonly eventSource: string;
  readonly eventName: string;
  readonly plan: Plan;
}

/** Makes the plan of each call once, so that a record costs two look-ups however many entries there are. */
export class Plans {
  #watches: Watches | undefined;
  #latest: Latest | undefined;
  #bySource = new Map<string, Map<string, Plan>>();
  #size = 0;

  /** The plan for a record's call. */
  of(policy: Policy, read: ReadRecord): Plan {
    if (read.kind !== 'event') return this.#planFor(policy, read);
    const eventSource = read.eventSource ?? '';
    const eventName = read.eventName ?? '';
    const latest = this.#latest;
    // A record is asked for more than once, and calls come in runs.
    if (latest !== undefined && latest.eventName === eventName && latest.eventSource === eventSource)
      return latest.plan;
    const plan = this.#bySource.get(eventSource)?.get(eventName) ?? this.#add(policy, read, eventSource, eventName);
    if (eventSource.length <= MAX_NAME && eventName.length <= MAX_NAME) this.#latest = { eventSource, eventName, plan };
    return plan;
  }

  #add(policy: Policy, read: ReadRecord, eventSource: string, eventName: string): Plan {
    const plan = this.#planFor(policy, read);
    if (eventSource.length <= MAX_NAME && eventName.length <= MAX_NAME) this.#keep(eventSource, eventName, plan);
    return plan;
  }

  #planFor(policy: Policy, read: ReadRecord): Plan {
    this.#watches ??= { detections: new Watch(policy.detections), counted: new Watch(policy.counted) };
    return planFor(policy, read, this.#watches);
  }

  #keep(eventSource: string, eventName: string, plan: Plan): void {
    if (this.#size >= MAX_PLANS) {
      this.#bySource = new Map();
      this.#size = 0;
    }
    const byName = this.#bySource.get(eventSource) ?? new Map<string, Plan>();
    this.#bySource.set(eventSource, byName.set(eventName, plan));
    this.#size++;
  }
}

function planFor(policy: Policy, read: ReadRecord, watches: Watches): Plan {
  const row = rowOf(policy, read);
  return {
    row,
    listed: row && new Plain(policy, row.reasons),
    isDeletionName: isDeletionName(policy, read, row),
    whitelist: policy.whitelist.candidates(read),
    guardrails: policy.guardrails.candidates(read),
    detections: watches.detections.of(read),
    counted: watches.counted.of(read),
    unless: policy.unless.candidates(read),
    adjust: policy.adjust.candidates(read),
    unlisted: {
      readOnly: new Plain(policy, [unlistedReason(policy, { ...read, record: { readOnly: true } })]),
      other: new Plain(policy, [unlistedReason(policy, { ...read, record: {} })]),
    },
  };
}
