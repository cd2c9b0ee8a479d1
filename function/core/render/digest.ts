import type { Digest, DigestTopic, HeldFinding } from '../digest.ts';
import { compareSeverities } from '../severity.ts';
import type { MessageAttribute } from './attributes.ts';
import { digestAttributes } from './digest-attributes.ts';
import { chatLine, renderDigestChat } from './digest-chat.ts';
import { heldEntry, renderDigestDocument } from './digest-document.ts';
import { runsOf } from './digest-parts.ts';
import { digestSubject, type Part } from './digest-prose.ts';
import { principalLine, renderDigestText, targetLine } from './digest-text.ts';

/** One SNS message, complete but for its topic. */
export interface DigestMessage {
  readonly Subject?: string;
  readonly Message: string;
  readonly MessageAttributes: Record<string, MessageAttribute>;
}

/** Most bytes of one message: SNS takes 256 KB, attributes included. */
const MAX_MESSAGE_BYTES = 195_000;

/** Characters of named targets in one chat message, of 8,000. */
const CHAT_ROOM = 4_500;

/** The longest label a part can have, to measure by. */
const LAST_PART: Part = { number: 99_999, of: 99_999 };

/** Chat messages of one digest; what they have no room for is named by mail. */
const MOST_CHAT_PARTS = 5;

/**
 * The messages of a digest for a topic, at least one, each below 200 KB, and below 256 KB with its attributes. On `alerts` and `findings`
 * every target is named, the most severe first within its principal; on `chat` as many as fit.
 */
export function renderDigest(digest: Digest, topic: DigestTopic): DigestMessage[] {
  const MessageAttributes = digestAttributes(digest);
  const held = inOrder(digest.held);
  switch (topic) {
    case 'alerts': {
      const isMixed = digest.window.kind !== 'storm';
      const runs = runsOf(
        held,
        roomBeside(renderDigestText(digest, [], LAST_PART)),
        (finding, before) =>
          bytesOf(targetLine(finding, isMixed)) +
          (before?.principal === finding.principal ? 0 : 1 + bytesOf(principalLine(finding))),
      );
      return runs.map((run, index) => {
        const part = { number: index + 1, of: runs.length };
        const Message = renderDigestText(digest, run, part);
        return { Subject: digestSubject(digest, part), Message, MessageAttributes };
      });
    }
    case 'findings': {
      const room = roomBeside(renderDigestDocument(digest, [], LAST_PART));
      const runs = runsOf(held, room, (finding) => bytesOf(JSON.stringify(heldEntry(finding))));
      return runs.map((run, index) => {
        const Message = renderDigestDocument(digest, run, { number: index + 1, of: runs.length });
        return { Message, MessageAttributes };
      });
    }
    case 'chat': {
      const runs = runsOf(held, CHAT_ROOM, (finding) => chatLine(finding).length + 1);
      const shown = runs.slice(0, MOST_CHAT_PARTS);
      const unnamed = held.length - shown.reduce((sum, run) => sum + run.length, 0);
      return shown.map((run, index) => {
        const part = { number: index + 1, of: shown.length };
        const Message = renderDigestChat(digest, run, part, index === shown.length - 1 ? unnamed : 0);
        return { Message, MessageAttributes };
      });
    }
  }
}

/** Principals together, those with the most severe first; the same order however the rows were read. */
function inOrder(held: readonly HeldFinding[]): readonly HeldFinding[] {
  const worst = new Map<string, HeldFinding['severity']>();
  for (const { principal, severity } of held) {
    const known = worst.get(principal);
    if (known === undefined || compareSeverities(severity, known) > 0) worst.set(principal, severity);
  }
  const worstOf = ({ principal, severity }: HeldFinding) => worst.get(principal) ?? severity;
  return held.toSorted(
    (a, b) =>
      compareSeverities(worstOf(b), worstOf(a)) ||
      compareTexts(a.principal, b.principal) ||
      compareSeverities(b.severity, a.severity) ||
      compareTexts(a.target, b.target) ||
      compareTexts(a.eventID ?? '', b.eventID ?? ''),
  );
}

function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** What a message has for named targets; texts of the window are bounded, so that there is always much. */
function roomBeside(frame: string): number {
  return MAX_MESSAGE_BYTES - bytesOf(frame);
}

/** With the line feed or comma after it. */
function bytesOf(line: string): number {
  return Buffer.byteLength(line) + 1;
}
