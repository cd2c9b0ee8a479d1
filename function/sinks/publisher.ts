import type { SNSClient } from '@aws-sdk/client-sns';
import { batchesOf } from './batches.ts';
import type { Deadline } from './sink.ts';
import { codeOf, isPassing, mayBeOneEntry, OUT_OF_TIME } from './sns-errors.ts';
import type { TopicMessage } from './topic-message.ts';

/** A message to send, under a key of the caller's. */
export interface Outgoing {
  readonly key: string;
  /** Gives the same message at every call. Asked when its batch is sent, so that thousands do not wait in memory. */
  render(): TopicMessage;
}

/** What became of one message: sent, or refused for good under this code. */
export interface Fate {
  readonly key: string;
  readonly errorCode: string | undefined;
}

/** Loads the SNS client; called once, when there is first something to send. */
export type SnsLoader = () => Promise<SnsPort>;

/** The SDK's client and the command it sends. */
export interface SnsPort {
  readonly client: Pick<SNSClient, 'send'>;
  readonly PublishBatchCommand: typeof import('@aws-sdk/client-sns').PublishBatchCommand;
}

/** Back-off between attempts, in milliseconds: doubling from the first to the last, with full jitter. */
const BACKOFF = { first: 100, last: 5_000 } as const;

/** Milliseconds no call outlasts, however far the deadline; the client's own time-outs end it long before. */
const LONGEST_CALL = 60_000;

/**
 * Sends messages to one topic in batches and gives the fate of every one, in any order. Passing refusals, of a call or
 * of an entry, are retried with back-off until the deadline; a batch refused for one entry's sake is sent entry by entry.
 * At the deadline an open call is given up and nothing more is sent; what that leaves is refused under the
 * code SNS last gave it, else as `OutOfTime`.
 * @param onTaken is told the keys of each batch as soon as SNS has taken them; must not throw
 * @see https://docs.aws.amazon.com/sns/latest/api/API_PublishBatch.html
 */
export async function publishAll(
  load: SnsLoader,
  topicArn: string,
  messages: readonly Outgoing[],
  deadline: Deadline,
  onTaken: (keys: readonly string[]) => void = () => undefined,
): Promise<Fate[]> {
  if (messages.length === 0) return [];
  const port = await load();
  const fates: Fate[] = [];
  const lastSaid = new Map<string, string>();
  let waiting = messages;
  for (let attempt = 0; waiting.length > 0; attempt++) {
    const again: Refused[] = [];
    for (const batch of batchesOf(inTime(waiting, deadline, again))) {
      const { sent, refused } = await publishBatch(port, topicArn, batch, deadline);
      fates.push(...sent);
      if (sent.length > 0) onTaken(sent.map(({ key }) => key));
      for (const refusal of refused) {
        if (isPassing(refusal.errorCode)) again.push(refusal);
        else fates.push({ key: refusal.outgoing.key, errorCode: refusal.errorCode });
      }
    }
    const pause = Math.random() * Math.min(BACKOFF.last, BACKOFF.first * 2 ** attempt);
    if (again.length > 0 && deadline.remaining() <= pause) {
      fates.push(
        ...again.map(({ outgoing: { key }, errorCode }) => ({ key, errorCode: lastSaid.get(key) ?? errorCode })),
      );
      return fates;
    }
    for (const { outgoing, errorCode } of again) if (errorCode !== OUT_OF_TIME) lastSaid.set(outgoing.key, errorCode);
    waiting = again.map(({ outgoing }) => outgoing);
    if (waiting.length > 0) await new Promise((resolve) => setTimeout(resolve, pause));
  }
  return fates;
}

interface Rendered {
  readonly outgoing: Outgoing;
  readonly message: TopicMessage;
}

/** Renders what there is still time to send; the rest goes to `late`. */
function* inTime(waiting: readonly Outgoing[], deadline: Deadline, late: Refused[]): Generator<Rendered> {
  for (const outgoing of waiting) {
    if (deadline.remaining() > 0) yield { outgoing, message: outgoing.render() };
    else late.push({ outgoing, errorCode: OUT_OF_TIME });
  }
}

interface Refused {
  readonly outgoing: Outgoing;
  readonly errorCode: string;
}

interface BatchResult {
  readonly sent: readonly Fate[];
  readonly refused: readonly Refused[];
}

async function publishBatch(
  port: SnsPort,
  topicArn: string,
  batch: readonly Rendered[],
  deadline: Deadline,
): Promise<BatchResult> {
  const remaining = Math.ceil(Math.min(deadline.remaining(), LONGEST_CALL));
  if (remaining <= 0) return { sent: [], refused: batch.map(({ outgoing }) => ({ outgoing, errorCode: OUT_OF_TIME })) };
  const entries = batch.map(({ message }, index) => ({ Id: String(index), ...message }));
  let failed: ReadonlyMap<string, string>;
  try {
    const command = new port.PublishBatchCommand({ TopicArn: topicArn, PublishBatchRequestEntries: entries });
    const { Failed = [], Successful = [] } = await port.client.send(command, {
      abortSignal: AbortSignal.timeout(remaining),
    });
    const successful = new Set(Successful.map(({ Id }) => Id));
    const codes = new Map(Failed.map(({ Id, Code }) => [Id ?? '', Code ?? 'UnknownError']));
    // An entry the answer does not name was not confirmed, so it is sent again.
    failed = new Map(
      entries.filter(({ Id }) => !successful.has(Id)).map(({ Id }) => [Id, codes.get(Id) ?? 'InternalError']),
    );
  } catch (error) {
    const errorCode = codeOf(error);
    if (batch.length > 1 && mayBeOneEntry(errorCode)) return publishOneByOne(port, topicArn, batch, deadline);
    return { sent: [], refused: batch.map(({ outgoing }) => ({ outgoing, errorCode })) };
  }
  return {
    sent: batch.flatMap(({ outgoing: { key } }, index) =>
      failed.has(String(index)) ? [] : [{ key, errorCode: undefined }],
    ),
    refused: batch.flatMap(({ outgoing }, index) => {
      const errorCode = failed.get(String(index));
      return errorCode === undefined ? [] : [{ outgoing, errorCode }];
    }),
  };
}

async function publishOneByOne(
  port: SnsPort,
  topicArn: string,
  batch: readonly Rendered[],
  deadline: Deadline,
): Promise<BatchResult> {
  const results: BatchResult[] = [];
  for (const one of batch) results.push(await publishBatch(port, topicArn, [one], deadline));
  return { sent: results.flatMap(({ sent }) => sent), refused: results.flatMap(({ refused }) => refused) };
}
