import * as z from 'zod/mini';
import { isObject } from '../core/record.ts';
import { openPayload } from './cloudwatch-logs.ts';
import { DecodeError } from './decode-error.ts';
import { unpack } from './gzip.ts';
import type { Delivery, InlineSource, SourceLimits, Unread } from './source.ts';
import type { Kept } from './text-record.ts';

const EVENT_SOURCE = 'aws:kinesis';

const recordSchema = z.looseObject({
  kinesis: z.looseObject({ sequenceNumber: z.string().check(z.minLength(1)), data: z.string() }),
});

/**
 * A Kinesis stream that a log group's subscription feeds. Event:
 * `{"Records":[{"eventSource":"aws:kinesis","kinesis":{"sequenceNumber":"…","data":"<base64 of gzip of JSON>"}}]}`; each
 * record's data is one subscription payload, as in the direct subscription.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html
 */
export const kinesis: InlineSource = {
  name: 'kinesis',
  isBatch: true,
  readsObjects: false,

  accepts(event) {
    const records = isObject(event) ? event['Records'] : undefined;
    const first: unknown = Array.isArray(records) ? records[0] : undefined;
    return isObject(first) && first['eventSource'] === EVENT_SOURCE;
  },

  *open(event, limits) {
    const records = isObject(event) && Array.isArray(event['Records']) ? event['Records'] : [];
    const kept: Kept = { characters: 0 };
    for (let index = 0; index < records.length; index++) {
      yield openRecord(records[index], `Records[${index}]`, limits, kept);
    }
  },
};

function openRecord(record: unknown, path: string, limits: SourceLimits, kept: Kept): Delivery | Unread {
  const parsed = recordSchema.safeParse(record);
  if (!parsed.success) {
    // Without its number the item cannot be named, so the whole batch is tried again.
    throw new DecodeError('wrong_shape', path, 'not a Kinesis record', { cause: parsed.error });
  }
  const { sequenceNumber, data } = parsed.data.kinesis;
  const dataPath = `${path}.kinesis.data`;
  try {
    return openPayload(unpack(data, dataPath, limits.maxInflatedBytes), dataPath, limits, kept);
  } catch (error) {
    if (error instanceof DecodeError) return { kind: 'unread', item: sequenceNumber, error };
    throw error;
  }
}
