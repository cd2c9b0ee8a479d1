import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { DecodeError } from '../../../function/sources/decode-error.ts';
import { readNotice } from '../../../function/sources/objects/notification.ts';
import {
  BUCKET,
  busObject,
  enveloped,
  KEY,
  s3Event,
  TEST_EVENT,
  TRAIL_VALIDATION,
  trailNotice,
} from '../../fixtures/lambda-events.ts';

const SIBLINGS = ['Digest', 'Insight', 'NetworkActivity', 'Aggregated'].map(
  (kind) => `AWSLogs/123456789012/CloudTrail-${kind}/eu-central-1/2026/11/20/a.json.gz`,
);
const ofAll = (...events: ReturnType<typeof s3Event>[]) => ({ Records: events.flatMap(({ Records }) => Records) });

describe('a message that names objects', () => {
  test('keeps the version that was written', () => {
    expect(readNotice(s3Event('CloudTrail/a', 'ObjectCreated:Put', { versionId: 'v1' }), 'event').objects).toEqual([
      { bucket: BUCKET, key: 'CloudTrail/a', versionId: 'v1', isHistory: false },
    ]);
    expect(readNotice(busObject(), 'event').objects[0]?.versionId).toBe('IYV3p45BT0ac8hjHg1houSdS1a.Mro8e');
  });

  test.each([null, '', undefined])('of a bucket without versions may say so as %j', (versionId) => {
    const event = s3Event('CloudTrail/a', 'ObjectCreated:Put', { versionId });
    expect(readNotice(JSON.stringify(event), 'event').objects).toMatchObject([{ versionId: undefined }]);
    const detail = { bucket: { name: BUCKET }, object: { key: KEY, 'version-id': versionId } };
    expect(readNotice({ ...busObject(), detail }, 'event').objects).toMatchObject([{ versionId: undefined }]);
  });

  test.each(['ObjectCreated:History', 's3:ObjectCreated:History'])(
    '%s is of the past, apart from its neighbours',
    (name) => {
      const event = ofAll(s3Event('CloudTrail/a', name), s3Event('CloudTrail/b'));
      for (const as of [event, JSON.stringify(enveloped(event))]) {
        expect(readNotice(as, 'event').objects.map(({ isHistory }) => isHistory)).toEqual([true, false]);
      }
    },
  );

  test('may name several, and deletions among them, which are none', () => {
    const event = ofAll(
      s3Event('CloudTrail/a'),
      s3Event('CloudTrail/b', 'ObjectRemoved:Delete'),
      s3Event('CloudTrail/c'),
    );
    expect(readNotice(event, 'event').objects.map(({ key }) => key)).toEqual(['CloudTrail/a', 'CloudTrail/c']);
  });

  test('of CloudTrail itself is not encoded', () => {
    expect(readNotice(trailNotice('CloudTrail/a+b%20c', KEY), 'event').objects.map(({ key }) => key)).toEqual([
      'CloudTrail/a+b%20c',
      KEY,
    ]);
  });

  test.each(SIBLINGS)('has nothing to read in %s', (key) => {
    for (const notice of [s3Event(key), trailNotice(key), busObject('Object Created', key)]) {
      expect(readNotice(JSON.stringify(notice), 'event')).toMatchObject({
        kind: 'objects',
        objects: [],
        skipped: [{ key }],
      });
    }
  });
});

describe('a message that names none', () => {
  test.each([
    ['S3’s test event', TEST_EVENT, 'control'],
    ['CloudTrail’s validation', TRAIL_VALIDATION, 'control'],
    ['a deletion', s3Event(KEY, 'ObjectRemoved:Delete'), 'control'],
    ['a mark of deletion', s3Event(KEY, 's3:ObjectRemoved:DeleteMarkerCreated'), 'control'],
    ['a lifecycle rule at work', s3Event(KEY, 'LifecycleExpiration:Delete'), 'control'],
    ['a deletion on a bus', busObject('Object Deleted'), 'control'],
    ['a new tag', s3Event(KEY, 'ObjectTagging:Put'), 'unknown'],
    ['a restored copy', busObject('Object Restore Completed'), 'unknown'],
    ['an empty list', { Records: [] }, 'unknown'],
  ])('%s: plain, as text and in an envelope', (_, message, kind) => {
    for (const as of [message, JSON.stringify(message), JSON.stringify(enveloped(message))]) {
      expect(readNotice(as, 'event')).toEqual({ kind, objects: [], skipped: [] });
    }
  });
});

describe('a message of something else', () => {
  test.each([
    ['text', 'hello', 'not_json', 'Records[0].body'],
    ['a number', '7', 'wrong_shape', 'Records[0].body'],
    ['null', 'null', 'wrong_shape', 'Records[0].body'],
    ['an object', { hello: 1 }, 'wrong_shape', 'Records[0].body'],
    ['text in an envelope', enveloped('hello'), 'not_json', 'Records[0].body.Message'],
    ['an envelope in an envelope', enveloped(enveloped(s3Event())), 'wrong_shape', 'Records[0].body.Message'],
    [
      'a subscription to confirm',
      { ...enveloped('x'), Type: 'SubscriptionConfirmation' },
      'wrong_shape',
      'Records[0].body',
    ],
    ['records of no bucket', { Records: [{ eventSource: 'aws:s3' }] }, 'wrong_shape', 'Records[0].body.Records[0]'],
    [
      'a key that is not encoded',
      s3Event('CloudTrail/100%'),
      'wrong_shape',
      'Records[0].body.Records[0].s3.object.key',
    ],
    ['a notice with one key as text', { s3Bucket: BUCKET, s3ObjectKey: KEY }, 'wrong_shape', 'Records[0].body'],
  ])('%s is refused, with its place', (_, message, problem, path) => {
    const read = () => readNotice(typeof message === 'string' ? message : JSON.stringify(message), 'Records[0].body');
    expect(read).toThrow(DecodeError);
    expect(read).toThrow(expect.objectContaining({ problem, path }));
  });

  property.prop([fc.jsonValue({ maxDepth: 4 })])('whatever it is, is a notice or a DecodeError', (value) => {
    for (const as of [value, JSON.stringify(value), { Records: value }, { Records: [{ s3: value, eventName: 'x' }] }]) {
      try {
        expect(readNotice(as, 'event').objects).toEqual([]);
      } catch (error) {
        expect(error).toBeInstanceOf(DecodeError);
      }
    }
  });
});
