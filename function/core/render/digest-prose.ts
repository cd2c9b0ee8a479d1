import type { Digest } from '../digest.ts';
import { figuresOf } from '../digest-figures.ts';
import { cutTo, neutraliseForMail } from '../neutral.ts';
import { asSubject, MAX_SUBJECT_LENGTH } from './subject.ts';

type Show = (value: string, maxLength?: number) => string;

/** One of the messages a digest is split into; both numbers begin at 1. */
export interface Part {
  readonly number: number;
  readonly of: number;
}

/** The figures in a subject come after the title, so it must leave room for them. */
const MAX_TITLE = 40;

/** ` [part 2/3]`, or nothing where one message is enough. */
export function partLabel({ number, of }: Part): string {
  return of > 1 ? ` [part ${number}/${of}]` : '';
}

/** `[HIGH] prod-payments: 37 more held back: Access key created (12 targets, 3 callers) [part 1/3]`; printable ASCII. */
export function digestSubject(digest: Digest, part: Part): string {
  const label = partLabel(part);
  const whole = asSubject(`[${figuresOf(digest).severity.toUpperCase()}] ${headline(digest, neutraliseForMail)}`);
  const room = MAX_SUBJECT_LENGTH - label.length;
  return (whole.length <= room ? whole : `${whole.slice(0, room - 3)}...`) + label;
}

/** What was held back, in a few words, the account first. */
export function headline(digest: Digest, show: Show): string {
  const { window } = digest;
  const { count, targets, principals } = figuresOf(digest);
  const on = `${counted(targets, 'target')}, ${counted(principals, 'caller')}`;
  switch (window.kind) {
    case 'storm':
      return `${cutTo(accountOf(digest, show), 30)}: ${count} more held back: ${show(window.title, MAX_TITLE)} (${on})`;
    case 'ceiling':
      return `${counted(count, 'alert')} held back, over the ceiling of messages a minute (${on})`;
    case 'ceiling-without-ledger':
      return `${counted(count, 'alert')} not sent one by one, too many at once (${on})`;
  }
}

/** Sentences that say what was held back, when, why it was not sent at once, and whether all of it is named. */
export function digestSentences(digest: Digest, show: Show): string[] {
  const cut = `A digest has room for no more than the ${digest.held.length} named; the others are in the log.`;
  return digest.isCut ? [...whatWasHeld(digest, show), cut] : whatWasHeld(digest, show);
}

function whatWasHeld(digest: Digest, show: Show): string[] {
  const { window } = digest;
  const { count, targets, principals } = figuresOf(digest);
  const between = `between ${minuteOf(window.from)} and ${minuteOf(window.to)} UTC`;
  const named = `${counted(count, 'finding')}: ${counted(targets, 'target')}, ${counted(principals, 'caller')}.`;
  switch (window.kind) {
    case 'storm': {
      const call = show(window.eventName ?? 'an unnamed call');
      const service = show(window.eventSource ?? 'an unnamed service');
      return [
        `Held back ${between}, of ${call} on ${service} in ${accountOf(digest, show)}: ${named}`,
        'The first ones were sent at once. These repeat them, and are sent together so that nobody is flooded.',
      ];
    }
    case 'ceiling':
      return [
        `Held back ${between}: ${named}`,
        'More findings were due on this topic than the ceiling of messages a minute lets through. The least severe were held back; these are they.',
      ];
    case 'ceiling-without-ledger':
      return [
        `Not sent one by one at ${minuteOf(window.to)} UTC: ${named}`,
        'More findings were due on this topic than the ceiling lets through, and the ledger that keeps them for a digest could not be reached. Some may have been sent before.',
      ];
  }
}

function accountOf({ window: { accountName, accountId } }: Digest, show: Show): string {
  return accountName ?? (accountId ? `account ${show(accountId, 20)}` : 'unknown account');
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** `2026-11-20 13:20`; a time no date can hold, as no clock of AWS gives, is said to be unknown. */
function minuteOf(time: number): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? 'an unknown time' : date.toISOString().slice(0, 16).replace('T', ' ');
}
