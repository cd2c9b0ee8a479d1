import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { queueEvent, s3Event } from '../../fixtures/lambda-events.ts';
import { record } from '../../support/payloads.ts';
import { trailFile } from '../../support/s3.ts';
import { GOOD, key, named, path, run } from './object-run.ts';

describe('an object', () => {
  test('may be plain JSON, where its name says so', async () => {
    const plain = Buffer.from(JSON.stringify({ Records: [record('RunInstances')] }));
    expect((await run(s3Event('CloudTrail/a.json'), () => plain)).figures).toMatchObject({ received: 1 });
  });

  test('may be plain JSON under a name of gzip: what heeds Content-Encoding unpacks it and keeps the name', async () => {
    const plain = Buffer.from(JSON.stringify({ Records: [record('RunInstances')] }));
    expect((await run(named('plain'), () => plain)).figures).toMatchObject({ received: 1, deliveriesFailed: 0 });
  });

  test('may be gzip of several members, which are one file together', async () => {
    const text = JSON.stringify({ Records: [record('RunInstances'), record('DeleteVolume')] });
    const members = [text.slice(0, 100), '', text.slice(100)].map((part) => gzipSync(part));
    expect((await run(named('members'), () => Buffer.concat(members))).figures).toMatchObject({ received: 2 });
  });

  test('may hold no records, and is read then', async () => {
    const { error, figures, told } = await run(named('none'), () => trailFile([]));
    expect([error, told]).toEqual([undefined, []]);
    expect(figures).toMatchObject({ received: 0, objectsRead: 1, deliveriesFailed: 0 });
  });

  test('may hold more than a megabyte of records, each of which is logged and published whole', async () => {
    const long = record('DeleteVolume', { requestParameters: { volumeId: 'x'.repeat(100_000) } });
    const records = Array.from({ length: 12 }, (_, index) => ({ ...long, eventID: `id-${index}` }));
    const { figures, sent } = await run(named('large'), () => trailFile(records));
    expect(figures).toMatchObject({ received: 12, 'findings/delivered': 12 });
    expect(sent.filter(({ topic }) => topic === 'findings')).toHaveLength(12);
  });

  test.each([
    ['is empty', Buffer.alloc(0), 'truncated'],
    ['is gzip of nothing', gzipSync(''), 'not_json'],
    ['is gzip of gzip', gzipSync(GOOD), 'not_json'],
    ['is several files in one', Buffer.concat([GOOD, GOOD]), 'not_json'],
    ['is HTML of a proxy', Buffer.from('<html>'), 'not_gzip'],
    ['lists digests', gzipSync('{"logFiles":[]}'), 'wrong_shape'],
    ['has no list of records', gzipSync('{"Records":null}'), 'wrong_shape'],
  ])('that %s fails, and none of it is counted', async (_, body, problem) => {
    const { failedItems, figures, told } = await run(queueEvent(named('odd'), named('good')), (path) =>
      path.includes('odd') ? body : GOOD,
    );
    expect(failedItems).toEqual(['m0']);
    expect(figures).toMatchObject({ received: 2, objectsRead: 1, deliveriesFailed: 1 });
    expect(told).toMatchObject([{ code: 'undecodable_delivery', problem }]);
  });

  test.each(['', 'arn:aws:s3:nowhere', '../evil', 'a b'])(
    'of the bucket %j, which none is named, fails',
    async (bucket) => {
      const { failedItems, figures } = await run(queueEvent({ s3Bucket: bucket, s3ObjectKey: [key('good')] }), () => ({
        status: 404,
        code: 'NoSuchBucket',
      }));
      expect(failedItems).toEqual(['m0']);
      expect(figures).toMatchObject({ received: 0, deliveriesFailed: 1 });
    },
  );

  test('may unpack to no more than is allowed', async () => {
    const bomb = gzipSync(Buffer.alloc(65 * 1024 * 1024, ' '));
    expect((await run(named('bomb'), () => bomb)).error).toMatchObject({ problem: 'too_large', path: path('bomb') });
  });
});
