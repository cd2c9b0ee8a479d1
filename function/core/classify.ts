import { asIfSucceeded, type Outcome, outcomeOf } from './outcome.ts';
import type { Plan } from './plan.ts';
import type { Policy, PolicyAdjustment } from './policy.ts';
import { reasonsFor, unlistedReason } from './reasons.ts';
import type { ReadRecord, Unreadable } from './record.ts';
import { selectedOf } from './selector-index.ts';
import { atLeast, higher, lower, type Severity } from './severity.ts';
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
  const all = reasonsFor(policy, plan, read, reached);
  const reasons = outcome === 'succeeded' ? all : markedIfAboutFailure(plan, read, all);
  const adjustments = selectedOf(plan.adjust, read.record);
  const { code, severity: strongest } = reasons[0];
  // Most records succeed, are listed, and are nobody's exception: nothing more to weigh, nothing more to say.
  if (outcome === 'succeeded' && adjustments.length === 0 && !reasons.some(isTrial)) {
    return { verdict: 'rated', severity: strongest, code, action: actionFor(policy, strongest), reasons };
  }
  const { severity, adjustedBy } = severityOf(policy, reasons, outcome, adjustments);
  const live = reasons.some(isTrial) ? withoutTrials(policy, read, reasons) : reasons;
  const published = live === reasons ? severity : severityOf(policy, live, outcome, adjustments).severity;
  const publishes = atLeast(published, policy.alertAt);
  return {
    verdict: 'rated',
    severity,
    code,
    action: publishes ? 'publish' : atLeast(severity, policy.logAt) ? 'log' : 'quiet',
    reasons,
    ...(adjustedBy === undefined ? undefined : { adjustedBy }),
    ...(outcome === 'succeeded' ? undefined : { failed: outcome }),
    ...(!publishes && atLeast(severity, policy.alertAt) ? { wouldPublish: true as const } : undefined),
  };
}

function actionFor({ alertAt, logAt }: Policy, severity: Severity): Rated['action'] {
  return atLeast(severity, alertAt) ? 'publish' : atLeast(severity, logAt) ? 'log' : 'quiet';
}

function isTrial(reason: Reason): boolean {
  return reason.trial === true;
}

function withoutTrials(policy: Policy, read: ReadRecord, reasons: readonly Reason[]): readonly Reason[] {
  const live = reasons.filter((reason) => !isTrial(reason));
  return live.length > 0 ? live : [unlistedReason(policy, read)];
}

function severityOf(
  policy: Policy,
  reasons: readonly Reason[],
  outcome: Outcome,
  adjustments: readonly PolicyAdjustment[],
): { severity: Severity; adjustedBy?: string } {
  let severity = highest(reasons);
  if (outcome !== 'succeeded') severity = failedSeverity(policy, reasons, outcome, severity);
  let adjustedBy: string | undefined;
  for (const { id, severity: bound, raise, hides } of adjustments) {
    let adjusted = raise ? higher(severity, bound) : lower(severity, bound);
    if (!raise) {
      // A guardrail stands against every entry that does not name it.
      const standing = reasons.filter((reason) => reason.guardrail && !hides.has(`detection:${reason.id}`));
      if (standing.length > 0) adjusted = higher(adjusted, lower(severity, highest(standing)));
    }
    if (adjusted !== severity) {
      severity = adjusted;
      adjustedBy = id;
    }
  }
  return adjustedBy === undefined ? { severity } : { severity, adjustedBy };
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

function failedSeverity(
  policy: Policy,
  reasons: readonly Reason[],
  outcome: Exclude<Outcome, 'succeeded'>,
  severity: Severity,
): Severity {
  if (outcome === 'dry-run') return 'informational';
  const cap = outcome === 'denied' ? policy.failed.denied : policy.failed.other;
  if (cap === 'same') return severity;
  return higher(lower(severity, cap), highest(reasons.filter(({ aboutFailure }) => aboutFailure)));
}

function highest(reasons: readonly Reason[]): Severity {
  return reasons.reduce<Severity>((severity, reason) => higher(severity, reason.severity), 'informational');
}
