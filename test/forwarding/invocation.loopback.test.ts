import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runForward } from '../../function/forwarding/invocation.ts';
import { SHIPPED_METRIC } from '../../function/forwarding/tally.ts';
import {
  enveloped,
  queueEvent,
  SHAPES,
  s3Event,
  TEST_EVENT,
  topicEvent,
  trailNotice,
} from '../fixtures/lambda-events.ts';
import { within } from '../support/environment.ts';
import type { Fault } from '../support/fault-proxy.ts';
import { forwardEnvironment, recordsInStream } from '../support/forwarding.ts';
import { kinesisAt, startKinesis, type TestKinesis } from '../support/kinesis.ts';
import { type KinesisProxy, startKinesisProxy } from '../support/kinesis-proxy.ts';
import { noise } from '../support/payloads.ts';
import { record } from '../support/records.ts';
import { type S3Answer, type S3Stub, startS3Stub, trailFile } from '../support/s3.ts';

const recordsOf = (name: string, count: number) =>
  Array.from({ length: count }, (_, index) => record({ eventID: `${name}-${index}` }));
const keyOf = (name: string) => `AWSLogs/111122223333/CloudTrail/eu-central-1/2026/11/20/${name}.json.gz`;
const noticeOf = (name: string) => s3Event(keyOf(name));

const OBJECTS: Readonly<Record<string, S3Answer>> = {
  one: trailFile(recordsOf('one', 250)),
  two: trailFile(recordsOf('two', 120)),
  empty: trailFile([]),
  missing: { status: 404, code: 'NoSuchKey' },
  denied: { status: 403, code: 'AccessDenied' },
  corrupt: Buffer.from('not gzip'),
  truncated: trailFile(recordsOf('truncated', 50)).subarray(0, 200),
  odd: gzipSync(`{"Records":[{"eventID":"odd-0"},{x},null,${JSON.stringify(record({ eventID: 'odd-3' }))}]}`),
  large: trailFile([
    ...recordsOf('large', 2),
    record({ eventID: 'too-large', requestParameters: noise('a', 1_100_000) }),
    ...recordsOf('largest', 2),
  ]),
};

let kinesis: TestKinesis;
let proxy: KinesisProxy;
let s3: S3Stub;

beforeAll(async () => {
  kinesis = await startKinesis();
  proxy = await startKinesisProxy(kinesis.endpoint);
  s3 = await startS3Stub(
    (path) => OBJECTS[/\/([\w-]+)\.json\.gz/.exec(path)?.[1] ?? ''] ?? { status: 404, code: 'NoSuchKey' },
  );
});

afterAll(async () => {
  await s3.close();
  await proxy.close();
  await kinesis.close();
});

beforeEach(() => proxy.reset());

async function forward(event: unknown, variables: Readonly<Record<string, string>> = {}, milliseconds = 20_000) {
  const arn = await kinesis.createStream(2);
  const parts = { loadS3: s3.load, loadKinesis: kinesisAt(proxy.endpoint) };
  const { environment, lines } = forwardEnvironment(arn, parts, variables);
  const outcome = await runForward(environment, event, within(milliseconds)).catch((error: unknown) => ({ error }));
  const stream = await kinesis.records(arn);
  const ids = recordsInStream(stream).map(({ eventID }) => String(eventID));
  const metrics = lines().at(-1) ?? {};
  return { ...outcome, stream, ids, metrics, lines: lines().slice(0, -1) };
}

const idsOf = (name: string, count: number) => Array.from({ length: count }, (_, index) => `${name}-${index}`);
const sorted = (ids: readonly string[]) => [...ids].sort();
const always = (fault: Fault) => () => fault;

describe('an event', () => {
  it.each(SHAPES.filter(({ holds }) => holds === 'the object'))('of $shape is taken', async ({ event }) => {
    expect(await forward(event)).toMatchObject({ metrics: { objectsMissing: 1, deliveriesFailed: 0 } });
  });

  it.each(SHAPES.filter(({ holds }) => holds !== 'the object'))('of $shape is none of objects', async ({ event }) => {
    expect(await forward(event)).toMatchObject({
      error: { code: 'unsupported_event' },
      metrics: { deliveriesFailed: 1 },
    });
  });

  it('that tests a destination, or tells of what is no log file, is acknowledged', async () => {
    expect(await forward(topicEvent(TEST_EVENT))).toMatchObject({ figures: { controlMessages: 1, received: 0 } });
    const digest = 'AWSLogs/111122223333/CloudTrail-Digest/eu-central-1/2026/11/20/digest.json.gz';
    expect(await forward(s3Event(digest))).toMatchObject({ figures: { objectsSkipped: 1, received: 0 } });
    expect(proxy.calls).toEqual([]);
  });
});

describe('the records of an object', () => {
  it('come out of the stream, each once', async () => {
    const { ids, metrics } = await forward(topicEvent(noticeOf('one')));
    expect(sorted(ids)).toEqual(sorted(idsOf('one', 250)));
    expect(metrics).toMatchObject({
      functionName: 'trailbell-forward',
      received: 250,
      [SHIPPED_METRIC]: 250,
      unshipped: 0,
      kinesisRecords: 3,
      objectsRead: 1,
      // The records are of 02:41, and it is noon.
      oldestRecordAge: 33_540,
    });
  });

  it('of several in one notice come out, too', async () => {
    const { ids } = await forward(topicEvent(trailNotice(keyOf('one'), keyOf('two'))));
    expect(sorted(ids)).toEqual(sorted([...idsOf('one', 250), ...idsOf('two', 120)]));
  });

  it('keep their order where that is asked for, though the stream refuses some of them twice', async () => {
    proxy.script = ({ index }) =>
      index < 2
        ? { kind: 'part', code: 'ProvisionedThroughputExceededException', senderFault: false, refused: () => true }
        : undefined;
    const { ids, stream, metrics } = await forward(noticeOf('one'), {
      STREAM_PARTITION_BY: 'account',
      STREAM_FORMAT: 'file-gzip',
      STREAM_RECORDS_PER_PACK: '30',
    });
    expect(ids).toEqual(idsOf('one', 250));
    expect(new Set(stream.map(({ key }) => key))).toEqual(new Set(['111122223333']));
    expect(metrics).toMatchObject({ retried: 2, possiblyRepeated: 0 });
  });

  it('may be none', async () => {
    expect(await forward(noticeOf('empty'))).toMatchObject({ figures: { received: 0, objectsRead: 1 }, ids: [] });
  });
});

describe('what the stream cannot hold', () => {
  it('stays in its object, is counted, and is named in the log, and the event is done', async () => {
    const { ids, metrics, lines, ...outcome } = await forward(noticeOf('large'));
    expect(sorted(ids)).toEqual(['large-0', 'large-1', 'largest-0', 'largest-1']);
    expect(metrics).toMatchObject({ received: 5, [SHIPPED_METRIC]: 4, oversized: 1, unshipped: 0 });
    expect(lines).toEqual([
      {
        level: 'error',
        code: 'oversized_record',
        bytes: expect.toSatisfy((bytes: number) => bytes > 1_100_000),
        position: `s3://trail-logs-111122223333/${keyOf('large')}#Records[2]`,
        eventID: 'too-large',
      },
    ]);
    expect(outcome).toHaveProperty('figures');
  });

  it('goes where the stream takes larger records', async () => {
    const { ids } = await forward(noticeOf('large'), {
      STREAM_MAX_RECORD_BYTES: '1048576',
      STREAM_FORMAT: 'file-gzip',
    });
    expect(ids).toContain('too-large');
  });

  it('is no JSON object, and stays for its neighbours’ sake', async () => {
    const { ids, metrics, lines } = await forward(noticeOf('odd'));
    expect(ids).toEqual(['odd-0', 'odd-3']);
    expect(metrics).toMatchObject({ received: 4, [SHIPPED_METRIC]: 2, unreadable: 2, unshipped: 0 });
    expect(lines.map(({ code, position }) => [code, String(position).split('#')[1]])).toEqual([
      ['unreadable_record', 'Records[1]'],
      ['unreadable_record', 'Records[2]'],
    ]);
  });
});

describe('an object that cannot be read', () => {
  it.each([
    ['missing', undefined, { objectsMissing: 1, deliveriesFailed: 0 }],
    ['denied', 'denied_object', { objectsMissing: 0, deliveriesFailed: 1 }],
    ['corrupt', 'undecodable_delivery', { objectsMissing: 0, deliveriesFailed: 1 }],
    ['truncated', 'undecodable_delivery', { objectsMissing: 0, deliveriesFailed: 1 }],
  ])('because it is %s costs its neighbours nothing; the event fails with %s', async (name, code, figures) => {
    const { ids, metrics, lines, ...outcome } = await forward(
      topicEvent(trailNotice(keyOf('one'), keyOf(name), keyOf('two'))),
    );
    expect(sorted(ids)).toEqual(sorted([...idsOf('one', 250), ...idsOf('two', 120)]));
    expect(metrics).toMatchObject({ ...figures, objectsRead: 2, [SHIPPED_METRIC]: 370 });
    expect(lines.map((line) => line['code'])).toEqual([code ?? 'missing_object']);
    if (code === undefined) expect(outcome).toHaveProperty('figures');
    else expect(outcome).toMatchObject({ error: { code } });
  });

  it('fails its message of a queue alone', async () => {
    const bodies = ['one', 'denied', 'missing', 'corrupt', 'two'].map((name) => enveloped(noticeOf(name)));
    const { ids, ...outcome } = await forward(queueEvent(...bodies, 'no JSON'));
    expect(outcome).toMatchObject({ failedItems: ['m1', 'm3', 'm5'] });
    expect(ids.length).toBe(370);
  });
});

describe('a stream that refuses for good', () => {
  it.each(['AccessDeniedException', 'ResourceNotFoundException', 'KMSDisabledException'])(
    'with %s fails the event, so that it is tried again',
    async (code) => {
      proxy.script = always({ kind: 'refuse', code });
      const { ids, metrics, lines, ...outcome } = await forward(topicEvent(noticeOf('one')));
      expect(ids).toEqual([]);
      expect(outcome).toMatchObject({
        error: { name: 'UnforwardedError', code: 'unforwarded_records', errorCode: code },
      });
      expect(metrics).toMatchObject({ received: 250, [SHIPPED_METRIC]: 0, unshipped: 250, deliveriesFailed: 1 });
      expect(lines).toMatchObject([{ code: 'unforwarded_records', errorCode: code, unshipped: 250 }]);
    },
  );

  it('fails only the messages of a queue whose records it refused', async () => {
    proxy.script = ({ keys }) => (keys.includes('two-0') ? { kind: 'refuse', code: 'ValidationException' } : undefined);
    const { ids, metrics, ...outcome } = await forward(queueEvent(noticeOf('one'), noticeOf('two')));
    expect(outcome).toMatchObject({ failedItems: ['m1'] });
    expect(sorted(ids)).toEqual(sorted([...idsOf('one', 250), ...idsOf('two', 120).slice(100)]));
    expect(metrics).toMatchObject({ received: 370, [SHIPPED_METRIC]: 270, unshipped: 100 });
  });

  it('until the time is up fails the event, and every message that comes after', async () => {
    proxy.script = always({ kind: 'refuse', code: 'ProvisionedThroughputExceededException' });
    const { metrics, ...outcome } = await forward(
      queueEvent(noticeOf('one'), noticeOf('two'), noticeOf('one')),
      {},
      700,
    );
    expect(outcome).toMatchObject({ failedItems: ['m0', 'm1', 'm2'] });
    expect(metrics).toMatchObject({ [SHIPPED_METRIC]: 0, deliveriesFailed: 3 });
  });
});

describe('the balance', () => {
  it.each(['record', 'file', 'file-gzip'])(
    'holds for %s whatever goes wrong: nothing is lost without failing',
    async (format) => {
      const faults: readonly (Fault | undefined)[] = [
        { kind: 'part', code: 'InternalFailure', senderFault: false, refused: (index) => index % 3 === 0 },
        { kind: 'reset', after: true },
        undefined,
        { kind: 'refuse', code: 'ThrottlingException' },
        { kind: 'reset', after: false },
        {
          kind: 'part',
          code: 'ProvisionedThroughputExceededException',
          senderFault: false,
          refused: (index) => index % 2 === 1,
        },
      ];
      proxy.script = ({ index }) => faults[index % faults.length];
      const names = ['one', 'odd', 'large', 'two', 'denied'];
      const { ids, metrics, ...outcome } = await forward(queueEvent(...names.map(noticeOf)), { STREAM_FORMAT: format });
      expect(outcome).toMatchObject({ failedItems: ['m4'] });
      const figure = (name: string) => Number(metrics[name]);
      expect(figure('received')).toBe(250 + 4 + 5 + 120);
      expect(figure('received')).toBe(
        figure(SHIPPED_METRIC) + figure('oversized') + figure('unreadable') + figure('unshipped'),
      );
      expect(figure('unshipped')).toBe(0);
      // Calls without an answer may leave a second copy, and are counted.
      expect(new Set(ids).size).toBe(figure(SHIPPED_METRIC));
      expect(ids.length - new Set(ids).size).toBeLessThanOrEqual(figure('possiblyRepeated'));
    },
  );
});
