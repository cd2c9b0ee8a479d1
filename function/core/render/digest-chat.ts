import type { Digest, HeldFinding } from '../digest.ts';
import { figuresOf } from '../digest-figures.ts';
import { digestLink } from '../digest-link.ts';
import { cutTo, neutraliseForChat, plainForChat } from '../neutral.ts';
import { digestSentences, headline, type Part, partLabel } from './digest-prose.ts';

/**
 * Limits of a custom notification, in characters.
 * @see https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html
 */
const MAX = { title: 250, description: 8000, step: 350, keyword: 75, part: 80 } as const;

/** Longer links leave no room for words, and a cut one leads nowhere. */
const MAX_LINK = 2000;

/** Characters of a target, and of a principal, in a list that has 8,000 in all. */
const MAX_NAME = 160;

/** The line that names one target and who was at it. */
export function chatLine({ target, principal, severity, failed }: HeldFinding): string {
  const how = failed ? `, ${neutraliseForChat(failed, MAX_NAME)}` : '';
  return `• ${neutraliseForChat(target, MAX_NAME)} by ${neutraliseForChat(principal, MAX_NAME)}, ${severity}${how}`;
}

/**
 * The digest as an Amazon Q Developer custom notification. Everything from records stands in code spans.
 * @param unnamed targets that chat has no room for
 */
export function renderDigestChat(digest: Digest, held: readonly HeldFinding[], part: Part, unnamed: number): string {
  const { window, id } = digest;
  const { severity } = figuresOf(digest);
  const link = digestLink(digest);
  const ends = [
    ...(unnamed > 0
      ? [`and ${unnamed} more, ${window.topic ? 'in the log' : 'named by mail and in the findings topic'}`]
      : []),
    ...(link && link.length <= MAX_LINK ? [`[in the log](${link})`] : []),
  ].join('\n\n');
  const end = ends && `\n\n${ends}`;
  const list = held.map(chatLine).join('\n');
  const said = cutTo(
    [`*${severity.toUpperCase()}*`, ...digestSentences(digest, neutraliseForChat)].join('\n\n'),
    MAX.description - end.length - list.length - 2,
  );
  return JSON.stringify({
    version: '1.0',
    source: 'custom',
    id: plainForChat(`${id}/${part.number}`, 128),
    content: {
      textType: 'client-markdown',
      title: cutTo(`[${severity.toUpperCase()}] ${headline(digest, plainForChat)}${partLabel(part)}`, MAX.title),
      description: `${said}\n\n${list}${end}`,
      nextSteps: window.nextSteps.map((step) => cutTo(step, MAX.step)),
      keywords: [severity, window.accountName, window.eventSource].flatMap((word) =>
        word ? [plainForChat(word, MAX.keyword)] : [],
      ),
    },
    metadata: {
      threadId: [window.accountId, window.eventSource, window.eventName]
        .map((name) => plainForChat(name ?? '', MAX.part))
        .join('/'),
      summary: cutTo(headline(digest, plainForChat), 180),
    },
  });
}
