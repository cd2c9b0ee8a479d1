import type { Plain, Plan } from './plan.ts';
import type { Policy, PolicyDetection, PolicyRow } from './policy.ts';
import { type CloudTrailRecord, type ReadRecord, withoutApiVersion } from './record.ts';
import { selectedOf } from './selector-index.ts';
import { compareSeverities } from './severity.ts';
import type { Reason } from './verdict.ts';
import { matching } from './watching.ts';

const ORDER: Readonly<Record<Reason['by'], number>> = { detection: 0, deletion: 1, row: 2, unlisted: 3 };

/**
 * Everything that speaks for a severity, strongest first; at equal severity in the order detection, deletion, row.
 * Never empty: what nothing speaks for is unlisted. Where all that speaks is on trial, being unlisted speaks as well if
 * it says more, so that a trial never makes a record quieter. `reached` names the counted detections whose count this
 * record reaches. Where the row speaks alone, or nothing does, what the plan keeps of that.
 */
export function reasonsFor(
  policy: Policy,
  plan: Plan,
  { record }: ReadRecord,
  reached: ReadonlySet<string>,
): Plain | readonly [Reason, ...Reason[]] {
  const single = matching(plan.detections, record);
  const detections =
    reached.size === 0 ? single : [...single, ...plan.counted.entries.filter(({ id }) => reached.has(id))];
  const { row, listed } = plan;
  const deleted = plan.isDeletionName && selectedOf(plan.unless, record).length === 0;
  const plain = detections.length === 0 && !deleted;
  if (plain && listed !== undefined) return listed;
  const unlisted = isReadOnly(record) ? plan.unlisted.readOnly : plan.unlisted.other;
  if (plain) return unlisted;
  const reasons: Reason[] = detections.map(detectionReason);
  if (deleted) reasons.push({ by: 'deletion', severity: policy.deletionSeverity, code: 'an_aws_resource_was_deleted' });
  if (row) reasons.push(...row.reasons);
  if (reasons.every((reason) => reason.trial)) {
    const [reason] = unlisted.reasons;
    if (reasons.every(({ severity }) => compareSeverities(reason.severity, severity) > 0)) reasons.push(reason);
  }
  return reasons.sort(byStrength) as [Reason, ...Reason[]];
}

/** What an unlisted record is rated: by its service, by whether it reads, or by its kind. */
export function unlistedReason({ unlisted, table }: Policy, read: ReadRecord): Reason {
  if (read.kind === 'insight') return { by: 'unlisted', severity: unlisted.insight, code: 'aws_insight' };
  if (read.kind === 'event') {
    if (!table.has(read.eventSource ?? '')) {
      return { by: 'unlisted', severity: unlisted.service, code: 'aws_resource_not_listed' };
    }
    if (isReadOnly(read.record)) {
      return { by: 'unlisted', severity: unlisted.readOnlyEvent, code: 'aws_event_not_listed' };
    }
  }
  return { by: 'unlisted', severity: unlisted.event, code: 'aws_event_not_listed' };
}

/** The row of a single call: the exact event name first, then the name without its API version. */
export function rowOf(policy: Policy, { kind, eventSource, eventName }: ReadRecord): PolicyRow | undefined {
  if (kind !== 'event') return undefined;
  const rows = policy.table.get(eventSource ?? '');
  if (rows === undefined) return undefined;
  const name = eventName ?? '';
  return rows.get(name) ?? rows.get(withoutApiVersion(name) ?? '');
}

/** True when the deletion pattern finds the name of a call and its row does not override it. */
export function isDeletionName(policy: Policy, read: ReadRecord, row: PolicyRow | undefined): boolean {
  return read.kind === 'event' && policy.deletionPattern.test(read.eventName ?? '') && row?.overridesDeletion !== true;
}

function detectionReason({ id, severity, explanation, trial, guardrail }: PolicyDetection): Reason {
  return { by: 'detection', id, severity, code: 'detection_matched', explanation, trial, guardrail };
}

function isReadOnly(record: CloudTrailRecord): boolean {
  return record['readOnly'] === true;
}

function byStrength(a: Reason, b: Reason): number {
  return compareSeverities(b.severity, a.severity) || ORDER[a.by] - ORDER[b.by];
}
