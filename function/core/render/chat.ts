import type { Finding } from '../finding.ts';
import { cutTo, neutraliseForChat, plainForChat } from '../neutral.ts';
import { ageOf, sentence, stepsFor, whyFor } from './prose.ts';
import { accountLabel } from './subject.ts';

/**
 * Limits of a custom notification, in characters.
 * @see https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html
 */
const MAX = { title: 250, description: 8000, step: 350, keyword: 75, part: 80 } as const;

/** Longer links leave no room for words, and a cut one leads nowhere. */
const MAX_LINK = 2000;

/**
 * The finding as an Amazon Q Developer custom notification for Slack and Teams:
 * `{"version":"1.0","source":"custom","id":…,"content":{…},"metadata":{…}}`. Everything from the record stands in code
 * spans without mentions, links or formatting.
 */
export function renderChat(finding: Finding, now: Date): string {
  const { verdict, links, read } = finding;
  const severity = verdict.severity.toUpperCase();
  const headline = cutTo(`[${severity}] ${accountLabel(finding, plainForChat)}: `, 100);
  const said = [
    `*${severity}* ${ageOf(finding, now)}`,
    sentence(finding, neutraliseForChat),
    ...whyFor(finding).map((line) => `• ${line}`),
  ].join('\n\n');
  const led = Object.entries({ record: links.event, 'what the caller did': links.queryByPrincipal })
    .flatMap(([text, link]) => (link && link.length <= MAX_LINK ? [`[${text}](${link})`] : []))
    .join(' · ');
  const end = led && `\n\n${led}`;
  return JSON.stringify({
    version: '1.0',
    source: 'custom',
    id: plainForChat(finding.dedupKey, 128),
    content: {
      textType: 'client-markdown',
      title: headline + neutraliseForChat(finding.what, MAX.title - headline.length - 2),
      description: cutTo(said, MAX.description - end.length) + end,
      nextSteps: stepsFor(finding).map((step) => cutTo(step, MAX.step)),
      keywords: [verdict.severity, finding.accountName, read.eventSource].flatMap((word) =>
        word ? [plainForChat(word, MAX.keyword)] : [],
      ),
    },
    metadata: {
      threadId: [finding.accountId, read.eventSource, read.eventName]
        .map((part) => plainForChat(part ?? '', MAX.part))
        .join('/'),
      summary: neutraliseForChat(finding.what, 180),
    },
  });
}
