import { compileRegex } from '../regex/linear-regex.ts';
import { compileSelector } from '../selector.ts';
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

/** Rows for names AWS does not have, as far as the catalogue knows. */
export function* unknownNames(subject: Subject): Iterable<Report> {
  for (const { eventSource, events } of subject.severities.services) {
    const known = subject.knownNames(eventSource);
    if (known === undefined) {
      const [first = ''] = Object.keys(events);
      const file = fileOfRow(subject, eventSource, first);
      yield warning(file, '/eventSource', `no ${eventSource} in the catalogue`, 'compare with a record');
      continue;
    }
    const byLowerCase = new Map([...known].map((name) => [name.toLowerCase(), name]));
    for (const eventName of Object.keys(events)) {
      if (known.has(eventName)) continue;
      const meant = byLowerCase.get(eventName.toLowerCase());
      yield warning(
        fileOfRow(subject, eventSource, eventName),
        pointerTo(['events', eventName]),
        `no ${eventSource}/${eventName} in the catalogue`,
        meant ? `write ${JSON.stringify(meant)}` : 'compare with a record; a name AWS never writes matches nothing',
      );
    }
  }
}
