import type { Policy, PolicyDetection, PolicyRow } from './policy.ts';
import { type CloudTrailRecord, type ReadRecord, withoutApiVersion } from './record.ts';
import { compareSeverities } from './severity.ts';
import type { Reason } from './verdict.ts';

const ORDER: Readonly<Record<Reason['by'], number>> = { detection: 0, deletion: 1, row: 2, unlisted: 3 };

/**
 * Everything that speaks for a severity, strongest first; at equal severity in the order detection, deletion, row.
 * Never empty: what nothing speaks for is unlisted. Where all that speaks is on trial, being unlisted speaks as well if
 * it says more, so that a trial never makes a record quieter.
 */
export function reasonsFor(policy: Policy, read: ReadRecord): readonly [Reason, ...Reason[]] {
  const detections = policy.detections.all(read);
  const row = read.kind === 'event' ? rowOf(policy, read) : undefined;
  const deleted = read.kind === 'event' && isDeletion(policy, read, row);
  if (detections.length === 0 && !deleted) return row ? row.reasons : [unlistedReason(policy, read)];
  const reasons: Reason[] = detections.map(detectionReason);
  if (deleted) reasons.push({ by: 'deletion', severity: policy.deletionSeverity, code: 'an_aws_resource_was_deleted' });
  if (row) reasons.push(...row.reasons);
  if (reasons.every((reason) => reason.trial)) {
    const unlisted = unlistedReason(policy, read);
    if (reasons.every((reason) => compareSeverities(unlisted.severity, reason.severity) > 0)) reasons.push(unlisted);
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

/** The row of a record: the exact event name first, then the name without its API version. */
export function rowOf(policy: Policy, { eventSource, eventName }: ReadRecord): PolicyRow | undefined {
  const rows = policy.table.get(eventSource ?? '');
  if (rows === undefined) return undefined;
  const name = eventName ?? '';
  return rows.get(name) ?? rows.get(withoutApiVersion(name) ?? '');
}

/** True when the deletion pattern finds the name, and neither the row nor an `unless` entry says otherwise. */
export function isDeletion(policy: Policy, read: ReadRecord, row: PolicyRow | undefined): boolean {
  return (
    policy.deletionPattern.test(read.eventName ?? '') &&
    row?.overridesDeletion !== true &&
    policy.unless.first(read) === undefined
  );
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
