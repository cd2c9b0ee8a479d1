import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildIndexRecords } from '../../cli/build.ts';
import { ROOT } from '../cli/command-line.ts';
import { s3Event } from '../fixtures/lambda-events.ts';
import { measureMemory } from '../support/memory.ts';
import { distinctRecord } from '../support/payloads.ts';
import { type S3Stub, startS3Stub } from '../support/s3.ts';

const MB = 1024 * 1024;
const taskRoot = mkdtempSync(join(tmpdir(), 'trailbell-index-'));
let file: Uint8Array = new Uint8Array();
let s3: S3Stub;
/** Takes every document and keeps none. */
let index: Server;
let indexed = 0;

beforeAll(async () => {
  await buildIndexRecords(ROOT, taskRoot);
  s3 = await startS3Stub(() => file);
  index = createServer((request, response) => {
    void text(request).then((body) => {
      const documents = body.split('\n').length >> 1;
      indexed += documents;
      response.end(JSON.stringify({ items: Array.from({ length: documents }, () => ({ create: { status: 201 } })) }));
    });
  });
  await new Promise<void>((resolve) => index.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  rmSync(taskRoot, { recursive: true });
  await s3.close();
  index.closeAllConnections();
  await new Promise((resolve) => index.close(resolve));
});

describe('memory of 512 MB is enough', () => {
  test.each([
    ['records as they are', (at: number) => JSON.stringify(distinctRecord('RunInstances', String(at)))],
    [
      'letters of other scripts',
      (at: number) => JSON.stringify({ ...distinctRecord('A', String(at)), userAgent: 'コ' }),
    ],
    [
      'thousands of names',
      (at: number) => JSON.stringify({ ...distinctRecord('B', String(at)), requestParameters: names(at) }),
    ],
  ])('to index an object of 50 MB with %s', async (_, textOf) => {
    const texts: string[] = [];
    for (let at = 0, size = 0; size < 50 * MB; at++) {
      const one = textOf(at);
      texts.push(one);
      size += Buffer.byteLength(one) + 1;
    }
    texts.pop();
    file = gzipSync(`{"Records":[${texts.join(',')}]}`, { level: 1 });
    indexed = 0;
    const { results, peaks } = await measureMemory({
      taskRoot,
      environment: {
        INDEX_ENDPOINT: `http://127.0.0.1:${(index.address() as AddressInfo).port}`,
        INDEX_RAW: 'true',
        AWS_REGION: 'eu-central-1',
        AWS_ENDPOINT_URL_S3: s3.endpoint,
        AWS_ACCESS_KEY_ID: 'demo',
        AWS_SECRET_ACCESS_KEY: 'demo',
      },
      events: [s3Event('AWSLogs/123456789012/CloudTrail/one.json.gz')],
      memoryMb: 512,
      timeoutMs: 240_000,
    });
    const count = texts.length;
    expect(results).toMatchObject([{ ok: true, response: { received: count, delivered: count, left: 0 } }]);
    expect(indexed).toBe(count);
    process.stdout.write(`${count} records of 50 MB: ${Math.round(peaks.resident / MB)} MB resident\n`);
    expect(peaks.resident).toBeLessThan(512 * MB);
  });
});

function names(at: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: 2_000 }, (_, name) => [`name-${at}-${name}`, 'value']));
}
