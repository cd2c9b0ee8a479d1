import type { Finding } from '../finding.ts';
import { neutraliseForChat, neutraliseForMail } from '../neutral.ts';
import { ageOf, sentence, stepsFor, whyFor } from './prose.ts';
import { accountLabel } from './subject.ts';

/**
 * Limits of a custom notification, in characters.
 * @see https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html
 */
const MAX = { title: 250, description: 8000, step: 350, keyword: 75 } as const;

/**
 * The finding as an Amazon Q Developer custom notification for Slack and Teams:
 * `{"version":"1.0","source":"custom","id":…,"content":{…},"metadata":{…}}`. Everything from the record stands in code
 * spans without mentions, links or formatting.
 */
export function renderChat(finding: Finding, now: Date): string {
  const { verdict, links, read } = finding;
  const cut = (text: string, length: number) => (text.length > length ? `${text.slice(0, length - 1)}…` : text);
  const description = [
    `*${verdict.severity.toUpperCase()}* ${ageOf(finding, now)}`,
    sentence(finding, neutraliseForChat),
    ...whyFor(finding).map((line) => `• ${line}`),
    [
      links.event ? `[record](${links.event})` : '',
      links.queryByPrincipal ? `[what the caller did](${links.queryByPrincipal})` : '',
    ]
      .filter(Boolean)
      .join(' · '),
  ].filter(Boolean);
  return JSON.stringify({
    version: '1.0',
    source: 'custom',
    id: neutraliseForMail(finding.dedupKey, 128),
    content: {
      textType: 'client-markdown',
      title: cut(
        `[${verdict.severity.toUpperCase()}] ${accountLabel(finding)}: ${neutraliseForChat(finding.what, 180)}`,
        MAX.title,
      ),
      description: cut(description.join('\n\n'), MAX.description),
      nextSteps: stepsFor(finding).map((step) => cut(step, MAX.step)),
      keywords: [verdict.severity, finding.accountName, read.eventSource].flatMap((word) =>
        word ? [cut(neutraliseForMail(word), MAX.keyword)] : [],
      ),
    },
    metadata: {
      threadId: cut(`${finding.accountId ?? ''}/${read.eventSource ?? ''}/${read.eventName ?? ''}`, 250),
      summary: cut(neutraliseForChat(finding.what, 180), MAX.title),
    },
  });
}
