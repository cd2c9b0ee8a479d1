import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startFunction } from '../../../cli/lambda/function-process.ts';
import { BUCKET, busEvent, KEY, queueEvent, s3Event, trailNotice } from '../../fixtures/lambda-events.ts';
import { buildBundle, bundleEnvironment } from '../../support/bundle.ts';
import { startLedger, type TestLedger } from '../../support/ledger.ts';
import { runWith } from '../../support/ledger-run.ts';
import { eventOf, record } from '../../support/payloads.ts';
import { startBucket, type TestBucket, trailFile } from '../../support/s3.ts';
import { type SnsStub, startSnsStub } from '../../support/sns-stub.ts';

const DELETION = record('DeleteTrail', { eventSource: 'cloudtrail.amazonaws.com' });
let bucket: TestBucket;
beforeAll(async () => {
  bucket = await startBucket(BUCKET);
  await bucket.put(KEY, trailFile([DELETION, record('DescribeInstances', { readOnly: true })]));
});
afterAll(() => bucket.close());

describe('the bundle', () => {
  let bundle: Awaited<ReturnType<typeof buildBundle>>;
  let stub: SnsStub;
  const undo: (() => Promise<void>)[] = [];
  beforeAll(async () => {
    bundle = await buildBundle();
    stub = await startSnsStub();
  });
  afterEach(async () => {
    for (const step of undo.splice(0).reverse()) await step();
  });
  afterAll(async () => {
    bundle.remove();
    await stub.close();
  });

  async function invoke(event: unknown, variables: Readonly<Record<string, string>> = {}) {
    const environment = { ...bundleEnvironment(stub.endpoint), AWS_ENDPOINT_URL_S3: bucket.endpoint, ...variables };
    const { taskRoot } = bundle;
    const options = { handler: 'index.handler', memoryMb: 512, timeoutMs: 20_000, onLine() {} };
    const lambda = await startFunction({ taskRoot, environment, ...options });
    undo.push(() => lambda.stop());
    return lambda.invoke(event);
  }

  test('reads the object that an S3 event names, and publishes', async () => {
    expect(await invoke(s3Event(encodeURIComponent(KEY)))).toMatchObject({
      ok: true,
      response: { received: 2, published: 1, objectsRead: 1, 'alerts/delivered': 1, undelivered: 0 },
    });
    expect(stub.calls.map(({ topicArn }) => topicArn.split(':').at(-1)).sort()).toEqual(['alerts', 'chat', 'findings']);
  });

  test('answers a batch with the messages to try again', async () => {
    const unencoded = 'CloudTrail/100%';
    expect(await invoke(queueEvent(trailNotice(KEY, 'CloudTrail/gone'), s3Event(unencoded)))).toEqual(
      expect.objectContaining({ ok: true, response: { batchItemFailures: [{ itemIdentifier: 'm1' }] } }),
    );
  });

  test('loads no S3 client for events that hold their records', async () => {
    const event = busEvent('AWS API Call via CloudTrail', 'aws.ec2', record('RunInstances'));
    expect(await invoke(event, { AWS_ENDPOINT_URL_S3: 'no address at all' })).toMatchObject({
      ok: true,
      response: { received: 1 },
    });
  });
});

describe('a record that arrives by several paths', () => {
  let ledger: TestLedger;
  beforeAll(async () => {
    ledger = await startLedger();
  });
  afterAll(() => ledger.close());

  const paths = {
    'its log group': eventOf([DELETION]),
    S3: s3Event(encodeURIComponent(KEY)),
    'a queue': queueEvent(trailNotice(KEY)),
    EventBridge: busEvent('AWS API Call via CloudTrail', 'aws.cloudtrail', DELETION),
  };

  test('alerts once, whichever comes first', async () => {
    const fates: [string, unknown][] = [];
    const messages: string[] = [];
    for (const [path, event] of Object.entries(paths)) {
      const parts = { loadS3: bucket.load };
      const { metrics, sent, error } = await runWith(ledger, event, { parts, owner: path });
      expect(error).toBeUndefined();
      fates.push([path, [metrics['alerts/findings'], metrics['alerts/delivered'], metrics['alerts/repeated']]]);
      messages.push(...sent.map(({ topic }) => topic));
    }
    expect(fates).toEqual([
      ['its log group', [1, 1, 0]],
      ['S3', [1, 0, 1]],
      ['a queue', [1, 0, 1]],
      ['EventBridge', [1, 0, 1]],
    ]);
    expect(messages.sort()).toEqual(['alerts', 'findings']);
  });

  test('alerts from S3 when the log group is late, and the log group then repeats nothing', async () => {
    const late = record('DeleteTrail', {
      eventID: '99999999-2222-4333-8444-555555555555',
      eventSource: 'cloudtrail.amazonaws.com',
      requestParameters: { name: 'another' },
    });
    await bucket.put('CloudTrail/late.json.gz', trailFile([late]));
    const parts = { loadS3: bucket.load };
    const first = await runWith(ledger, s3Event('CloudTrail/late.json.gz'), { parts, owner: 'late S3' });
    const second = await runWith(ledger, eventOf([late]), { parts, owner: 'late log group' });
    expect(first.metrics).toMatchObject({ 'findings/findings': 1, 'findings/repeated': 0 });
    expect(second.metrics).toMatchObject({ 'findings/findings': 1, 'findings/repeated': 1, 'findings/delivered': 0 });
  });
});
