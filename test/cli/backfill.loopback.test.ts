import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { backfillCommand } from '../../cli/backfill.ts';
import { UsageError } from '../../cli/usage-error.ts';
import { differentIn, madeRecords, realRecords } from '../indexing/corpus.ts';
import { type BulkServer, startBulkServer } from '../support/bulk-server.ts';
import { recordsInStream } from '../support/forwarding.ts';
import { startKinesis } from '../support/kinesis.ts';
import { startS3Stub } from '../support/s3.ts';
import { runCommand, trailbell } from './command-line.ts';
import { start, until } from './run/process.ts';
import { BUCKET, keyOf, recordsFrom, startTrail, type Trail } from './run/trail.ts';
import { idOf } from './sample-records.ts';
import { folderOf } from './temporary-folder.ts';

let trail: Trail;
let target: string;
let state: string;

// Builds the command line, so that no child process below does.
beforeAll(() => trailbell(['backfill', '--help']));

beforeEach(async () => {
  trail = await startTrail();
  target = await trail.createQueue('backfill');
  state = join(await folderOf(), 'state.json');
});
afterEach(() => trail.close());

const place = `s3://${BUCKET}/AWSLogs`;
const backfill = (to: string | readonly string[], options: Record<string, string | boolean> = {}) =>
  runCommand(backfillCommand, [place], { to: [to].flat(), rate: '1000', state, ...options });

const name = (index: number) => String(index).padStart(5, '0');

async function fill(objects: number, each = 1): Promise<string[]> {
  for (let index = 0; index < objects; index++) {
    await trail.putFile(keyOf(name(index)), recordsFrom(index * each, each));
  }
  return Array.from({ length: objects * each }, (_, index) => idOf(index));
}

const keysIn = (bodies: readonly string[]) =>
  bodies.map((body) => {
    const { Records } = JSON.parse(body) as { Records: { eventName: string; s3: { object: { key: string } } }[] };
    return decodeURIComponent(Records[0]?.s3.object.key.replaceAll('+', ' ') ?? '');
  });

const stateFiles = async () => readdir(join(state, '..'));

describe('backfill --to queue', () => {
  it('sends a notification of every object, more than a page of them, and leaves no state behind', async () => {
    await fill(1_007);
    const { code, stdout, stderr } = await backfill('queue', { queue: target });
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '1,007 object(s) done, 0 failed\n', stderr: '' });
    const bodies = await trail.drain(target);
    expect(keysIn(bodies).sort()).toEqual(Array.from({ length: 1_007 }, (_, index) => keyOf(name(index))));
    expect(bodies.every((body) => body.includes('ObjectCreated:History'))).toBe(true);
    expect(await stateFiles()).toEqual([]);
  });

  it('killed in the middle goes on where it was: nothing is left out, little comes twice', async () => {
    await fill(400);
    const args = ['backfill', place, '--to', 'queue', '--queue', target, '--state', state];
    const first = start(...args, '--rate', '80');
    const soFar = async () =>
      (JSON.parse(await readFile(state, 'utf8').catch(() => '{"objects":0}')) as { objects: number }).objects;
    await until(async () => (await soFar()) > 80);
    first.kill('SIGKILL');
    expect(await first.ended).toBeNull();
    const before = keysIn(await trail.drain(target));
    expect(before.length).toBeLessThan(400);
    const second = await backfill('queue', { queue: target });
    expect(second.code).toBe(0);
    expect(second.stderr).toMatch(/^going on after AWSLogs\/\S+: \d+ object\(s\) are done/);
    const all = [...before, ...keysIn(await trail.drain(target))];
    expect([...new Set(all)].sort()).toEqual(Array.from({ length: 400 }, (_, index) => keyOf(name(index))));
    // A second's worth, and what was in hand.
    expect(all.length - 400).toBeLessThanOrEqual(80 + 40 + 40);
    expect(await stateFiles()).toEqual([]);
  });

  it('by Ctrl-C ends in order, and says how to go on', async () => {
    await fill(300);
    const first = start('backfill', place, '--to', 'queue', '--queue', target, '--state', state, '--rate', '50');
    await until(async () => (await trail.waiting(target)).visible > 20);
    first.kill('SIGINT');
    expect(await first.ended).toBe(1);
    const before = keysIn(await trail.drain(target));
    expect((await backfill('queue', { queue: target })).code).toBe(0);
    const all = [...before, ...keysIn(await trail.drain(target))];
    expect(all.sort()).toEqual(Array.from({ length: 300 }, (_, index) => keyOf(name(index))));
  });

  it('marks nothing as history when alerts are asked for', async () => {
    await fill(1);
    await backfill('queue', { queue: target, alerts: true });
    expect(await trail.drain(target)).toEqual([expect.stringContaining('"eventName":"ObjectCreated:Put"')]);
  });

  it('keeps to its rate', async () => {
    await fill(20);
    const begun = performance.now();
    await backfill('queue', { queue: target, rate: '10' });
    expect(performance.now() - begun).toBeGreaterThan(1_850);
  });

  it('stops when nothing is taken, says why, and begins with what failed the next time', async () => {
    await fill(80);
    const first = await backfill('queue', { queue: `${target}-x`, concurrency: '1' });
    expect(first.code).toBe(1);
    expect(first.stderr).toContain('there is no such queue');
    expect(first.stderr).toContain('50 in a row failed');
    const { job, failed } = JSON.parse(await readFile(state, 'utf8')) as { job: string; failed: string[] };
    expect(failed).toHaveLength(50);
    // As if the same queue had been made meanwhile.
    const late = await trail.createQueue('backfill-x');
    const second = await backfill('queue', { queue: late });
    expect(second.code).toBe(0);
    expect(job).toMatch(/^[0-9a-f]{16}$/);
    expect(keysIn(await trail.drain(late)).sort()).toEqual(
      Array.from({ length: 80 }, (_, index) => keyOf(name(index))),
    );
  });

  it('will not take the state of another backfill for its own, nor what is none', async () => {
    await writeFile(state, JSON.stringify({ schema: 'trailbell/backfill/1', job: 'x', objects: 0, failed: [] }));
    await expect(backfill('queue', { queue: target })).rejects.toThrow(UsageError);
    await writeFile(state, '{');
    await expect(backfill('queue', { queue: target })).rejects.toThrow('is no state file');
  });

  it('says which permission is missing', async () => {
    const stub = await startS3Stub(() => ({ status: 403, code: 'AccessDenied' }));
    vi.stubEnv('AWS_ENDPOINT_URL_S3', stub.endpoint);
    const { code, stderr } = await backfill('queue', { queue: target });
    await stub.close();
    expect(code).toBe(1);
    expect(stderr).toContain(`trailbell: the credentials in use may not s3:ListBucket in ${BUCKET}`);
    expect(await stateFiles()).toEqual([]);
  });

  it.each<[Record<string, string | boolean>, readonly string[], string]>([
    [{}, ['queue'], '--queue is missing'],
    [{ queue: 'https://sqs.eu-central-1.amazonaws.com/111122223333/q.fifo' }, ['queue'], 'takes a standard queue'],
    [{ alerts: true }, ['report'], '--alerts goes with --to queue'],
    [{ stream: 'records' }, ['kinesis'], '--stream is not the ARN'],
    [{}, ['opensearch'], '--endpoint is missing'],
  ])('refuses %j to %j', async (options, to, words) => {
    await expect(backfill(to, options)).rejects.toThrow(UsageError);
    await expect(backfill(to, options)).rejects.toThrow(words);
  });
});

describe('backfill --to opensearch', () => {
  let server: BulkServer;
  beforeEach(async () => {
    server = await startBulkServer();
  });
  afterEach(() => server.close());

  it('indexes every record once, as many as there are, and does what failed again', async () => {
    const expected = await fill(30, 20);
    await trail.put(keyOf(name(7)), 'no gzip');
    const first = await backfill('opensearch', { endpoint: server.endpoint.href });
    expect(first.code).toBe(1);
    expect(first.stdout).toContain('29 object(s) done, 1 failed; run the same command again');
    await trail.putFile(keyOf(name(7)), recordsFrom(140, 20));
    const second = await backfill('opensearch', { endpoint: server.endpoint.href });
    expect(second).toMatchObject({ code: 0, stdout: '1 object(s) done, 0 failed\n' });
    expect([...server.documents.keys()].map((document) => document.split('/')[1]).sort()).toEqual(expected.sort());
    expect(server.broken).toEqual([]);
  });
});

describe('a backfill that goes on', () => {
  it('gets on although what failed before fails again', async () => {
    const server = await startBulkServer();
    await fill(40);
    for (let index = 0; index < 40; index += 2) await trail.put(keyOf(name(index)), 'no gzip');
    const options = { endpoint: server.endpoint.href, concurrency: '1' };
    const first = await backfill('opensearch', options);
    const stated = JSON.parse(await readFile(state, 'utf8')) as { failed: string[] };
    // As if more than make a run hopeless had failed, in the first ones of many.
    const failed = Array.from({ length: 20 }, (_, index) => keyOf(name(index * 2)));
    await writeFile(state, JSON.stringify({ ...stated, lastKey: keyOf(name(20)), failed: failed.slice(0, 11) }));
    const second = await backfill('opensearch', options);
    const documents = server.documents.size;
    for (const key of failed) await trail.putFile(key, recordsFrom(Number(/_(\d+)\.json/.exec(key)?.[1]), 1));
    const third = await backfill('opensearch', options);
    await server.close();
    expect(first).toMatchObject({ code: 1 });
    expect(first.stderr).not.toContain('in a row');
    expect(second).toMatchObject({ code: 1 });
    expect(second.stderr).toContain('5 in a row failed, the last');
    expect(second.stderr).toContain('what else failed before waits for the next run');
    expect(documents).toBe(20);
    expect(third).toMatchObject({ code: 0 });
    expect(server.documents.size).toBe(40);
  });
});

describe('a backfill of nothing', () => {
  it.each<[string, Record<string, string>, string]>([
    ['an empty folder', {}, `s3://${BUCKET}/AWSLogs/ holds no CloudTrail log file\n`],
    ['another account', { account: '123456789012' }, 'of this time, account and Region'],
    ['another time', { from: '2020-01-01' }, 'of this time, account and Region'],
  ])('%s fails, and says so', async (what, options, words) => {
    if (what !== 'an empty folder') await trail.putFile(keyOf(1, { day: '2019/11/01' }), recordsFrom(0, 1));
    for (const more of [{}, { 'dry-run': true }]) {
      const { code, stderr } = await backfill('queue', { queue: target, ...options, ...more });
      expect(code).toBe(1);
      expect(stderr).toContain('trailbell: nothing to do: ');
      expect(stderr).toContain(words);
    }
    expect(await stateFiles()).toEqual([]);
  });
});

const real = realRecords();
describe(`backfill of ${real ? 'real' : 'made-up (real ones are not at hand)'} records`, () => {
  it('to opensearch gives as many documents as there are different records', async () => {
    const server = await startBulkServer();
    const records = real ?? madeRecords();
    for (let from = 0; from < records.length; from += 400) {
      await trail.putFile(keyOf(name(from)), records.slice(from, from + 400));
    }
    const { code, stderr } = await backfill('opensearch', { endpoint: server.endpoint.href });
    const { size } = server.documents;
    await server.close();
    expect(code).toBe(0);
    expect(size).toBe(differentIn(records));
    expect(stderr).toContain(`received ${records.length.toLocaleString('en-US')}`);
  });
});

describe('backfill --to kinesis', () => {
  it('puts every record into the stream once', async () => {
    const kinesis = await startKinesis();
    vi.stubEnv('AWS_ENDPOINT_URL_KINESIS', kinesis.endpoint);
    const stream = await kinesis.createStream(2);
    const expected = await fill(12, 10);
    const { code } = await backfill('kinesis', { stream });
    const records = recordsInStream(await kinesis.records(stream));
    await kinesis.close();
    expect(code).toBe(0);
    expect(records.map(({ eventID }) => String(eventID)).sort()).toEqual(expected.sort());
  });
});

describe('backfill --to report', () => {
  it('says what would have been published of a range, and publishes nothing', async () => {
    await trail.putFile(keyOf('old', { day: '2026/11/01' }), recordsFrom(0, 5));
    await trail.putFile(keyOf('new'), recordsFrom(5, 7));
    const range = { from: '2026-11-19', json: true };
    const { code, stdout, stderr } = await backfill(['report', '2026-11-20'], range);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ received: 7, published: 7 });
    expect(stderr).toContain('1 object(s) done, 0 failed');
    expect(await stateFiles()).toEqual([]);
  });

  it('goes on past an object it cannot read, and fails', async () => {
    await fill(3, 2);
    await trail.put(keyOf(name(1)), 'no gzip');
    const { code, stdout } = await backfill('report');
    expect(code).toBe(1);
    expect(stdout).toContain('4 record(s)');
  });
});

describe('backfill --dry-run', () => {
  it('says what there is, about how many records, and the cost with its prices, and moves nothing', async () => {
    await fill(60, 9);
    const { code, stdout } = await backfill('queue', { queue: target, 'dry-run': true });
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^objects {2}60\nbytes {4}[\d,]+, packed\nrecords {2}about 5[34]\d, estimated from 10 of the/,
    );
    expect(stdout).toContain('SQS requests: 126 for less than $0.01, at $0.4 a 1,000,000 (cloudburn.io');
    expect(await trail.waiting(target)).toEqual({ visible: 0, hidden: 0 });
    expect(await stateFiles()).toEqual([]);
  });
});
