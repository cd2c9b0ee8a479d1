import type { Mention } from './mention.ts';
import type { Report } from './report.ts';

/** How many records there are, and from when. */
export function spanLine({ received, from, to, outside }: Report): string {
  const rest = outside > 0 ? `; ${outside} outside of --where, --since and --until` : '';
  return `${received} record(s)${from !== null && to !== null ? `, ${from} to ${to}` : ''}${rest}`;
}

/** The balance: each record counts once. */
export function balanceLine({ received, ...report }: Report): string {
  const names = ['whitelisted', 'quiet', 'logged', 'published', 'rejected'] as const;
  return `Balance: ${received} received = ${names.map((name) => `${report[name]} ${name}`).join(' + ')}`;
}

/** How many findings people would have got. */
export function findingsLine({ published, publishedPer1000, onTrial }: Report): string {
  const trial = onTrial > 0 ? `; ${onTrial} more by detections on trial` : '';
  return `Findings: ${published}, ${publishedPer1000} per 1,000 records${trial}`;
}

/** How many messages that is for a person, storms held back and repeats left out. */
export function messagesLine({ messages: { messages, atOnce, digests, heldBack, repeated, isExact } }: Report): string {
  const held = heldBack > 0 ? ` and ${digests} digest(s) naming the ${heldBack} held back` : '';
  const repeats = repeated > 0 ? `; ${repeated} sent before` : '';
  return `Messages after storm control: ${isExact ? '' : 'at most '}${messages}, ${atOnce} at once${held}${repeats}`;
}

/** One record in one line: when, and the subject of its mail or else who called what. */
export function mentionLine({ eventTime, eventID, subject, call, principal }: Mention): string {
  return `${eventTime ?? 'no eventTime'}  ${subject ?? `${call} by ${principal}`}  ${eventID ?? 'no eventID'}`;
}

/** A figure as the first column of a table. */
export function column(figure: number): string {
  return String(figure).padStart(9);
}

/** How fast it was. */
export function speedLine({ speed: { seconds, recordsPerSecond, jobs } }: Report): string {
  const threads = jobs === 1 ? 'one thread' : `${jobs} threads`;
  return `${recordsPerSecond.toLocaleString('en-US')} records a second: ${seconds.toFixed(1)} s, ${threads}`;
}
