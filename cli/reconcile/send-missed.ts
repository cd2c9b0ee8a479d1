import type { SNSClient } from '@aws-sdk/client-sns';
import { type TopicName, topicMessage } from '../../function/sinks/topic-message.ts';
import { AwsProblem, asking } from '../aws/problem.ts';
import type { Io } from '../command.ts';
import { type Outcome, type Pace, REFUSED_IN_A_ROW } from '../redrive/run.ts';
import type { SentLedger } from '../redrive/sent-ledger.ts';
import type { Missed } from './missed.ts';

/** What sending needs. */
export interface Sending {
  readonly io: Io;
  readonly sns: SNSClient;
  readonly ledger: SentLedger;
  readonly topics: ReadonlyMap<TopicName, string>;
  /** Whether JSON documents carry the raw record. */
  readonly includeRecord: boolean;
  readonly pace: Pace;
  readonly stop: AbortSignal;
}

/**
 * Publishes what was missed, one (finding, topic) after the other, and marks each as sent once SNS took it. The ledger is
 * asked again right before: somebody may have sent it meanwhile. Killed in between, one may be sent twice, none is lost.
 */
export async function sendMissed(sending: Sending, missed: readonly Missed[]): Promise<Outcome> {
  const { io, topics, pace, stop } = sending;
  const outcome: Outcome = { sent: 0, sentBefore: 0, left: 0 };
  let refusedInARow = 0;
  for (const one of missed) {
    for (const topic of one.topics) {
      await pace.next(stop);
      if (stop.aborted || refusedInARow >= REFUSED_IN_A_ROW) {
        outcome.left++;
        continue;
      }
      try {
        outcome[await sendOne(sending, one, topic, topics.get(topic) ?? '')]++;
        refusedInARow = 0;
      } catch (error) {
        if (!(error instanceof AwsProblem)) throw error;
        outcome.left++;
        io.say(`${topic} ${one.finding.dedupKey}: ${error.message}`);
        if (++refusedInARow === REFUSED_IN_A_ROW) io.say(`${REFUSED_IN_A_ROW} in a row were refused: mend that first`);
      }
    }
  }
  return outcome;
}

async function sendOne(
  { io, sns, ledger, includeRecord }: Sending,
  { finding }: Missed,
  topic: TopicName,
  TopicArn: string,
): Promise<'sent' | 'sentBefore'> {
  const { dedupKey } = finding;
  if (await ledger.isSent(topic, dedupKey)) return 'sentBefore';
  const { PublishCommand } = await import('@aws-sdk/client-sns');
  const message = topicMessage(topic, finding.finding(), new Date(), includeRecord);
  await asking('sns:Publish, kms:GenerateDataKey and kms:Decrypt', () =>
    sns.send(new PublishCommand({ TopicArn, ...message })),
  );
  try {
    await ledger.markSent(topic, dedupKey);
  } catch (error) {
    if (!(error instanceof AwsProblem)) throw error;
    io.say(`${topic} ${dedupKey}: sent but not remembered, so it may be sent twice: ${error.message}`);
  }
  return 'sent';
}
