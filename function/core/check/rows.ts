import { compileRegex } from '../regex/linear-regex.ts';
import { compileSelector } from '../selector.ts';
import { DRAFTED_REASONS } from '../severities/drafted-rows.ts';
import { pointerTo } from '../severities/json.ts';
import { atLeast } from '../severity.ts';
import { failure, type Report, warning } from './report.ts';
import { fileOfRow, type Subject } from './subject.ts';

/**
 * Rows that can never take effect: below the deletion severity, under a name the deletion pattern finds. An `unless`
 * entry spares a row when it names its service or event; one about callers alone is nothing a row was written for.
 */
export function* shadowedRows(subject: Subject): Iterable<Report> {
  const { services, policy } = subject.severities;
  const pattern = compileRegex(policy.deletions.pattern);
  const unless = policy.deletions.unless
    .filter((entry) => entry.eventSource !== undefined || entry.eventNames !== undefined)
    .map(compileSelector);
  for (const { eventSource, events } of services) {
    for (const [eventName, row] of Object.entries(events)) {
      const written = typeof row === 'string' ? { severity: row, reason: 'why it is no loss' } : row;
      const { severity } = written;
      if ('overridesDeletion' in written || atLeast(severity, policy.deletions.severity) || !pattern.test(eventName))
        continue;
      const mayBeSpared = unless.some(
        (entry) => (entry.eventSource ?? eventSource) === eventSource && entry.matchesName(eventName),
      );
      if (mayBeSpared) continue;
      yield failure(
        fileOfRow(subject, eventSource, eventName),
        pointerTo(['events', eventName]),
        `${eventName} is rated ${policy.deletions.severity} by the deletion pattern; a row at ${severity} does not lower it`,
        `${JSON.stringify(eventName)}: ${JSON.stringify({ ...written, overridesDeletion: true })}`,
      );
    }
  }
}

/** Rows that still say what `draft` wrote: nobody has judged them. */
export function* draftedRowsLeft(subject: Subject): Iterable<Report> {
  for (const { eventSource, events } of subject.severities.services) {
    for (const [eventName, row] of Object.entries(events)) {
      if (typeof row === 'string' || !DRAFTED_REASONS.has(row.reason)) continue;
      yield warning(
        fileOfRow(subject, eventSource, eventName),
        pointerTo(['events', eventName, 'reason']),
        `${eventName} still has the reason that draft gave it`,
        `${JSON.stringify(eventName)}: ${JSON.stringify({ ...row, reason: 'what it means here' })}, or remove the row`,
      );
    }
  }
}
