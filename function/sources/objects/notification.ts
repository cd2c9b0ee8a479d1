import * as z from 'zod/mini';
import { isObject } from '../../core/record.ts';
import { DecodeError } from '../decode-error.ts';
import { decodeKey, kindOfKey, type ObjectRef } from './object-key.ts';

/**
 * What one message says. `control` messages (tests of a destination, notices of deletions) and `unknown` ones (any other
 * news of a bucket) name nothing to read.
 */
export interface Notice {
  readonly kind: 'objects' | 'control' | 'unknown';
  /** New objects that hold records of calls, in order. */
  readonly objects: readonly ObjectRef[];
  /** New objects that hold none: digests, Insights and other siblings of `CloudTrail/`. */
  readonly skipped: readonly ObjectRef[];
}

/**
 * What `trailbell backfill` sends in the place of S3's own `ObjectCreated:Put`: an object of the past. Readers of
 * `ObjectCreated:*` take it; alerts leave it out.
 */
export const HISTORY_EVENT = 'ObjectCreated:History';

/** What CloudTrail sends a topic when a trail is set up. */
const VALIDATION = 'CloudTrail validation message.';

/** S3 documents `null` for a bucket without versions, and leaves it out. */
const VERSION = z.optional(z.nullable(z.string()));

const s3RecordSchema = z.looseObject({
  eventName: z.string(),
  s3: z.looseObject({
    bucket: z.looseObject({ name: z.string() }),
    object: z.looseObject({ key: z.string(), versionId: VERSION }),
  }),
});

const trailNoticeSchema = z.looseObject({ s3Bucket: z.string(), s3ObjectKey: z.array(z.string()) });

const busEventSchema = z.looseObject({
  'detail-type': z.string(),
  detail: z.looseObject({
    bucket: z.looseObject({ name: z.string() }),
    object: z.looseObject({ key: z.string(), 'version-id': VERSION }),
  }),
});

/**
 * Reads one message, by its shape: an S3 notification, CloudTrail's own notice, an EventBridge event of S3, any of them as
 * the text of an SNS notification. Text and parsed values are alike.
 * @param path where the message stands in the event, for errors
 * @throws {DecodeError} `not_json` or `wrong_shape` for anything else
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/configure-sns-notifications-for-cloudtrail.html
 */
export function readNotice(message: unknown, path: string): Notice {
  const value = typeof message === 'string' ? parse(message, path) : message;
  if (value === VALIDATION) return nothing('control');
  // SNS delivers to a queue what Lambda gets as an object: the text inside an envelope.
  const isWrapped = isObject(value) && value['Type'] === 'Notification' && typeof value['Message'] === 'string';
  return isWrapped ? readInner(value['Message'], `${path}.Message`) : readBare(value, path);
}

function readInner(message: unknown, path: string): Notice {
  const value = typeof message === 'string' ? parse(message, path) : message;
  return value === VALIDATION ? nothing('control') : readBare(value, path);
}

function readBare(value: unknown, path: string): Notice {
  if (!isObject(value)) throw new DecodeError('wrong_shape', path, 'no notification of objects');
  if (Array.isArray(value['Records'])) return readS3Records(value['Records'], path);
  if (value['Event'] === 's3:TestEvent') return nothing('control');
  const trailNotice = trailNoticeSchema.safeParse(value);
  if (trailNotice.success) {
    const { s3Bucket: bucket, s3ObjectKey } = trailNotice.data;
    return sorted(s3ObjectKey.map((key) => ({ bucket, key })));
  }
  const busEvent = busEventSchema.safeParse(value);
  if (!busEvent.success) throw new DecodeError('wrong_shape', path, 'no notification of objects');
  const { 'detail-type': type, detail } = busEvent.data;
  if (type !== 'Object Created') return nothing(type === 'Object Deleted' ? 'control' : 'unknown');
  const { key, 'version-id': versionId } = detail.object;
  return sorted([{ bucket: detail.bucket.name, key, versionId: versionId || undefined }]);
}

function readS3Records(records: readonly unknown[], path: string): Notice {
  let isOfDeletions = true;
  const created: ObjectRef[] = [];
  for (const [index, record] of records.entries()) {
    const at = `${path}.Records[${index}]`;
    const parsed = s3RecordSchema.safeParse(record);
    if (!parsed.success) throw new DecodeError('wrong_shape', at, 'no record of S3', { cause: parsed.error });
    const { eventName, s3 } = parsed.data;
    if (/^(?:s3:)?ObjectCreated:/.test(eventName)) {
      const key = decodeKey(s3.object.key);
      if (key === undefined) throw new DecodeError('wrong_shape', `${at}.s3.object.key`, 'not URL-encoded');
      const isHistory = eventName.endsWith(HISTORY_EVENT);
      created.push({ bucket: s3.bucket.name, key, versionId: s3.object.versionId || undefined, isHistory });
    } else if (!/^(?:s3:)?(?:ObjectRemoved|LifecycleExpiration):/.test(eventName)) isOfDeletions = false;
  }
  if (created.length > 0) return sorted(created);
  return nothing(isOfDeletions && records.length > 0 ? 'control' : 'unknown');
}

function sorted(created: readonly ObjectRef[]): Notice {
  const isRead = ({ key }: ObjectRef) => kindOfKey(key) === 'CloudTrail';
  return { kind: 'objects', objects: created.filter(isRead), skipped: created.filter((ref) => !isRead(ref)) };
}

function nothing(kind: 'control' | 'unknown'): Notice {
  return { kind, objects: [], skipped: [] };
}

function parse(text: string, path: string): unknown {
  if (text.trim() === VALIDATION) return VALIDATION;
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new DecodeError('not_json', path, 'not JSON', { cause });
  }
}
