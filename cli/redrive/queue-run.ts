import type { SNSClient } from '@aws-sdk/client-sns';
import { neutralise } from '../../function/core/neutral.ts';
import type { TopicName } from '../../function/sinks/topic-message.ts';
import { AwsProblem, asking } from '../aws/problem.ts';
import type { Held, Queue } from './queue.ts';
import { progressOf, REFUSED_IN_A_ROW, type Run } from './run.ts';
import type { SentLedger } from './sent-ledger.ts';
import { readUndelivered, type UndeliveredMessage } from './undelivered-message.ts';

/** What a run over the queue needs of a stack. */
export interface QueueRun extends Run {
  readonly queue: Queue;
  /** Undefined where the stack has none: nothing is known to have been sent before. */
  readonly ledger: SentLedger | undefined;
  readonly sns: SNSClient;
  readonly topics: ReadonlyMap<TopicName, string>;
}

/** Seconds for which a run has work in hand: little of what others could have is hidden from them. */
const IN_HAND_SECONDS = 5;

/** Looks at nothing but what was left before, one after the other, that end a run: what is left turns up again and again. */
const NOTHING_NEW = 20;

/**
 * Sends what waits in the queue. A message is deleted only after SNS took it, so a run that ends anywhere loses nothing;
 * what is not sent is given back. A dry run gives everything back.
 * @throws {AwsProblem} when the queue itself refuses
 */
export async function redriveQueue(run: QueueRun): Promise<void> {
  const { io, queue, max, pace, stop } = run;
  const left = new Map<string, Held>();
  const tell = progressOf(run);
  let refusedInARow = 0;
  let looked = 0;
  let nothingNew = 0;
  let hand: readonly Held[] = [];
  try {
    while (looked < max && nothingNew++ < NOTHING_NEW && !stop.aborted) {
      hand = await queue.receive(Math.min(max - looked, pace.rate * IN_HAND_SECONDS));
      if (hand.length === 0) return;
      while (hand.length > 0 && !stop.aborted) {
        const [held, ...rest] = hand as readonly [Held, ...Held[]];
        if (performance.now() > held.beginBefore) break;
        if (left.has(held.id)) left.set(held.id, held);
        else {
          looked++;
          nothingNew = 0;
          const fate = await redriveOne(run, held);
          if (fate !== 'deleted') left.set(held.id, held);
          refusedInARow = fate === 'refused' ? refusedInARow + 1 : 0;
        }
        hand = rest;
        tell();
        if (refusedInARow === REFUSED_IN_A_ROW) {
          io.say(`${REFUSED_IN_A_ROW} in a row were refused: mend that first`);
          return;
        }
      }
      // Too late to begin with these: whoever looks next has them at once.
      await giveBack(run, hand);
      hand = [];
    }
  } finally {
    await giveBack(run, [...left.values(), ...hand.filter(({ id }) => !left.has(id))]);
  }
}

async function giveBack({ io, queue }: QueueRun, held: readonly Held[]): Promise<void> {
  try {
    await queue.release(held);
  } catch (error) {
    if (!(error instanceof AwsProblem)) throw error;
    io.say(`what is left comes back within half a minute (${error.message})`);
  }
}

/** `refused` is what SNS did; `kept` is every other reason to leave a message where it is. */
async function redriveOne(run: QueueRun, held: Held): Promise<'deleted' | 'kept' | 'refused'> {
  const { io, queue, dryRun, pace, stop, outcome } = run;
  const read = readUndelivered(held.body);
  if ('unreadable' in read) {
    outcome.left++;
    io.say(`message ${neutralise(held.id)} is no undelivered finding: ${read.unreadable}`);
    return 'kept';
  }
  const label = labelOf(read);
  if (run.topics.get(read.topic) !== read.topicArn) {
    outcome.left++;
    io.say(`${label}: ${neutralise(read.topicArn)} is no topic of this stack`);
    return 'kept';
  }
  if (await wasSent(run, read)) {
    outcome.sentBefore++;
    if (dryRun) return 'kept';
    await queue.delete(held);
    return 'deleted';
  }
  if (dryRun) {
    outcome.sent++;
    await io.out(`${label}, refused ${neutralise(read.time)}: ${neutralise(read.errorCode)}\n`);
    return 'kept';
  }
  await pace.next(stop);
  if (stop.aborted) return 'kept';
  try {
    await publish(run, read);
  } catch (error) {
    if (!(error instanceof AwsProblem)) throw error;
    outcome.left++;
    io.say(`${label}: ${error.message}`);
    return 'refused';
  }
  outcome.sent++;
  await remember(run, read);
  await queue.delete(held);
  return 'deleted';
}

function labelOf({ topic, severity, dedupKey }: UndeliveredMessage): string {
  return `${topic} ${severity} ${neutralise(dedupKey)}`;
}

async function publish({ sns }: QueueRun, { topicArn, message }: UndeliveredMessage): Promise<void> {
  const { PublishCommand } = await import('@aws-sdk/client-sns');
  await asking('sns:Publish, kms:GenerateDataKey and kms:Decrypt', () =>
    sns.send(new PublishCommand({ TopicArn: topicArn, ...message })),
  );
}

/** A ledger that does not answer is said and passed over: rather twice than never. */
async function wasSent({ io, ledger }: QueueRun, read: UndeliveredMessage): Promise<boolean> {
  try {
    return (await ledger?.isSent(read.topic, read.dedupKey)) ?? false;
  } catch (error) {
    if (!(error instanceof AwsProblem)) throw error;
    io.say(`${labelOf(read)}: not looked up, so it may be sent twice: ${error.message}`);
    return false;
  }
}

async function remember({ io, ledger }: QueueRun, read: UndeliveredMessage): Promise<void> {
  try {
    await ledger?.markSent(read.topic, read.dedupKey);
  } catch (error) {
    if (!(error instanceof AwsProblem)) throw error;
    io.say(`${labelOf(read)}: sent but not remembered, so it may be sent twice: ${error.message}`);
  }
}
