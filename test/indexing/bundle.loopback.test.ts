import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildIndexRecords } from '../../cli/build.ts';
import { startFunction } from '../../cli/lambda/function-process.ts';
import { ROOT } from '../cli/command-line.ts';
import { startBulkServer } from '../support/bulk-server.ts';
import { buildBundle } from '../support/bundle.ts';
import { signatureProblem } from '../support/sigv4.ts';
import { madeRecords } from './corpus.ts';
import { queueEvent, startLab } from './lab.ts';

const outdir = mkdtempSync(join(tmpdir(), 'trailbell-index-'));
let bytes: number;

beforeAll(async () => {
  ({ bytes } = await buildIndexRecords(ROOT, outdir));
}, 60_000);
afterAll(() => rmSync(outdir, { recursive: true }));

const textOf = (folder: string) =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.mjs'))
    .map((file) => readFileSync(join(folder, file), 'utf8'))
    .join('');

/** Words that only the indexer has any use for. */
const ITS_WORDS = ['_bulk', 'x-ndjson', 'INDEX_ENDPOINT', 'trailbell/dead-letter/1', 'SecretString', '_flattened'];

describe('the index function', () => {
  test('is a bundle of its own, and nothing of it is in the alert function’s', async () => {
    const alert = await buildBundle();
    try {
      const [own, others] = [textOf(outdir), textOf(alert.taskRoot)];
      for (const word of ITS_WORDS) {
        expect(own.includes(word), `${word} in its own`).toBe(true);
        expect(others.includes(word), `${word} in the alert function's`).toBe(false);
      }
      expect(bytes).toBeLessThanOrEqual(490_000);
      expect(own).not.toContain(ROOT);
    } finally {
      alert.remove();
    }
  });

  test('as Lambda runs it takes a queue’s objects to the index, signed, and dead letters to their queue', async () => {
    const [lab, server] = [await startLab(), await startBulkServer()];
    const records = madeRecords().slice(0, 40);
    const [poison] = records;
    server.script = () => ({
      item: ({ id }) => (id === poison?.['eventID'] ? { status: 400, type: 'mapper_parsing_exception' } : undefined),
    });
    const lambda = await startFunction({
      taskRoot: outdir,
      handler: 'index.handler',
      environment: {
        INDEX_ENDPOINT: server.endpoint.href,
        INDEX_AUTHORIZATION: 'es',
        DEAD_LETTER_QUEUE_URL: lab.queueUrl,
        AWS_REGION: 'eu-central-1',
        AWS_ENDPOINT_URL: lab.aws,
        AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
        AWS_SECRET_ACCESS_KEY: 'secret',
      },
      memoryMb: 512,
      timeoutMs: 30_000,
      onLine: () => undefined,
    });
    try {
      const gone = 'AWSLogs/111122223333/CloudTrail/eu-central-1/2026/11/20/gone.json.gz';
      const result = await lambda.invoke(queueEvent([await lab.put(records)], [gone]));
      expect(result).toEqual({ ok: true, response: { batchItemFailures: [] } });
      expect(server.documents.size).toBe(39);
      expect(await lab.letters()).toMatchObject([{ id: poison?.['eventID'] }]);
      for (const call of server.calls) expect(signatureProblem(call, 'secret', 'es', 'eu-central-1')).toBeUndefined();
    } finally {
      await lambda.stop();
      await server.close();
      await lab.close();
    }
  });

  test('does not start without an address, and says so', async () => {
    const lambda = await startFunction({
      taskRoot: outdir,
      handler: 'index.handler',
      environment: { AWS_REGION: 'eu-central-1' },
      memoryMb: 512,
      timeoutMs: 10_000,
      onLine: () => undefined,
    }).catch((error: unknown) => String(error));
    const said = typeof lambda === 'string' ? lambda : JSON.stringify(await lambda.invoke({}));
    if (typeof lambda !== 'string') await lambda.stop();
    expect(said).toContain('INDEX_ENDPOINT is not set');
  });
});
