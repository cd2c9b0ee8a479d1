import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildForward } from '../../cli/build.ts';
import { SHIPPED_METRIC } from '../../function/forwarding/tally.ts';
import { s3Event, topicEvent } from '../fixtures/lambda-events.ts';
import { ROOT } from '../house/source-files.ts';
import { type KinesisStub, startKinesisStub } from '../support/kinesis-stub.ts';
import { measureMemory } from '../support/memory.ts';
import { distinctRecord } from '../support/payloads.ts';
import { type S3Stub, startS3Stub } from '../support/s3.ts';

const MB = 1024 * 1024;
let object: Uint8Array = new Uint8Array();
let taskRoot: string;
let kinesis: KinesisStub;
let s3: S3Stub;

beforeAll(async () => {
  taskRoot = mkdtempSync(join(tmpdir(), 'trailbell-forward-'));
  await buildForward(ROOT, taskRoot);
  kinesis = await startKinesisStub();
  s3 = await startS3Stub(() => object);
});

afterAll(async () => {
  rmSync(taskRoot, { recursive: true, force: true });
  await kinesis.close();
  await s3.close();
});

/** The object becomes a log file of nearly so many bytes. @returns the number of its records */
function fill(bytes: number, text: (index: number) => string): number {
  const texts: string[] = [];
  let size = '{"Records":[]}'.length - 1;
  for (let index = 0; ; index++) {
    const next = text(index);
    size += Buffer.byteLength(next) + 1;
    if (size > bytes) break;
    texts.push(next);
  }
  object = gzipSync(`{"Records":[${texts.join(',')}]}`, { level: 1 });
  return texts.length;
}

async function forward(variables: Readonly<Record<string, string>>) {
  const { results, peaks } = await measureMemory({
    taskRoot,
    environment: {
      STREAM_ARN: 'arn:aws:kinesis:eu-central-1:111122223333:stream/cloudtrail-logs-stream',
      AWS_REGION: 'eu-central-1',
      AWS_ENDPOINT_URL_S3: s3.endpoint,
      AWS_ENDPOINT_URL_KINESIS: kinesis.endpoint,
      AWS_ACCESS_KEY_ID: 'demo',
      AWS_SECRET_ACCESS_KEY: 'demo',
      ...variables,
    },
    events: [topicEvent(s3Event())],
    memoryMb: 512,
    timeoutMs: 240_000,
  });
  return { results, peaks };
}

describe('memory of 512 MB is enough', () => {
  test.each([
    ['file', 'record'],
    ['file-gzip', 'record'],
    ['record', 'record'],
    ['file', 'account'],
  ])('to forward an object of 50 MB as %s by %s', async (format, partitionBy) => {
    const records = fill(50 * MB, (index) => JSON.stringify(distinctRecord('RunInstances', String(index))));
    const { results, peaks } = await forward({ STREAM_FORMAT: format, STREAM_PARTITION_BY: partitionBy });
    expect(results).toMatchObject([{ ok: true, response: { received: records, [SHIPPED_METRIC]: records } }]);
    expect(peaks.resident).toBeLessThan(512 * MB);
    process.stdout.write(`${format} by ${partitionBy}: ${Math.round(peaks.resident / MB)} MB resident\n`);
  });

  test.each([
    ['empty records', '{}', SHIPPED_METRIC],
    ['numbers', '1', 'unreadable'],
  ])('to forward an object full of %s', async (_, one, figure) => {
    const records = fill(10 * MB, () => one);
    const { results, peaks } = await forward({});
    expect(results).toMatchObject([{ ok: true, response: { received: records, [figure]: records } }]);
    expect(peaks.resident).toBeLessThan(512 * MB);
  });
});
