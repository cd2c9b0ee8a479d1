import { type Digest, type HeldFinding, MAX_TARGET } from '../digest.ts';
import { figuresOf } from '../digest-figures.ts';
import { digestLink } from '../digest-link.ts';
import { neutraliseForMail } from '../neutral.ts';
import { digestSentences, type Part, partLabel } from './digest-prose.ts';

/** The line above the targets of one principal. */
export function principalLine({ principal }: HeldFinding): string {
  return `By ${neutraliseForMail(principal)}`;
}

/** The line that names one target. */
export function targetLine(
  { target, severity, failed, eventTime, eventID, what }: HeldFinding,
  isMixed: boolean,
): string {
  const facts = [
    severity,
    ...(isMixed && what ? [neutraliseForMail(what)] : failed ? [neutraliseForMail(failed)] : []),
    ...(eventTime ? [neutraliseForMail(eventTime, 40)] : []),
    ...(eventID ? [`event ${neutraliseForMail(eventID, 64)}`] : []),
  ];
  return `  - ${neutraliseForMail(target, MAX_TARGET)} (${facts.join(', ')})`;
}

/** The mail: what was held back and when; every target of this part by its principal; why; what to do; the query. */
export function renderDigestText(digest: Digest, held: readonly HeldFinding[], part: Part): string {
  const { window } = digest;
  const link = digestLink(digest);
  const isMixed = window.kind !== 'storm';
  const section = (title: string, lines: readonly string[]) => (lines.length > 0 ? ['', title, ...lines] : []);
  return [
    `${figuresOf(digest).severity.toUpperCase()} digest${partLabel(part)}`,
    '',
    ...digestSentences(digest, neutraliseForMail),
    ...held.flatMap((finding, index) => [
      ...(held[index - 1]?.principal === finding.principal ? [] : ['', principalLine(finding)]),
      targetLine(finding, isMixed),
    ]),
    ...section(
      'Why these matter',
      window.why.map((line) => `  - ${line}`),
    ),
    ...section(
      'What to do next',
      window.nextSteps.map((line, index) => `  ${index + 1}. ${line}`),
    ),
    ...section('Links', link ? [`  In the log: ${link}`] : []),
    '',
    `trailbell, severities ${window.policyVersion}`,
    '',
  ].join('\n');
}
