import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Journal } from '../../../cli/run/journal.ts';
import { lineTaker } from '../../../cli/run/line-taker.ts';
import { MessageQueue } from '../../../cli/run/message-queue.ts';
import { recordTaker } from '../../../cli/run/record-taker.ts';
import type { Taker } from '../../../cli/run/taker.ts';
import { work } from '../../../cli/run/worker.ts';
import { openOutput } from '../../../function/sinks/open-output.ts';
import { sqsLoader } from '../../../function/sinks/sqs.ts';
import { s3Loader } from '../../../function/sources/objects/s3.ts';
import { type BulkScript, startBulkServer } from '../../support/bulk-server.ts';
import { type Fault, type FaultProxy, startFaultProxy } from '../../support/fault-proxy.ts';
import { idOf } from '../sample-records.ts';
import { every, type FaultRow, first, ofObjects, tableOf } from './fault-table.ts';
import { until } from './process.ts';
import { type S3Proxy, type S3Script, startS3Proxy } from './s3-proxy.ts';
import { keyOf, notificationOf, recordsFrom, startTrail, type Trail } from './trail.ts';

const FILES = 12;
const EACH = 10;

let trail: Trail;
let s3: S3Proxy;
let aws: FaultProxy;
let queueUrl: string;
let deadUrl: string;
let lettersUrl: string;
const rows: FaultRow[] = [];

afterAll(() => void process.stdout.write(`${tableOf('run: fault', rows)}`));

beforeEach(async () => {
  trail = await startTrail();
  s3 = await startS3Proxy(trail.endpoint);
  aws = await startFaultProxy({ sns: trail.endpoint, sqs: trail.endpoint, dynamodb: trail.endpoint });
  vi.stubEnv('AWS_ENDPOINT_URL_S3', s3.endpoint);
  vi.stubEnv('AWS_ENDPOINT_URL_SQS', aws.endpoints.sqs);
  deadUrl = await trail.createQueue('faults-dead');
  lettersUrl = await trail.createQueue('faults-letters');
  const deadLetterTargetArn = 'arn:aws:sqs:eu-central-1:000000000000:faults-dead';
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 6 });
  queueUrl = await trail.createQueue('faults', { RedrivePolicy });
  for (let index = 0; index < FILES; index++) {
    await trail.putFile(keyOf(index), recordsFrom(index * EACH, EACH));
    await trail.send(notificationOf(keyOf(index)), queueUrl);
  }
});
afterEach(async () => {
  await s3.close();
  await aws.close();
  await trail.close();
});

/** Works until the queue is empty, then says what came of it. */
async function workOff(fault: string, openTaker: (journal: Journal) => Taker, arrived: () => readonly string[]) {
  const stop = new AbortController();
  const io = { root: '/', out: async () => undefined, say: () => undefined };
  let log = '';
  const journal = new Journal('worker', io, (line) => {
    log += line;
  });
  const proxied = queueUrl.replace(trail.endpoint, aws.endpoints.sqs);
  const queue = await MessageQueue.open(proxied, 'eu-central-1');
  const fixed = { keep: false, concurrency: 3, hiddenSeconds: 2, pace: 0 };
  const working = work({ ...fixed, queue, taker: openTaker(journal), journal, stop: stop.signal });
  await until(async () => {
    const { visible, hidden } = await trail.waiting(queueUrl);
    return visible + hidden === 0;
  });
  stop.abort();
  await working;
  const [dead, letters] = [(await trail.drain(deadUrl)).length, (await trail.drain(lettersUrl)).length];
  const ids = arrived();
  const different = new Set(ids).size;
  const { objectsMissing: missing = 0, repeated = 0 } = journal.figures;
  const rest = [
    ...(repeated > 0 ? ['the index has each once'] : []),
    ...(missing > 0 ? [`${missing} object(s) gone`] : []),
    ...(dead > 0 ? [`${dead} message(s) where the redrive puts them`] : []),
    ...(letters > 0 ? [`${letters} dead letter(s)`] : []),
  ];
  const repeats = ids.length - different + repeated;
  rows.push({ fault, given: FILES * EACH, arrived: different, repeats, rest: rest.join(', ') });
  return { arrived: different, repeats, dead, letters, missing, log };
}

describe('run --to stdout', () => {
  async function lines(fault: string) {
    let printed = '';
    const io = {
      root: '/',
      async out(more: string) {
        printed += more;
      },
      say: () => undefined,
    };
    const ids = () =>
      printed
        .split('\n')
        .slice(0, -1)
        .map((line) => String((JSON.parse(line) as { eventID: unknown }).eventID));
    return workOff(fault, (journal) => lineTaker(io, s3Loader(), journal), ids);
  }

  it.each<[string, S3Script]>([
    ['S3 answers every second read with 503 SlowDown', ofObjects(every(2, { status: 503, code: 'SlowDown' }))],
    ['S3 is down: twenty reads with 500', ofObjects(first(20, { status: 500, code: 'InternalError' }))],
    ['S3 breaks off every second answer', ofObjects(every(2, 'cut'))],
    ['S3 leaves an answer unfinished', ofObjects(first(1, 'stall'))],
    [
      'an object is denied three times',
      (path, times) => (path.includes('_3.json') && times <= 3 ? { status: 403, code: 'AccessDenied' } : undefined),
    ],
  ])('%s: every record comes, once', async (fault, script) => {
    s3.script = script;
    expect(await lines(fault)).toMatchObject({ arrived: FILES * EACH, repeats: 0, dead: 0 });
  });

  it('an object is gone: its message is done, and every other record comes', async () => {
    await trail.remove(keyOf(3));
    expect(await lines('an object is gone')).toMatchObject({ arrived: 110, repeats: 0, dead: 0, missing: 1 });
  });

  it('an object is corrupt or always denied: its message goes where the redrive puts it, and every other record comes', async () => {
    await trail.put(keyOf(3), 'no gzip');
    s3.script = (path) => (path.includes('_4.json') ? { status: 403, code: 'AccessDenied' } : undefined);
    const outcome = await lines('one object is corrupt, one always denied');
    expect(outcome).toMatchObject({ arrived: 100, repeats: 0, dead: 2 });
  });

  it('a message is no notification at all: it goes where the redrive puts it, and every record comes', async () => {
    await trail.send('{"not": ', queueUrl);
    await trail.send('[]', queueUrl);
    const outcome = await lines('a message is no JSON, one no notification');
    expect(outcome).toMatchObject({ arrived: FILES * EACH, repeats: 0, dead: 2 });
    expect(outcome.log).toContain('undecodable_delivery');
  });

  const throttle: Fault = { kind: 'refuse', code: 'RequestThrottled' };
  it.each<[string, string, () => Fault | undefined, number]>([
    ['SQS throttles eight receives', 'ReceiveMessage', first(8, throttle), 0],
    [
      'SQS answers half of all receives with 500',
      'ReceiveMessage',
      every(2, { kind: 'refuse', code: 'InternalFailure' }),
      0,
    ],
    [
      'too many messages are in flight for five receives',
      'ReceiveMessage',
      first(5, { kind: 'refuse', code: 'OverLimit' }),
      0,
    ],
    ['SQS resets every second receive', 'ReceiveMessage', every(2, { kind: 'reset', after: false }), 0],
    ['the answer of every third receive is lost', 'ReceiveMessage', every(3, { kind: 'reset', after: true }), 0],
    ['SQS throttles four deletions', 'DeleteMessage', first(4, throttle), 2 * EACH],
    ['SQS resets the answers of two deletions', 'DeleteMessage', first(2, { kind: 'reset', after: true }), EACH],
    ['SQS answers a deletion after three seconds', 'DeleteMessage', first(1, { kind: 'slow', milliseconds: 3_000 }), 0],
  ])('%s: every record comes, few twice', async (fault, action, script, most) => {
    aws.script = (call) => (call.action === action ? script() : undefined);
    const outcome = await lines(fault);
    expect(outcome).toMatchObject({ arrived: FILES * EACH, dead: 0 });
    expect(outcome.repeats).toBeLessThanOrEqual(most);
  });

  it('SQS does not take messages back while S3 is down: every record comes, once', async () => {
    s3.script = ofObjects(first(20, { status: 500, code: 'InternalError' }));
    aws.script = (call) => (call.action === 'ChangeMessageVisibilityBatch' ? throttle : undefined);
    const outcome = await lines('SQS takes no message back, S3 is down: twenty reads');
    expect(outcome).toMatchObject({ arrived: FILES * EACH, repeats: 0, dead: 0 });
  });
});

describe('run --to opensearch', () => {
  const busy = { status: 429, type: 'rejected_execution_exception' };
  const poison = { status: 400, type: 'mapper_parsing_exception' };

  it.each<[string, BulkScript, number, number]>([
    [
      'the index rejects every third document in 24 requests',
      (_, call) => (call < 24 ? { item: (_item, index) => (index % 3 === 0 ? busy : undefined) } : undefined),
      0,
      FILES * EACH,
    ],
    ['the index answers 429 eight times', (_, call) => (call < 8 ? { status: 429 } : undefined), 0, 0],
    [
      'the index answers 503 to half of all requests',
      (_, call) => (call % 2 === 0 ? { status: 503 } : undefined),
      0,
      0,
    ],
    [
      'the index takes documents and resets the connection',
      (_, call) => (call % 3 === 0 ? 'cut' : undefined),
      0,
      FILES * EACH,
    ],
    ['the index lets nobody in for six requests', (_, call) => (call < 6 ? { status: 403 } : undefined), 0, 0],
    [
      'the index refuses one record for good',
      () => ({ item: ({ id }) => (id === idOf(5) ? poison : undefined) }),
      1,
      0,
    ],
  ])('%s: every record comes, or is a dead letter', async (fault, script, letters, most) => {
    const server = await startBulkServer(script);
    const outcome = await workOff(
      fault,
      (journal) => recordTaker(partsOf(journal, server.endpoint, 'bulk')),
      () => [...server.documents.keys()].map((name) => name.split('/')[1] ?? ''),
    );
    await server.close();
    expect(outcome).toMatchObject({ arrived: FILES * EACH - letters, letters, dead: 0 });
    expect(outcome.repeats).toBeLessThanOrEqual(most);
    expect(server.broken).toEqual([]);
  });
});

describe('run --to http', () => {
  it.each<[string, (index: number) => number | 'cut' | 'late' | undefined, number]>([
    ['the endpoint answers 503 to half of all posts', (index) => (index % 2 === 0 ? 503 : undefined), 0],
    ['the endpoint answers 429 five times', (index) => (index < 5 ? 429 : undefined), 0],
    ['the endpoint takes records and resets the connection', (index) => (index < 3 ? 'cut' : undefined), 3 * EACH],
    ['the endpoint takes five seconds, messages stay hidden for two', (index) => (index < 3 ? 'late' : undefined), 0],
  ])('%s: every record comes', async (fault, script, most) => {
    const ids: string[] = [];
    let posts = 0;
    const server = createServer((request, response) => {
      void text(request).then(async (body) => {
        const said = script(posts++);
        if (typeof said === 'number') return response.writeHead(said).end();
        for (const line of body.trimEnd().split('\n')) ids.push((JSON.parse(line) as { eventID: string }).eventID);
        if (said === 'late') await new Promise((resolve) => setTimeout(resolve, 5_000));
        return said === 'cut' ? response.destroy() : response.end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const endpoint = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const outcome = await workOff(
      fault,
      (journal) => recordTaker(partsOf(journal, endpoint, 'http-lines')),
      () => ids,
    );
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    expect(outcome).toMatchObject({ arrived: FILES * EACH, letters: 0, dead: 0 });
    expect(outcome.repeats).toBeLessThanOrEqual(most);
  });
});

function partsOf(journal: Journal, endpoint: URL, output: 'bulk' | 'http-lines') {
  const batches = { maxBatchBytes: 4 * 1024 * 1024, maxBatchRecords: 1_000 };
  return {
    output: openOutput({ output, endpoint, access: { kind: 'none' }, prefix: 'cloudtrail', raw: false, ...batches }),
    deadLetters: { load: sqsLoader(), queueUrl: lettersUrl.replace(trail.endpoint, aws.endpoints.sqs) },
    functionName: 'worker',
    region: 'eu-central-1',
    logger: journal.logger,
    loadS3: s3Loader(),
    now: () => new Date(),
    pace: 0.05,
  };
}
