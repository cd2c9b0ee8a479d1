import { neutraliseForMail } from '../core/neutral.ts';
import { MAX_SUBJECT_LENGTH } from '../core/render/subject.ts';
import { publishAll, type SnsLoader } from './publisher.ts';
import type { Deadline } from './sink.ts';

/** Most positions a notice names; the log has them all. */
export const MAX_NAMED = 10;

/** Characters of an object's name and the place in it. */
const MAX_POSITION = 1_200;

/** A rejected record: where it stood and why, nothing of its content. */
export interface RejectedRecord {
  readonly position: string;
  readonly why: string;
}

/**
 * Tells the operations topic about rejected records, one notice for all of them.
 * @param first the first of them, up to {@link MAX_NAMED} of which are named
 * @param count how many there were
 * @returns the code of the refusal, or undefined when the notice was taken
 */
export async function noticeRejected(
  load: SnsLoader,
  topicArn: string,
  functionName: string,
  first: readonly RejectedRecord[],
  count: number,
  deadline: Deadline,
): Promise<string | undefined> {
  const named = first.slice(0, MAX_NAMED).map(({ position, why }) => `  ${inMail(position)}: ${why}`);
  if (count > named.length) named.push(`  and ${count - named.length} more`);
  const Message = [
    `${functionName} received ${count} log event(s) that are not CloudTrail records. Nothing else was affected.`,
    '',
    ...named,
    '',
    'Look whether something else than CloudTrail writes to the log group or bucket; the function logged each position.',
    '',
  ].join('\n');
  const Subject = `[trailbell] ${count} unreadable record(s)`.slice(0, MAX_SUBJECT_LENGTH);
  const [fate] = await publishAll(
    load,
    topicArn,
    [{ key: 'notice', render: () => ({ Subject, Message, MessageAttributes: {} }) }],
    deadline,
  );
  return fate?.errorCode;
}

/** Whoever writes to a bucket chooses an object's key; places inside an event are our own words. */
function inMail(position: string): string {
  return position.startsWith('s3://') ? neutraliseForMail(position, MAX_POSITION) : position;
}
