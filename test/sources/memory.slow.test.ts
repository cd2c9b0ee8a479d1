import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { queueEvent, s3Event } from '../fixtures/lambda-events.ts';
import { buildBundle, bundleEnvironment } from '../support/bundle.ts';
import { measureMemory } from '../support/memory.ts';
import { distinctRecord } from '../support/payloads.ts';
import { type S3Stub, startS3Stub } from '../support/s3.ts';
import { type SnsStub, startSnsStub } from '../support/sns-stub.ts';

const MB = 1024 * 1024;
const objects = new Map<string, Uint8Array>();
let bundle: Awaited<ReturnType<typeof buildBundle>>;
let sns: SnsStub;
let s3: S3Stub;

beforeAll(async () => {
  bundle = await buildBundle();
  sns = await startSnsStub();
  s3 = await startS3Stub((path) => {
    const name = /CloudTrail\/(\w+)/.exec(path)?.[1] ?? '';
    return objects.get(name) ?? { status: 404, code: 'NoSuchKey' };
  });
});
afterAll(async () => {
  bundle.remove();
  await sns.close();
  await s3.close();
});

const eventFor = (name: string) => s3Event(`AWSLogs/123456789012/CloudTrail/${name}.json.gz`);

function measure(event: unknown, timeoutMs = 60_000) {
  const { taskRoot } = bundle;
  const environment = { ...bundleEnvironment(sns.endpoint), AWS_ENDPOINT_URL_S3: s3.endpoint };
  return measureMemory({ taskRoot, environment, events: [event], memoryMb: 512, timeoutMs });
}

/** A packed file of nearly so many bytes, unpacked. @returns the number of its records */
function put(name: string, bytes: number, text: (index: number) => string): number {
  const texts: string[] = [];
  let size = '{"Records":[]}'.length - 1;
  for (let index = 0; ; index++) {
    const next = text(index);
    size += Buffer.byteLength(next) + 1;
    if (size > bytes) break;
    texts.push(next);
  }
  objects.set(name, gzipSync(`{"Records":[${texts.join(',')}]}`, { level: 1 }));
  return texts.length;
}

const seeded = (name: string, index: number) => JSON.stringify(distinctRecord(name, String(index)));
/** A real trail's proportions: few records are logged. */
const mixed = (index: number) => seeded(index % 20 === 0 ? 'RunInstances' : 'DescribeInstances', index);
/** A trail is deleted, of which no other says. */
const stopping = (index: number) =>
  JSON.stringify({
    ...distinctRecord('DeleteTrail', String(index)),
    eventSource: 'cloudtrail.amazonaws.com',
    requestParameters: { name: `trail-${index}` },
  });

describe('memory of 512 MB is enough', () => {
  test.each([
    ['for an object of 50 MB', 50 * MB, mixed],
    ['for one of all that is allowed', 64 * MB, mixed],
    ['for letters of other scripts', 50 * MB, (index: number) => mixed(index).replace('aws-cli', 'コンソール')],
    [
      'for one with a published record in ten',
      50 * MB,
      (index: number) => (index % 10 ? mixed(index) : seeded('DeleteTransitGateway', index)),
    ],
    ['for one with nothing but deletions', 50 * MB, (index: number) => seeded('DeleteTransitGateway', index)],
    ['for one of which every record meets a detection', 50 * MB, stopping],
  ])('%s', async (_, bytes, text) => {
    const records = put('one', bytes, text);
    const { results, peaks } = await measure(eventFor('one'), 240_000);
    expect(results).toMatchObject([{ ok: true, response: { received: records, objectsRead: 1, undelivered: 0 } }]);
    expect(peaks.resident).toBeLessThan(512 * MB);
  });

  test.each([
    ['empty records', '{}'],
    ['numbers', '1'],
    ['lists in lists', `${'['.repeat(1_000)}${']'.repeat(1_000)}`],
  ])('for an object full of %s', async (_, one) => {
    const records = put('odd', MB / 16, () => one);
    const { results, peaks } = await measure(eventFor('odd'), 240_000);
    expect(results).toMatchObject([{ ok: true, response: { received: records, rejected: records } }]);
    expect(peaks.resident).toBeLessThan(512 * MB);
  });

  test.each([
    ['of which all are read', mixed, []],
    [
      'of which the rest is left for another try, where one has much to publish',
      (index: number) => (index % 10 ? mixed(index) : seeded('DeleteTransitGateway', index)),
      Array.from({ length: 9 }, (_, index) => ({ itemIdentifier: `m${index + 1}` })),
    ],
  ])('for a batch of ten objects of 50 MB each, %s', async (_, text, batchItemFailures) => {
    put('one', 50 * MB, text);
    const batch = queueEvent(...Array.from({ length: 10 }, () => eventFor('one')));
    const { results, peaks } = await measure(batch, 240_000);
    expect(results).toMatchObject([{ ok: true, response: { batchItemFailures } }]);
    expect(peaks.resident).toBeLessThan(512 * MB);
  });

  test('for one that unpacks to more than is allowed, which fails', async () => {
    objects.set('bomb', gzipSync(Buffer.alloc(80 * MB, ' ')));
    const { results, peaks } = await measure(eventFor('bomb'));
    expect(results).toMatchObject([{ ok: false, error: { errorType: 'DecodeError' } }]);
    expect(peaks.resident).toBeLessThan(512 * MB);
  });
});
