import type { Policy, PolicyAdjustment, PolicyDetection, PolicyEntry, PolicyRow } from './policy.ts';
import { isDeletionName, rowOf, unlistedReason } from './reasons.ts';
import type { ReadRecord } from './record.ts';
import type { Candidate } from './selector-index.ts';
import type { Reason } from './verdict.ts';
import { type Watching, watching } from './watching.ts';

/** All that the names of a call decide, for every record of that call: the row, and the entries still to be asked. */
export interface Plan {
  readonly row: PolicyRow | undefined;
  /** The deletion pattern finds the name and the row does not override it; `unless` entries may still spare it. */
  readonly isDeletionName: boolean;
  readonly whitelist: readonly Candidate<PolicyEntry>[];
  readonly guardrails: readonly Candidate<PolicyDetection>[];
  readonly detections: Watching<PolicyDetection>;
  readonly counted: Watching<PolicyDetection>;
  readonly unless: readonly Candidate<PolicyEntry>[];
  readonly adjust: readonly Candidate<PolicyAdjustment>[];
  readonly unlisted: { readonly readOnly: readonly [Reason]; readonly other: readonly [Reason] };
}

/** Calls kept at most: AWS has some 18,000, one installation sees hundreds; past it the plans are made anew. */
const MAX_PLANS = 4_096;

/** No name of AWS is longer; what is longer is not kept. */
const MAX_NAME = 128;

/** Makes the plan of each call once, so that a record costs two look-ups however many entries there are. */
export class Plans {
  #bySource = new Map<string, Map<string, Plan>>();
  #size = 0;

  /** The plan for a record's call. */
  of(policy: Policy, read: ReadRecord): Plan {
    if (read.kind !== 'event') return planFor(policy, read);
    const eventSource = read.eventSource ?? '';
    const eventName = read.eventName ?? '';
    const known = this.#bySource.get(eventSource)?.get(eventName);
    if (known !== undefined) return known;
    const plan = planFor(policy, read);
    if (eventSource.length <= MAX_NAME && eventName.length <= MAX_NAME) this.#keep(eventSource, eventName, plan);
    return plan;
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

function planFor(policy: Policy, read: ReadRecord): Plan {
  const row = rowOf(policy, read);
  return {
    row,
    isDeletionName: isDeletionName(policy, read, row),
    whitelist: policy.whitelist.candidates(read),
    guardrails: policy.guardrails.candidates(read),
    detections: watching(policy.detections.candidates(read)),
    counted: watching(policy.counted.candidates(read)),
    unless: policy.unless.candidates(read),
    adjust: policy.adjust.candidates(read),
    unlisted: {
      readOnly: [unlistedReason(policy, { ...read, record: { readOnly: true } })],
      other: [unlistedReason(policy, { ...read, record: {} })],
    },
  };
}
