import type { Finding } from '../finding.ts';
import { neutralise, neutraliseForMail, printableJson } from '../neutral.ts';
import { textOf } from '../record.ts';
import { sentence, stepsFor, whyFor } from './prose.ts';
import { subjectOf } from './subject.ts';

/** Version of the document's shape: the minor rises when a field is added, the major when one changes or goes. */
export const SCHEMA_VERSION = '1.0';

/**
 * The finding as JSON for programs. `dedupKey` is the same whenever the same record is sent again. The record stands
 * verbatim under `record`; where it is left out, `recordOmitted` says why: `too_large`, `too_deep`, `not_wanted`.
 * @param maxBytes most bytes of the document in UTF-8; only the record is ever cut to keep it
 */
export function renderDocument(finding: Finding, includeRecord: boolean, maxBytes: number): string {
  const { verdict, read, principal, links } = finding;
  const { record } = read;
  const clean = (value: string | undefined) => (value === undefined ? null : neutralise(value));
  const head = {
    schemaVersion: SCHEMA_VERSION,
    dedupKey: clean(finding.dedupKey),
    severity: verdict.severity,
    code: verdict.code,
    title: subjectOf(finding),
    summary: sentence(finding, neutraliseForMail),
    failed: verdict.failed ?? null,
    adjustedBy: verdict.adjustedBy ?? null,
    reasons: verdict.reasons.map(({ by, id, severity }) => ({ by, ...(id && { id }), severity })),
    why: whyFor(finding),
    nextSteps: stepsFor(finding),
    techniques: [...new Set(finding.explanations.flatMap(({ techniques }) => techniques ?? []))],
    team: finding.team,
    account: { id: clean(finding.accountId), name: finding.accountName ?? null },
    region: clean(finding.region),
    eventID: clean(finding.eventID),
    eventTime: clean(finding.eventTime),
    eventSource: clean(read.eventSource),
    eventName: clean(read.eventName),
    principal: { name: clean(principal.name), kind: principal.kind, arn: clean(principal.arn) },
    target: finding.target ? { parameter: clean(finding.target.parameter), name: clean(finding.target.name) } : null,
    sourceIPAddress: clean(textOf(record['sourceIPAddress'])),
    links: {
      event: links.event ?? null,
      queryByEvent: links.queryByEvent ?? null,
      queryByPrincipal: links.queryByPrincipal ?? null,
    },
    policyVersion: finding.policyVersion,
  };
  if (!includeRecord) return JSON.stringify({ ...head, record: null, recordOmitted: 'not_wanted' });
  try {
    // Also what queues refuse is spelled as escapes.
    const whole = printableJson({ ...head, record });
    if (Buffer.byteLength(whole) <= maxBytes) return whole;
  } catch (error) {
    // A record nested deeper than the stack is the only value parsed from JSON that cannot be written again.
    if (!(error instanceof RangeError)) throw error;
    return JSON.stringify({ ...head, record: null, recordOmitted: 'too_deep' });
  }
  return JSON.stringify({ ...head, record: null, recordOmitted: 'too_large' });
}
