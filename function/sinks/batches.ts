import { MAX_MESSAGE_BYTES, messageBytes, type TopicMessage } from './topic-message.ts';

/** @see https://docs.aws.amazon.com/sns/latest/api/API_PublishBatch.html */
const MAX_ENTRIES = 10;

/** Splits messages, in order, into batches of at most ten entries and 256 KB together. Yields each message once, taking no more of
 * them than the next batch needs. */
export function* batchesOf<T extends { readonly message: TopicMessage }>(items: Iterable<T>): Generator<T[]> {
  let batch: T[] = [];
  let bytes = 0;
  for (const item of items) {
    const size = messageBytes(item.message);
    if (batch.length === MAX_ENTRIES || (batch.length > 0 && bytes + size > MAX_MESSAGE_BYTES)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(item);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}
