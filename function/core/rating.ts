import type { Outcome } from './outcome.ts';
import type { Policy, PolicyAdjustment } from './policy.ts';
import { atLeast, higher, lower, type Severity } from './severity.ts';
import type { Rated, Reason } from './verdict.ts';

/**
 * Makes the verdict of what speaks for a record, strongest first: what a failed call is worth, then the adjust entries.
 * @param live what is left without detections on trial, which decides whether a record is published. @default reasons
 */
export function weigh(
  policy: Policy,
  reasons: readonly [Reason, ...Reason[]],
  outcome: Outcome,
  adjustments: readonly PolicyAdjustment[],
  live: readonly Reason[] = reasons,
): Rated {
  const { severity, adjustedBy } = severityOf(policy, reasons, outcome, adjustments);
  const published = live === reasons ? severity : severityOf(policy, live, outcome, adjustments).severity;
  const publishes = atLeast(published, policy.alertAt);
  return {
    verdict: 'rated',
    severity,
    code: reasons[0].code,
    action: publishes ? 'publish' : atLeast(severity, policy.logAt) ? 'log' : 'quiet',
    reasons,
    ...(adjustedBy === undefined ? undefined : { adjustedBy }),
    ...(outcome === 'succeeded' ? undefined : { failed: outcome }),
    ...(!publishes && atLeast(severity, policy.alertAt) ? { wouldPublish: true as const } : undefined),
  };
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
