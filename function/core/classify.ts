import { asIfSucceeded, outcomeOf } from './outcome.ts';
import { Plain, type Plan } from './plan.ts';
import type { Policy } from './policy.ts';
import { weigh } from './rating.ts';
import { reasonsFor, unlistedReason } from './reasons.ts';
import type { ReadRecord, Unreadable } from './record.ts';
import { selectedOf } from './selector-index.ts';
import { type Rated, type Reason, rejected, type Verdict, type Whitelisted } from './verdict.ts';
import { matching } from './watching.ts';

const NONE_REACHED: ReadonlySet<string> = new Set();

/**
 * Classifies one record: whitelist, then the highest of detections, deletion pattern and row, then what a failed call is
 * worth, then the adjust entries. Total on any record, pure, and independent of the size of the table. `reached` names
 * the counted detections whose count this record reaches: what one record alone cannot tell.
 */
export function classify(
  policy: Policy,
  read: ReadRecord | Unreadable,
  reached: ReadonlySet<string> = NONE_REACHED,
): Verdict {
  if ('unreadable' in read) return rejected(read.unreadable);
  const plan = policy.plans.of(policy, read);
  return whitelisted(plan, read) ?? rate(policy, plan, read, reached);
}

function whitelisted(plan: Plan, read: ReadRecord): Whitelisted | undefined {
  const entries = selectedOf(plan.whitelist, read.record);
  if (entries.length === 0) return undefined;
  const guardrails = selectedOf(plan.guardrails, read.record);
  const entry = entries.find(({ hides }) => guardrails.every(({ id }) => hides.has(`detection:${id}`)));
  if (entry === undefined) return undefined;
  return {
    verdict: 'whitelisted',
    severity: null,
    code: 'aws_resource_white_listed',
    action: 'ignore',
    reasons: [],
    whitelistedBy: entry.id,
  };
}

function rate(policy: Policy, plan: Plan, read: ReadRecord, reached: ReadonlySet<string>): Rated {
  const outcome = outcomeOf(read.record);
  const said = reasonsFor(policy, plan, read, reached);
  const adjustments = selectedOf(plan.adjust, read.record);
  const isPlain = said instanceof Plain;
  // Most records are listed, and are nobody's exception: nothing more to weigh, nothing more to say.
  if (isPlain && adjustments.length === 0) return said.of(outcome);
  const all = isPlain ? said.reasons : said;
  const reasons = outcome === 'succeeded' ? all : markedIfAboutFailure(plan, read, all);
  const live = reasons.some(isTrial) ? withoutTrials(policy, read, reasons) : reasons;
  return weigh(policy, reasons, outcome, adjustments, live);
}

function isTrial(reason: Reason): boolean {
  return reason.trial === true;
}

function withoutTrials(policy: Policy, read: ReadRecord, reasons: readonly Reason[]): readonly Reason[] {
  const live = reasons.filter((reason) => !isTrial(reason));
  return live.length > 0 ? live : [unlistedReason(policy, read)];
}

/** Marks the detections that would not match the call's success: they are about the failure, the others about the call. */
function markedIfAboutFailure(
  plan: Plan,
  { record }: ReadRecord,
  reasons: readonly [Reason, ...Reason[]],
): readonly [Reason, ...Reason[]] {
  if (!reasons.some(({ by }) => by === 'detection')) return reasons;
  const succeeded = asIfSucceeded(record);
  const onSuccess = new Set(
    [...matching(plan.detections, succeeded), ...matching(plan.counted, succeeded)].map(({ id }) => id),
  );
  const marked = (reason: Reason): Reason =>
    reason.by !== 'detection' || onSuccess.has(reason.id ?? '') ? reason : { ...reason, aboutFailure: true };
  const [first, ...others] = reasons;
  return [marked(first), ...others.map(marked)];
}
