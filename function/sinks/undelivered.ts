import type { Fate } from './publisher.ts';
import type { Deadline } from './sink.ts';
import { codeOf, isPassing, mayBeOneEntry, OUT_OF_TIME } from './sns-errors.ts';
import type { SqsLoader, SqsPort } from './sqs.ts';
import { MAX_BODY_BYTES, type RefusedFinding, undeliveredBody } from './undelivered-body.ts';

export type { RefusedFinding } from './undelivered-body.ts';

/** The queue that takes what a topic refused. */
export interface UndeliveredQueue {
  readonly load: SqsLoader;
  readonly queueUrl: string;
  readonly functionName: string;
  readonly now: () => Date;
}

/** @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html */
const MAX_ENTRIES = 10;

/** Batches on their way at once: seconds must be enough for all of an invocation's findings. */
const AT_ONCE = 8;

/** Back-off between attempts, in milliseconds: doubling from the first to the last, with full jitter. */
const BACKOFF = { first: 50, last: 1_000 } as const;

/** SQS's own words for refusals that pass by themselves. */
const PASSING = new Set(['RequestThrottled', 'KmsThrottled', 'KMS.ThrottlingException']);

/** SQS's own words for refusals of a whole batch that one entry may have caused. */
const CAUSED_BY_AN_ENTRY = new Set(['InvalidMessageContents']);

interface Entry {
  readonly finding: RefusedFinding;
  readonly body: string;
}

interface Answered {
  readonly finding: RefusedFinding;
  /** Undefined when the queue took it. */
  readonly errorCode: string | undefined;
}

/**
 * Hands findings that topics refused to the queue, one message each, and gives the fate of every one, in any order: taken,
 * or refused by the queue under its code. Passing refusals, of a call or of an entry, are retried with back-off until the
 * deadline; a batch refused for one entry's sake is sent entry by entry. Nothing is refused for its size.
 */
export async function handOver(
  queue: UndeliveredQueue,
  refused: readonly RefusedFinding[],
  deadline: Deadline,
): Promise<Fate[]> {
  if (refused.length === 0) return [];
  const port = await queue.load();
  const fates: Fate[] = [];
  const lastSaid = new Map<string, string>();
  let waiting = refused;
  for (let attempt = 0; waiting.length > 0; attempt++) {
    const again: RefusedFinding[] = [];
    const batches = batchesOf(inTime(queue, waiting, deadline, again));
    const worker = async () => {
      for (const batch of batches) {
        for (const { finding, errorCode } of await sendBatch(port, queue.queueUrl, batch, deadline)) {
          if (errorCode === undefined || !passes(errorCode)) fates.push({ key: finding.key, errorCode });
          else {
            again.push(finding);
            if (errorCode !== OUT_OF_TIME) lastSaid.set(finding.key, errorCode);
          }
        }
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    const pause = Math.random() * Math.min(BACKOFF.last, BACKOFF.first * 2 ** attempt);
    if (again.length > 0 && deadline.remaining() <= pause) {
      return [...fates, ...again.map(({ key }) => ({ key, errorCode: lastSaid.get(key) ?? OUT_OF_TIME }))];
    }
    waiting = again;
    if (waiting.length > 0) await new Promise((resolve) => setTimeout(resolve, pause));
  }
  return fates;
}

/** Renders what there is still time to send; the rest goes to `late`. */
function* inTime(
  { functionName, now }: UndeliveredQueue,
  findings: readonly RefusedFinding[],
  deadline: Deadline,
  late: RefusedFinding[],
): Generator<Entry> {
  for (const finding of findings) {
    if (deadline.remaining() > 0) yield { finding, body: undeliveredBody(finding, functionName, now()) };
    else late.push(finding);
  }
}

/** Batches of at most ten entries and 256 KB together. Bodies are ASCII: a character is a byte. */
function* batchesOf(entries: Iterable<Entry>): Generator<Entry[]> {
  let batch: Entry[] = [];
  let bytes = 0;
  for (const entry of entries) {
    if (batch.length === MAX_ENTRIES || (batch.length > 0 && bytes + entry.body.length > MAX_BODY_BYTES)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(entry);
    bytes += entry.body.length;
  }
  if (batch.length > 0) yield batch;
}

async function sendBatch(
  port: SqsPort,
  QueueUrl: string,
  batch: readonly Entry[],
  deadline: Deadline,
): Promise<Answered[]> {
  const remaining = Math.ceil(deadline.remaining());
  if (remaining <= 0) return batch.map(({ finding }) => ({ finding, errorCode: OUT_OF_TIME }));
  const Entries = batch.map(({ body }, index) => ({ Id: String(index), MessageBody: body }));
  try {
    const { Failed = [], Successful = [] } = await port.client.send(
      new port.SendMessageBatchCommand({ QueueUrl, Entries }),
      { abortSignal: AbortSignal.timeout(remaining) },
    );
    const taken = new Set(Successful.map(({ Id }) => Id));
    const codes = new Map(Failed.map(({ Id, Code }) => [Id, plainCode(Code ?? 'UnknownError')]));
    return batch.map(({ finding }, index) => {
      const Id = String(index);
      // An entry the answer does not name was not confirmed, so it is sent again.
      return { finding, errorCode: taken.has(Id) ? undefined : (codes.get(Id) ?? 'InternalError') };
    });
  } catch (error) {
    const errorCode = plainCode(codeOf(error));
    if (batch.length > 1 && (mayBeOneEntry(errorCode) || CAUSED_BY_AN_ENTRY.has(errorCode))) {
      const answers: Answered[] = [];
      for (const one of batch) answers.push(...(await sendBatch(port, QueueUrl, [one], deadline)));
      return answers;
    }
    return batch.map(({ finding }) => ({ finding, errorCode }));
  }
}

/** SQS puts a prefix before some of its codes. */
function plainCode(code: string): string {
  return code.replace(/^AWS\.SimpleQueueService\./, '');
}

function passes(errorCode: string): boolean {
  return isPassing(errorCode) || PASSING.has(errorCode);
}
