import type { Finding } from '../finding.ts';
import { neutralise } from '../neutral.ts';
import { ROOT } from '../principal.ts';
import { textOf, timeOf } from '../record.ts';

type Show = (value: string) => string;

/** `at 02:41 UTC on 2026-11-20, 3 minutes ago`; only what the record lets us say. */
export function ageOf({ eventTime }: Finding, now: Date): string {
  const time = timeOf(eventTime);
  if (time === undefined) return 'at an unknown time';
  const iso = time.toISOString();
  const seconds = Math.round((now.getTime() - time.getTime()) / 1000);
  return `at ${iso.slice(11, 16)} UTC on ${iso.slice(0, 10)}, ${seconds < 0 ? 'in the future by our clock' : `${spokenAge(seconds)} ago`}`;
}

function spokenAge(seconds: number): string {
  const unit = (count: number, name: string) => `${count} ${name}${count === 1 ? '' : 's'}`;
  if (seconds < 90) return unit(seconds, 'second');
  if (seconds < 90 * 60) return unit(Math.round(seconds / 60), 'minute');
  if (seconds < 36 * 3600) return unit(Math.round(seconds / 3600), 'hour');
  return unit(Math.round(seconds / 86_400), 'day');
}

/** One sentence: who did what, where, from where, and how it ended. `show` neutralises for the reader's medium. */
export function sentence(finding: Finding, show: Show): string {
  const { principal, read, target, serviceName, accountName, accountId, region, verdict } = finding;
  const service = serviceName ?? (read.eventSource ? show(read.eventSource) : 'an unnamed service');
  const account = accountName ? `${accountName} (${show(accountId ?? '')})` : show(accountId ?? 'an unknown account');
  const where = ` in ${account}${region ? `, ${show(region)}` : ''}`;
  if (read.kind !== 'event') {
    const name = read.eventName ? `${show(read.eventName)} ` : '';
    return read.kind === 'insight'
      ? `CloudTrail Insights saw an unusual rate of ${name}calls on ${service}${where}.`
      : `CloudTrail summed up data events on ${service}${where}.`;
  }
  const from = textOf(read.record['sourceIPAddress']);
  const who = principal.kind === ROOT ? 'The root user' : capitalised(`${principal.kind} ${show(principal.name)}`);
  return `${who} called ${show(read.eventName ?? '')} on ${service}${
    target ? ` (${show(target.parameter)}: ${show(target.name)})` : ''
  }${where}${from ? `, from ${show(from)}` : ''}. ${result(finding, verdict.failed, show)}`;
}

function result(finding: Finding, failed: Finding['verdict']['failed'], show: Show): string {
  if (failed === undefined) return 'The call succeeded.';
  const { record } = finding.read;
  const cause = textOf(record['errorCode']) ?? textOf(record['errorMessage']);
  const because = cause ? ` (${show(cause)})` : '';
  if (failed === 'dry-run') return `It was a dry run${because}: permitted, and not carried out.`;
  return failed === 'denied' ? `It was denied${because}.` : `It failed${because}.`;
}

/** Why the finding fired, strongest reason first; our own words and the table's, nothing of the record's. */
export function whyFor({ verdict, read }: Finding): string[] {
  return verdict.reasons.map(({ by, id, severity, explanation, aboutFailure }) => {
    const said = explanation?.reason ?? WHY_WITHOUT_WORDS[by];
    const given =
      by === 'detection' ? `detection ${id}` : by === 'row' ? `row ${neutralise(read.eventName ?? '', 128)}` : by;
    const techniques = explanation?.techniques?.length ? ` [${explanation.techniques.join(', ')}]` : '';
    // Reasons are written for calls that went through, but for those of the failure itself.
    const had = verdict.failed && explanation && !aboutFailure ? 'Had it gone through: ' : '';
    return `${had}${said} (${given}: ${severity})${techniques}`;
  });
}

const WHY_WITHOUT_WORDS = {
  detection: 'A detection matched.',
  deletion: 'Something was deleted, revoked or removed.',
  row: 'The severity table lists this call.',
  unlisted: 'The severity table does not list this call.',
} as const;

/** What to do: the reasons' own steps, else what helps with any call. */
export function stepsFor({ explanations, verdict }: Finding): string[] {
  const own = explanations.flatMap(({ nextSteps }) => nextSteps ?? []);
  if (own.length > 0) return own.slice(0, 8);
  return [
    verdict.failed
      ? 'Ask the caller whether the attempt was theirs; a denied call can be the first sign of a stolen credential.'
      : 'Ask the caller, over another channel, whether the call was theirs.',
    'Look at what the same caller did in the hour around it.',
    'If nobody claims it: deactivate the credential, then undo the change.',
  ];
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
