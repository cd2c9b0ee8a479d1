import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { backfillCommand } from '../../../cli/backfill.ts';
import { type BulkScript, startBulkServer } from '../../support/bulk-server.ts';
import { type Fault, type FaultProxy, startFaultProxy } from '../../support/fault-proxy.ts';
import { recordsInStream } from '../../support/forwarding.ts';
import { startKinesis } from '../../support/kinesis.ts';
import { startKinesisProxy } from '../../support/kinesis-proxy.ts';
import { runCommand } from '../command-line.ts';
import { every, type FaultRow, first, ofObjects, tableOf } from '../run/fault-table.ts';
import { type S3Proxy, type S3Script, startS3Proxy } from '../run/s3-proxy.ts';
import { BUCKET, keyOf, recordsFrom, startTrail, type Trail } from '../run/trail.ts';
import { idOf } from '../sample-records.ts';
import { folderOf } from '../temporary-folder.ts';

const FILES = 12;
const EACH = 10;

let trail: Trail;
let s3: S3Proxy;
let aws: FaultProxy;
let state: string;
const rows: FaultRow[] = [];

afterAll(() => void process.stdout.write(`${tableOf('backfill: fault', rows)}`));

beforeEach(async () => {
  trail = await startTrail();
  s3 = await startS3Proxy(trail.endpoint);
  aws = await startFaultProxy({ sns: trail.endpoint, sqs: trail.endpoint, dynamodb: trail.endpoint });
  vi.stubEnv('AWS_ENDPOINT_URL_S3', s3.endpoint);
  vi.stubEnv('AWS_ENDPOINT_URL_SQS', aws.endpoints.sqs);
  state = join(await folderOf(), 'state.json');
  for (let index = 0; index < FILES; index++) await trail.putFile(keyOf(index), recordsFrom(index * EACH, EACH));
});
afterEach(async () => {
  await s3.close();
  await aws.close();
  await trail.close();
});

/** Runs the same command until nothing is left, a few times at most. */
async function untilWhole(to: string, options: Record<string, string>) {
  for (let runs = 1; ; runs++) {
    const all = { to: [to], rate: '1000', state, ...options };
    const { code, stderr } = await runCommand(backfillCommand, [`s3://${BUCKET}/AWSLogs`], all);
    if (code === 0 || runs === 5) return { code, runs, stderr };
  }
}

/** Notes what came of a fault. */
function outcomeOf(fault: string, given: number, ids: readonly string[], runs: number, rest: readonly string[] = []) {
  const arrived = new Set(ids).size;
  const repeats = ids.length - arrived;
  rows.push({ fault, given, arrived, repeats, rest: [`${runs} run(s)`, ...rest].join(', ') });
  return { arrived, repeats, runs };
}

describe('backfill --to opensearch', () => {
  async function index(fault: string, script?: BulkScript, meanwhile: () => Promise<void> = async () => undefined) {
    const server = await startBulkServer(script);
    const letters = await trail.createQueue('letters');
    await meanwhile();
    const options = { endpoint: server.endpoint.href, 'dead-letters': letters };
    const { code, runs, stderr } = await untilWhole('opensearch', options);
    const ids = [...server.documents.keys()].map((name) => name.split('/')[1] ?? '');
    await server.close();
    expect(server.broken).toEqual([]);
    const dead = (await trail.drain(letters)).length;
    const rest = dead === 0 ? [] : [`${dead} dead letter(s)`];
    return { ...outcomeOf(fault, FILES * EACH, ids, runs, rest), code, dead, stderr };
  }

  it.each<[string, S3Script, number]>([
    [
      'S3 throttles the listing twice',
      (path, times) => (path.includes('list-type') && times < 3 ? { status: 503, code: 'SlowDown' } : undefined),
      1,
    ],
    ['S3 resets every second read', ofObjects(every(2, 'cut')), 2],
    ['S3 leaves an answer unfinished', ofObjects(first(1, 'stall')), 1],
    ['S3 is down: sixteen reads with 500', ofObjects(first(16, { status: 500, code: 'InternalError' })), 2],
    [
      'an object is denied until the second run',
      (path, times) => (path.includes('_3.json') && times < 2 ? { status: 403, code: 'AccessDenied' } : undefined),
      2,
    ],
  ])('%s: every record comes', async (fault, script, most) => {
    s3.script = script;
    const outcome = await index(fault);
    expect(outcome).toMatchObject({ code: 0, arrived: FILES * EACH, dead: 0 });
    expect(outcome.runs).toBeLessThanOrEqual(most);
  });

  it('an object goes between its listing and its reading: every other record comes', async () => {
    s3.script = (path) => (path.includes('_3.json') ? { status: 404, code: 'NoSuchKey' } : undefined);
    expect(await index('an object is gone when it is read')).toMatchObject({ code: 0, arrived: 110, runs: 1, dead: 0 });
  });

  it('an object is corrupt: it is a dead letter, and every other record comes', async () => {
    await trail.put(keyOf(3), 'no gzip');
    expect(await index('an object is corrupt')).toMatchObject({ code: 0, arrived: 110, runs: 1, dead: 1 });
  });

  it('objects are denied for good: the run fails and names the permission, and every other record comes', async () => {
    s3.script = (path) => (/_[34]\.json/.test(path) ? { status: 403, code: 'AccessDenied' } : undefined);
    const outcome = await index('two objects are always denied');
    expect(outcome).toMatchObject({ code: 1, arrived: 100, dead: 0 });
    expect(outcome.stderr).toContain('the credentials in use may not s3:GetObject');
  });

  const busy = { status: 429, type: 'rejected_execution_exception' };
  it.each<[string, BulkScript, number]>([
    [
      'the index rejects every third document twice',
      (_, call) => (call < 24 ? { item: (_item, index) => (index % 3 === 0 ? busy : undefined) } : undefined),
      3,
    ],
    ['the index answers 503 to half of all requests', (_, call) => (call % 2 === 0 ? { status: 503 } : undefined), 1],
    ['the index takes documents and resets the connection', (_, call) => (call % 3 === 0 ? 'cut' : undefined), 1],
    ['the index lets nobody in for eight requests', (_, call) => (call < 8 ? { status: 403 } : undefined), 3],
  ])('%s: every record comes', async (fault, script, most) => {
    const outcome = await index(fault, script);
    expect(outcome).toMatchObject({ code: 0, arrived: FILES * EACH, dead: 0 });
    expect(outcome.runs).toBeLessThanOrEqual(most);
  });

  it('the index refuses one record for good: it is a dead letter', async () => {
    const poison: BulkScript = () => ({
      item: ({ id }) => (id === idOf(5) ? { status: 400, type: 'mapper_parsing_exception' } : undefined),
    });
    expect(await index('the index refuses one record', poison)).toMatchObject({ code: 0, arrived: 119, dead: 1 });
  });
});

describe('backfill --to queue', () => {
  const throttle: Fault = { kind: 'refuse', code: 'RequestThrottled' };
  const part = (code: string): Fault => ({
    kind: 'part',
    code,
    senderFault: false,
    refused: (index) => index % 2 === 0,
  });
  it.each<[string, () => Fault | undefined, number, number]>([
    ['SQS throttles three sendings', first(3, throttle), 0, 1],
    ['SQS answers half of all sendings with 500', every(2, { kind: 'refuse', code: 'InternalFailure' }), 0, 1],
    ['SQS resets every second sending', every(2, { kind: 'reset', after: false }), 0, 1],
    ['SQS takes a sending, and its answer is lost', first(1, { kind: 'reset', after: true }), 10, 1],
    ['SQS refuses half of the entries, five times', first(5, part('InternalError')), 0, 1],
    ['SQS refuses all for a while', first(2, { kind: 'refuse', code: 'AccessDenied' }), 0, 3],
  ])('%s: every object is told of', async (fault, script, most, mostRuns) => {
    aws.script = (call) => (call.action === 'SendMessageBatch' ? script() : undefined);
    const queue = await trail.createQueue('target');
    const { code, runs } = await untilWhole('queue', { queue: queue.replace(trail.endpoint, aws.endpoints.sqs) });
    const keys = (await trail.drain(queue)).map((body) => /"key":"([^"]+)"/.exec(body)?.[1] ?? '');
    const outcome = outcomeOf(fault, FILES, keys, runs);
    expect({ code, ...outcome }).toMatchObject({ code: 0, arrived: FILES });
    expect(outcome.repeats).toBeLessThanOrEqual(most);
    expect(runs).toBeLessThanOrEqual(mostRuns);
  });
});

describe('backfill --to kinesis', () => {
  const part: Fault = {
    kind: 'part',
    code: 'ProvisionedThroughputExceededException',
    senderFault: false,
    refused: (index) => index % 2 === 0,
  };
  it.each<[string, () => Fault | undefined, number]>([
    ['Kinesis refuses half of the entries, eight times', first(8, part), 0],
    ['Kinesis answers half of all calls with 500', every(2, { kind: 'refuse', code: 'InternalFailure' }), 0],
    ['Kinesis takes a call, and its answer is lost', first(1, { kind: 'reset', after: true }), EACH],
    ['Kinesis refuses all for a while', first(4, { kind: 'refuse', code: 'AccessDeniedException' }), 0],
  ])('%s: every record comes', async (fault, script, most) => {
    const kinesis = await startKinesis();
    const proxy = await startKinesisProxy(kinesis.endpoint);
    proxy.script = script;
    const stream = await kinesis.createStream(2);
    vi.stubEnv('AWS_ENDPOINT_URL_KINESIS', proxy.endpoint);
    const { code, runs } = await untilWhole('kinesis', { stream });
    const ids = recordsInStream(await kinesis.records(stream)).map(({ eventID }) => String(eventID));
    await proxy.close();
    await kinesis.close();
    const outcome = outcomeOf(fault, FILES * EACH, ids, runs);
    expect({ code, ...outcome }).toMatchObject({ code: 0, arrived: FILES * EACH });
    expect(outcome.repeats).toBeLessThanOrEqual(most);
  });
});
