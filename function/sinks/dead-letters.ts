import { MAX_LETTER_BYTES } from './dead-letter-body.ts';
import type { Deadline } from './sink.ts';
import { codeOf, isPassing } from './sns-errors.ts';
import type { SqsLoader } from './sqs.ts';

/** A letter as it is sent, and whose it is. */
export interface Letter<T> {
  readonly body: string;
  readonly of: T;
}

/** @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html */
const MAX_ENTRIES = 10;

/** Batches on their way at once: an output may refuse every record of a file. */
const AT_ONCE = 8;

/** How often a letter is sent at most. */
const MAX_ATTEMPTS = 6;

/** Back-off between attempts, in milliseconds: doubling from the first to the last, with full jitter. */
const BACKOFF = { first: 50, last: 1_000 } as const;

/** SQS's own words for refusals that pass by themselves. */
const PASSING = /Throttl/;

/**
 * Puts dead letters into a queue, one message each.
 * @returns those it did not take, with its code: after six attempts, at the deadline, or at once where it will never
 */
export async function sendDeadLetters<T>(
  load: SqsLoader,
  queueUrl: string,
  letters: readonly Letter<T>[],
  deadline: Deadline,
): Promise<{ readonly of: T; readonly errorCode: string }[]> {
  const lost: { of: T; errorCode: string }[] = [];
  let waiting = letters;
  for (let attempt = 1; waiting.length > 0; attempt++) {
    const again: { letter: Letter<T>; errorCode: string }[] = [];
    const batches = batchesOf(waiting);
    const worker = async () => {
      for (const batch of batches) {
        for (const [letter, errorCode] of await sendBatch(load, queueUrl, batch, deadline)) {
          if (errorCode === undefined) continue;
          if (isPassing(errorCode) || PASSING.test(errorCode)) again.push({ letter, errorCode });
          else lost.push({ of: letter.of, errorCode });
        }
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    const pause = Math.random() * Math.min(BACKOFF.last, BACKOFF.first * 2 ** (attempt - 1));
    if (again.length > 0 && (attempt === MAX_ATTEMPTS || deadline.remaining() <= pause)) {
      return [...lost, ...again.map(({ letter, errorCode }) => ({ of: letter.of, errorCode }))];
    }
    if (again.length > 0) await new Promise((resolve) => setTimeout(resolve, pause));
    waiting = again.map(({ letter }) => letter);
  }
  return lost;
}

/** At most ten letters and 256 KB together. Bodies are ASCII: a character is a byte. */
function* batchesOf<T>(letters: readonly Letter<T>[]): Generator<Letter<T>[]> {
  let batch: Letter<T>[] = [];
  let bytes = 0;
  for (const letter of letters) {
    if (batch.length === MAX_ENTRIES || (batch.length > 0 && bytes + letter.body.length > MAX_LETTER_BYTES)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(letter);
    bytes += letter.body.length;
  }
  if (batch.length > 0) yield batch;
}

async function sendBatch<T>(
  load: SqsLoader,
  QueueUrl: string,
  batch: readonly Letter<T>[],
  deadline: Deadline,
): Promise<(readonly [letter: Letter<T>, errorCode: string | undefined])[]> {
  const Entries = batch.map(({ body }, index) => ({ Id: String(index), MessageBody: body }));
  try {
    const { client, SendMessageBatchCommand } = await load();
    const { Failed = [], Successful = [] } = await client.send(new SendMessageBatchCommand({ QueueUrl, Entries }), {
      abortSignal: AbortSignal.timeout(Math.max(1, Math.ceil(deadline.remaining()))),
    });
    const taken = new Set(Successful.map(({ Id }) => Id));
    const codes = new Map(Failed.map(({ Id, Code }) => [Id, Code]));
    // A letter the answer does not name was not confirmed, so it is sent again.
    return batch.map((letter, index) => {
      const Id = String(index);
      return [letter, taken.has(Id) ? undefined : (codes.get(Id) ?? 'InternalError')];
    });
  } catch (error) {
    const errorCode = codeOf(error);
    return batch.map((letter) => [letter, errorCode]);
  }
}
