import type { Finding } from '../finding.ts';
import { neutraliseForMail, printableAscii } from '../neutral.ts';

/** SNS takes subjects of fewer than 100 characters. @see https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
export const MAX_SUBJECT_LENGTH = 99;

/** `[HIGH] prod-payments: access key created for bob by alice`: printable ASCII, one line, at most 99 characters. */
export function subjectOf(finding: Finding): string {
  return asSubject(
    `[${finding.verdict.severity.toUpperCase()}] ${accountLabel(finding)}: ${neutraliseForMail(finding.what)}`,
  );
}

/** Any text as a mail subject. */
export function asSubject(text: string): string {
  const ascii = printableAscii(text);
  return ascii.length <= MAX_SUBJECT_LENGTH ? ascii : `${ascii.slice(0, MAX_SUBJECT_LENGTH - 3)}...`;
}

/** The account's name, else its number as `show` neutralises it. */
export function accountLabel({ accountName, accountId }: Finding, show = neutraliseForMail): string {
  return accountName ?? (accountId ? `account ${show(accountId, 20)}` : 'unknown account');
}
