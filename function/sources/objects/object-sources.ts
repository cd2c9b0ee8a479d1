import * as z from 'zod/mini';
import { isObject } from '../../core/record.ts';
import { DecodeError } from '../decode-error.ts';
import type { Delivery, Missing, ObjectLimits, ObjectSource, Unread } from '../source.ts';
import type { Kept } from '../text-record.ts';
import { readNotice } from './notification.ts';
import { ObjectError } from './object-error.ts';
import { recordsOfObject } from './open-object.ts';

/** A message of an event, and the item of the batch it came in. */
interface Message {
  readonly item: string | undefined;
  readonly path: string;
  readonly body: unknown;
}

const queueRecordSchema = z.looseObject({ messageId: z.string().check(z.minLength(1)), body: z.string() });

/**
 * A bucket that notifies the function itself: `{"Records":[{"eventSource":"aws:s3","eventName":"ObjectCreated:Put",
 * "s3":{"bucket":{"name":"…"},"object":{"key":"…"}}}]}`, keys URL-encoded.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-s3.html
 */
export const s3Notification = objectSource({
  name: 's3-notification',
  isBatch: false,
  accepts: (event) =>
    eventSourceOf(event, 'eventSource') === 'aws:s3' || (isObject(event) && event['Event'] === 's3:TestEvent'),
  messages: (event) => [{ item: undefined, path: 'event', body: event }],
});

/**
 * A topic that a bucket or CloudTrail itself notifies: `{"Records":[{"EventSource":"aws:sns","Sns":{"Message":"…"}}]}`.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html
 */
export const topicNotification = objectSource({
  name: 'sns-notification',
  isBatch: false,
  accepts: (event) => eventSourceOf(event, 'EventSource') === 'aws:sns',
  *messages(event) {
    for (const [index, record] of recordsIn(event).entries()) {
      const sns = isObject(record) ? record['Sns'] : undefined;
      const body = isObject(sns) ? sns['Message'] : undefined;
      yield { item: undefined, path: `Records[${index}].Sns.Message`, body };
    }
  },
});

/**
 * A queue that a bucket notifies, or a topic in between with or without raw delivery:
 * `{"Records":[{"eventSource":"aws:sqs","messageId":"…","body":"…"}]}`.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export const queueNotification = objectSource({
  name: 'sqs-notification',
  isBatch: true,
  accepts: (event) => eventSourceOf(event, 'eventSource') === 'aws:sqs',
  *messages(event) {
    // Looked at before the first is read: without its id a message cannot be named, so the whole batch is tried again.
    const parsed = recordsIn(event).map((record, index) => {
      const { success, data, error } = queueRecordSchema.safeParse(record);
      if (!success) throw new DecodeError('wrong_shape', `Records[${index}]`, 'not an SQS message', { cause: error });
      return data;
    });
    for (const [index, { messageId, body }] of parsed.entries()) {
      yield { item: messageId, path: `Records[${index}].body`, body };
    }
  },
});

/**
 * A rule on a bucket's events: `{"detail-type":"Object Created","source":"aws.s3","detail":{"bucket":{"name":"…"},
 * "object":{"key":"…"}}}`, keys as they are.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
 */
export const eventBridgeObject = objectSource({
  name: 'eventbridge-object',
  isBatch: false,
  accepts(event) {
    const type = isObject(event) && event['source'] === 'aws.s3' ? event['detail-type'] : undefined;
    return typeof type === 'string' && type.startsWith('Object ');
  },
  messages: (event) => [{ item: undefined, path: 'event', body: event }],
});

interface ObjectSourceParts extends Pick<ObjectSource, 'name' | 'isBatch' | 'accepts'> {
  messages(event: unknown): Iterable<Message>;
}

function objectSource({ messages, ...shape }: ObjectSourceParts): ObjectSource {
  return {
    ...shape,
    readsObjects: true,
    async *open(event, limits) {
      const kept: Kept = { characters: 0 };
      for (const message of messages(event)) yield* openMessage(message, limits, kept);
    },
  };
}

async function* openMessage(
  { item, path, body }: Message,
  limits: ObjectLimits,
  kept: Kept,
): AsyncGenerator<Delivery | Unread | Missing> {
  try {
    const { kind, objects, skipped } = readNotice(body, path);
    if (kind !== 'objects') yield { kind, item, place: undefined, records: [] };
    for (const _ of skipped) yield { kind: 'skipped', item, place: undefined, records: [] };
    for (const ref of objects) {
      if (ref.isHistory === true && limits.skipsHistory === true) {
        yield { kind: 'skipped', item, place: undefined, records: [] };
        continue;
      }
      try {
        const records = await recordsOfObject(limits.objects, ref, kept);
        yield { kind: 'data', item, place: undefined, records, isObject: true };
      } catch (error) {
        yield unreadOf(error, item);
      }
    }
  } catch (error) {
    yield unreadOf(error, item);
  }
}

function unreadOf(error: unknown, item: string | undefined): Unread | Missing {
  if (error instanceof DecodeError) return { kind: 'unread', item, error };
  if (!(error instanceof ObjectError)) throw error;
  return error.code === 'missing_object' ? { kind: 'missing', item, error } : { kind: 'unread', item, error };
}

function recordsIn(event: unknown): readonly unknown[] {
  return isObject(event) && Array.isArray(event['Records']) ? event['Records'] : [];
}

function eventSourceOf(event: unknown, key: 'eventSource' | 'EventSource'): unknown {
  const [first] = recordsIn(event);
  return isObject(first) ? first[key] : undefined;
}
