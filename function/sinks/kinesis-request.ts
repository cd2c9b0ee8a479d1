import type { KinesisPort } from './kinesis.ts';
import { mayBeOneStreamEntry, passesOnStream } from './kinesis-errors.ts';
import type { Deadline } from './sink.ts';
import { codeOf, OUT_OF_TIME } from './sns-errors.ts';

/** One record of the stream, to be put. */
export interface StreamEntry {
  /** The partition key: 1 to 256 characters. */
  readonly key: string;
  readonly data: Uint8Array;
  /** How many CloudTrail records it carries. */
  readonly records: number;
}

/** What the stream said of an entry. */
export type Answer =
  | { readonly said: 'taken' }
  /** Putting it again can succeed; `maybeTaken` when there was no answer, so that the stream may have it. */
  | { readonly said: 'again'; readonly errorCode: string; readonly maybeTaken: boolean }
  /** Refused for good; `forAll` when any other would be, too. */
  | { readonly said: 'no'; readonly errorCode: string; readonly forAll: boolean };

/** A stream by its name and ARN; PutRecords takes both. */
export interface StreamName {
  readonly arn: string;
  readonly name: string;
}

/**
 * Puts entries in one request, at most 500, and gives what the stream said of each, in their order. A request refused for
 * an entry's sake is sent again in halves until only that entry is refused. Never throws, and never outlasts the deadline.
 * @see https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecords.html
 */
export async function putRequest(
  port: KinesisPort,
  stream: StreamName,
  entries: readonly StreamEntry[],
  deadline: Deadline,
): Promise<readonly Answer[]> {
  const remaining = Math.ceil(deadline.remaining());
  if (remaining <= 0) return entries.map(() => ({ said: 'again', errorCode: OUT_OF_TIME, maybeTaken: false }));
  try {
    const command = new port.PutRecordsCommand({
      StreamARN: stream.arn,
      StreamName: stream.name,
      Records: entries.map(({ key, data }) => ({ PartitionKey: key, Data: data })),
    });
    const { Records = [] } = await port.client.send(command, {
      abortSignal: AbortSignal.timeout(Math.min(remaining, LONGEST_CALL)),
    });
    return entries.map((_, index) => answerOf(Records[index]));
  } catch (error) {
    const errorCode = codeOf(error);
    if (mayBeOneStreamEntry(errorCode)) {
      if (entries.length === 1) return [{ said: 'no', errorCode, forAll: false }];
      const middle = Math.ceil(entries.length / 2);
      // One after the other: of equal keys the earlier goes first.
      const front = await putRequest(port, stream, entries.slice(0, middle), deadline);
      return [...front, ...(await putRequest(port, stream, entries.slice(middle), deadline))];
    }
    const status = statusOf(error);
    // What comes with success and cannot be read refuses nothing.
    const isBroken = status !== undefined && status < 300;
    if (!isBroken && !passesOnStream(errorCode)) return entries.map(() => ({ said: 'no', errorCode, forAll: true }));
    // A server in trouble may have put some of it, and a connection that breaks says nothing.
    const maybeTaken = status === undefined || isBroken || status >= 500;
    const said = passesOnStream(errorCode) ? errorCode : 'InternalFailure';
    return entries.map(() => ({ said: 'again', errorCode: said, maybeTaken }));
  }
}

/** Milliseconds no call outlasts, however far the deadline; the client's own time-outs end it long before. */
const LONGEST_CALL = 60_000;

function answerOf(result: { ErrorCode?: string | undefined; SequenceNumber?: string | undefined } | undefined): Answer {
  const { ErrorCode, SequenceNumber } = result ?? {};
  if (ErrorCode === undefined && SequenceNumber !== undefined) return { said: 'taken' };
  // An entry without a place in the stream was not confirmed, so it is put again.
  if (ErrorCode === undefined) return { said: 'again', errorCode: 'InternalFailure', maybeTaken: true };
  return passesOnStream(ErrorCode)
    ? { said: 'again', errorCode: ErrorCode, maybeTaken: false }
    : { said: 'no', errorCode: ErrorCode, forAll: false };
}

/** HTTP status of the answer that failed; undefined where there was none. */
function statusOf(error: unknown): number | undefined {
  const { $metadata } = error as { $metadata?: { httpStatusCode?: number } };
  return $metadata?.httpStatusCode;
}
