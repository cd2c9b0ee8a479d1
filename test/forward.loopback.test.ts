import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildForward } from '../cli/build.ts';
import { startServers } from '../cli/demo/servers.ts';
import { startFunction } from '../cli/lambda/function-process.ts';
import { SHIPPED_METRIC } from '../function/forwarding/tally.ts';
import { BUCKET, enveloped, KEY, queueEvent, s3Event, topicEvent } from './fixtures/lambda-events.ts';
import { importsOf } from './house/import-lines.ts';
import { ROOT, sourceFiles } from './house/source-files.ts';
import { buildBundle } from './support/bundle.ts';
import { recordsInStream } from './support/forwarding.ts';
import { startKinesis, type TestKinesis } from './support/kinesis.ts';
import { distinctRecord } from './support/payloads.ts';
import { startBucket, type TestBucket, trailFile } from './support/s3.ts';

const REAL_RECORDS = new URL('../../shared/data/records.ndjson.gz', import.meta.url);
const GENERATED = Array.from({ length: 3_000 }, (_, index) => distinctRecord('RunInstances', String(index)));
const FORMATS = ['record', 'file', 'file-gzip'] as const;

let kinesis: TestKinesis;
let bucket: TestBucket;
let servers: Awaited<ReturnType<typeof startServers>>;
let taskRoot: string;

beforeAll(async () => {
  taskRoot = mkdtempSync(join(tmpdir(), 'trailbell-forward-'));
  await buildForward(ROOT, taskRoot);
  [kinesis, bucket, servers] = await Promise.all([startKinesis(), startBucket(BUCKET), startServers('eu-central-1')]);
  await bucket.put(KEY, trailFile(GENERATED));
});

afterAll(async () => {
  await Promise.all([kinesis.close(), bucket.close(), servers.close()]);
  rmSync(taskRoot, { recursive: true, force: true });
});

/** What Lambda would be invoked with: the bucket's notice, through a real topic. */
async function throughTopic(notice: unknown): Promise<string> {
  const { PublishCommand, SNSClient } = await import('@aws-sdk/client-sns');
  const topicArn = await servers.createTopic('trail-logs');
  const queue = await servers.subscribeQueue(topicArn, `witness-${Math.random().toString(36).slice(2)}`);
  const credentials = { accessKeyId: 'demo', secretAccessKey: 'demo' };
  const sns = new SNSClient({ region: 'eu-central-1', endpoint: servers.endpoint, credentials });
  await sns.send(new PublishCommand({ TopicArn: topicArn, Message: JSON.stringify(notice) }));
  sns.destroy();
  const [notification] = await queue.drain();
  return notification?.Message ?? '';
}

/** Runs the bundle as Lambda does; what the stream holds then. */
async function forward(events: readonly unknown[], variables: Readonly<Record<string, string>> = {}) {
  const arn = await kinesis.createStream(4);
  const lines: string[] = [];
  const lambda = await startFunction({
    taskRoot,
    handler: 'index.handler',
    environment: {
      STREAM_ARN: arn.replace('us-east-1', 'eu-central-1'),
      AWS_REGION: 'eu-central-1',
      AWS_ENDPOINT_URL_S3: bucket.endpoint,
      AWS_ENDPOINT_URL_KINESIS: kinesis.endpoint,
      AWS_ACCESS_KEY_ID: 'demo',
      AWS_SECRET_ACCESS_KEY: 'demo',
      ...variables,
    },
    memoryMb: 512,
    timeoutMs: 30_000,
    onLine: (line) => lines.push(line),
  });
  try {
    const results: unknown[] = [];
    for (const event of events) results.push(await lambda.invoke(event));
    const stream = await kinesis.records(arn);
    return { results, stream, records: recordsInStream(stream), lines };
  } finally {
    await lambda.stop();
  }
}

const inOrderOfId = (records: readonly Record<string, unknown>[]) =>
  records.map((record) => JSON.stringify(record)).sort();

describe('the forward function, as it is deployed', () => {
  it.each(FORMATS)(
    'brings a file of 3,000 records from bucket and topic into the stream, each once: %s',
    async (format) => {
      const event = topicEvent(await throughTopic(s3Event()));
      const { results, stream, records, lines } = await forward([event], { STREAM_FORMAT: format });
      expect(results).toMatchObject([
        { ok: true, response: { received: 3_000, [SHIPPED_METRIC]: 3_000, unshipped: 0 } },
      ]);
      expect(inOrderOfId(records)).toEqual(inOrderOfId(GENERATED));
      expect(stream.length).toBe(format === 'record' ? 3_000 : 30);
      expect(new Set(stream.map(({ shard }) => shard)).size).toBe(4);
      const [metrics] = lines.map((line) => JSON.parse(line) as { _aws: { CloudWatchMetrics: object[] } });
      expect(metrics?._aws.CloudWatchMetrics[0]).toMatchObject({
        Namespace: 'trailbell',
        Dimensions: [['functionName']],
        Metrics: expect.arrayContaining([
          { Name: SHIPPED_METRIC, Unit: 'Count' },
          { Name: 'oldestRecordAge', Unit: 'Seconds' },
        ]),
      });
    },
  );

  it('keeps the order of an account’s file, all of it in one shard', async () => {
    const { stream, records } = await forward([topicEvent(s3Event())], { STREAM_PARTITION_BY: 'account' });
    expect(records).toEqual(GENERATED);
    expect(new Set(stream.map(({ shard }) => shard)).size).toBe(1);
  });

  it('answers for each message of a queue', async () => {
    const batch = queueEvent(enveloped(await throughTopic(s3Event())), s3Event('AWSLogs/CloudTrail/gone.json.gz'), 'x');
    const { results, records } = await forward([batch]);
    expect(results).toMatchObject([{ ok: true, response: { batchItemFailures: [{ itemIdentifier: 'm2' }] } }]);
    expect(records.length).toBe(3_000);
  });

  it('fails for a stream that is not there', async () => {
    const STREAM_ARN = 'arn:aws:kinesis:eu-central-1:111122223333:stream/absent';
    const { results } = await forward([topicEvent(s3Event())], { STREAM_ARN });
    expect(results).toMatchObject([{ ok: false, error: { errorType: 'UnforwardedError' } }]);
  });

  it.skipIf(!existsSync(REAL_RECORDS)).each(FORMATS)(
    'brings real records into the stream, each once: %s',
    async (format) => {
      const texts = gunzipSync(readFileSync(REAL_RECORDS)).toString('utf8').trimEnd().split('\n');
      const real = texts.map((text) => JSON.parse(text) as Record<string, unknown>);
      const key = 'AWSLogs/123456789012/CloudTrail/eu-central-1/2026/11/20/real.json.gz';
      await bucket.put(key, trailFile(real));
      const { results, records } = await forward([topicEvent(s3Event(key))], { STREAM_FORMAT: format });
      expect(results).toMatchObject([{ ok: true, response: { received: real.length, [SHIPPED_METRIC]: real.length } }]);
      expect(inOrderOfId(records)).toEqual(inOrderOfId(real));
    },
  );
});

describe('the alert function', () => {
  it('imports nothing of the forwarder', () => {
    const imports = Map.groupBy(sourceFiles('function').flatMap(importsOf), ({ from }) => from);
    const reached = (entry: string) => {
      const found = new Set([entry]);
      for (const path of found) for (const { to } of imports.get(path) ?? []) found.add(to);
      return [...found];
    };
    const isOfForwarder = (path: string) => /forward|sinks\/kinesis|client-kinesis/.test(path);
    expect(reached('function/forward.ts').filter(isOfForwarder).length).toBeGreaterThan(10);
    expect(reached('function/alert.ts').filter(isOfForwarder)).toEqual([]);
  });

  it('has nothing of the forwarder in its bundle', async () => {
    const alert = await buildBundle();
    try {
      const textOf = (folder: string) =>
        readdirSync(folder)
          .filter((name) => name.endsWith('.mjs'))
          .map((name) => readFileSync(join(folder, name), 'utf8'))
          .join('\n');
      for (const mark of [SHIPPED_METRIC, 'STREAM_ARN', 'PutRecords']) {
        expect(textOf(taskRoot)).toContain(mark);
        expect(textOf(alert.taskRoot)).not.toContain(mark);
      }
    } finally {
      alert.remove();
    }
  });
});
