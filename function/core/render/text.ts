import type { Finding } from '../finding.ts';
import { neutraliseForMail } from '../neutral.ts';
import { textOf } from '../record.ts';
import { ageOf, sentence, stepsFor, whyFor } from './prose.ts';

/** Record fields worth showing, in reading order. */
const FIELDS = [
  'eventID',
  'eventTime',
  'eventSource',
  'eventName',
  'awsRegion',
  'recipientAccountId',
  'sourceIPAddress',
  'userAgent',
  'errorCode',
  'errorMessage',
] as const;

/**
 * The mail: when; who did what where and how it ended; why it fired; what to do next; links; chosen fields. Plain text,
 * every value from the record neutralised and bounded, so a message stays below 32 KB. Not meant for SMS.
 */
export function renderText(finding: Finding, now: Date): string {
  const { record } = finding.read;
  const { links } = finding;
  const show = (value: string) => neutraliseForMail(value);
  const fields = FIELDS.flatMap((field) => {
    const value = textOf(record[field]);
    return value ? [`  ${field}: ${show(value)}`] : [];
  });
  if (finding.principal.arn) fields.push(`  userIdentity.arn: ${show(finding.principal.arn)}`);
  const section = (title: string, lines: readonly string[]) => (lines.length > 0 ? ['', title, ...lines] : []);
  return [
    `${finding.verdict.severity.toUpperCase()} ${ageOf(finding, now)}`,
    '',
    sentence(finding, show),
    ...section(
      'Why this alert',
      whyFor(finding).map((line) => `  - ${line}`),
    ),
    ...section(
      'What to do next',
      stepsFor(finding).map((line, index) => `  ${index + 1}. ${line}`),
    ),
    ...section('Links', [
      ...(links.event ? [`  This record: ${links.event}`] : []),
      ...(links.queryByEvent ? [`  In the log: ${links.queryByEvent}`] : []),
      ...(links.queryByPrincipal ? [`  The caller, an hour either side: ${links.queryByPrincipal}`] : []),
      ...finding.explanations.flatMap(({ runbook }) => (runbook ? [`  Runbook: ${runbook}`] : [])),
    ]),
    ...section('Fields', fields),
    '',
    `trailbell, severities ${finding.policyVersion}, team ${finding.team.join(', ')}`,
    '',
  ].join('\n');
}
