import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { runCommand as worker } from '../../cli/run.ts';
import { UsageError } from '../../cli/usage-error.ts';
import { madeRecords, realRecords } from '../indexing/corpus.ts';
import { type BulkServer, startBulkServer } from '../support/bulk-server.ts';
import { startFaultProxy } from '../support/fault-proxy.ts';
import { startS3Stub, trailFile } from '../support/s3.ts';
import { startAwsApi } from './aws-api.ts';
import { trailbell } from './command-line.ts';
import { type Running, start, until } from './run/process.ts';
import { BUCKET, keyOf, notificationOf, recordsFrom, startTrail, type Trail } from './run/trail.ts';
import { idOf } from './sample-records.ts';

let trail: Trail;
let running: Running[] = [];

// Builds the command line, so that no child process below does.
beforeAll(() => trailbell(['run', '--help']));

beforeEach(async () => {
  trail = await startTrail();
});

afterEach(async () => {
  for (const one of running) one.kill('SIGKILL');
  await Promise.all(running.map(({ ended }) => ended));
  running = [];
  await trail.close();
});

function run(...args: readonly string[]): Running {
  const one = start('run', '--queue', trail.queueUrl, ...args);
  running.push(one);
  return one;
}

async function fill(objects: number, each: number): Promise<string[]> {
  for (let index = 0; index < objects; index++) {
    await trail.putFile(keyOf(index), recordsFrom(index * each, each));
    await trail.send(notificationOf(keyOf(index)));
  }
  return Array.from({ length: objects * each }, (_, index) => idOf(index));
}

const isEmpty = async () => {
  const { visible, hidden } = await trail.waiting();
  return visible + hidden === 0;
};

const idsIn = (text: string) =>
  text
    .split('\n')
    .slice(0, -1)
    .map((line) => String((JSON.parse(line) as { eventID: unknown }).eventID));

const metricsIn = (text: string) => {
  const lines = text.split('\n').filter((line) => line.includes('"_aws"'));
  return lines.map((line) => JSON.parse(line) as Record<string, number>);
};

describe('run --to stdout', () => {
  it('prints every record once, one line each, and empties the queue; SIGTERM ends it in order', async () => {
    const expected = await fill(12, 25);
    const one = run('--to', 'stdout');
    await until(isEmpty);
    one.kill('SIGTERM');
    expect(await one.ended).toBe(0);
    expect(idsIn(one.stdout()).sort()).toEqual(expected.sort());
    expect(one.stderr()).toContain('stopping after what is in hand');
    const [metrics] = metricsIn(one.stderr());
    expect(metrics).toMatchObject({ received: 300, written: 300, objectsRead: 12, messagesDeleted: 12 });
  });

  const real = realRecords();
  it(`prints ${real ? 'real' : 'made-up (real ones are not at hand)'} records as they stood in their files`, async () => {
    const records = real ?? madeRecords();
    for (let from = 0; from < records.length; from += 500) {
      await trail.putFile(keyOf(from), records.slice(from, from + 500));
      await trail.send(notificationOf(keyOf(from)));
    }
    const one = run('--to', 'stdout');
    await until(isEmpty);
    one.kill('SIGTERM');
    await one.ended;
    const expected = records.map((record) => JSON.stringify(record));
    expect(one.stdout().trimEnd().split('\n').sort()).toEqual(expected.sort());
  });

  it('gives a record that is none a line of its own, so that every record has one', async () => {
    await trail.putFile(keyOf('odd'), [1, { eventID: 'x' }, ...recordsFrom(0, 1)]);
    await trail.send(notificationOf(keyOf('odd')));
    const one = run('--to', 'stdout');
    await until(isEmpty);
    one.kill('SIGTERM');
    await one.ended;
    const lines = one.stdout().trimEnd().split('\n');
    expect(lines.map((line) => Object.keys(JSON.parse(line) as object)[0])).toEqual([
      'unreadable',
      'eventID',
      'eventVersion',
    ]);
  });

  it('acknowledges what is no news of log files, and a file that is gone', async () => {
    await trail.send(JSON.stringify({ Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: BUCKET }));
    await trail.send(notificationOf(keyOf('digest', { kind: 'CloudTrail-Digest' })));
    await trail.send(notificationOf(keyOf('gone')));
    const one = run('--to', 'stdout');
    await until(isEmpty);
    one.kill('SIGINT');
    expect(await one.ended).toBe(0);
    expect(one.stdout()).toBe('');
    const [metrics] = metricsIn(one.stderr());
    expect(metrics).toMatchObject({ controlMessages: 1, objectsSkipped: 1, objectsMissing: 1, messagesDeleted: 3 });
  });

  it('killed in the middle loses nothing: another prints what the first had not done', async () => {
    const expected = await fill(40, 50);
    const first = run('--to', 'stdout', '--visibility', '2', '--concurrency', '2');
    await until(() => first.stdout().length > 0);
    first.kill('SIGKILL');
    expect(await first.ended).toBeNull();
    const second = run('--to', 'stdout', '--visibility', '5');
    await until(isEmpty);
    second.kill('SIGTERM');
    expect(await second.ended).toBe(0);
    // A line that the kill cut is of a message that came back.
    const before = first.stdout().slice(0, first.stdout().lastIndexOf('\n') + 1);
    const printed = [...idsIn(before), ...idsIn(second.stdout())];
    expect([...new Set(printed)].sort()).toEqual(expected.sort());
  });

  it('--keep leaves every message: each is printed once, hidden while it runs, and given back at the end', async () => {
    const expected = await fill(8, 3);
    const one = run('--to', 'stdout', '--keep', '--visibility', '2');
    await until(() => one.stdout().split('\n').length > 24);
    await new Promise((resolve) => setTimeout(resolve, 4_000));
    expect(await trail.waiting()).toEqual({ visible: 0, hidden: 8 });
    one.kill('SIGTERM');
    expect(await one.ended).toBe(0);
    expect(idsIn(one.stdout()).sort()).toEqual(expected.sort());
    expect(await trail.waiting()).toEqual({ visible: 8, hidden: 0 });
  });

  it('ends quietly when its reader goes away, and loses nothing', async () => {
    const one = run('--to', 'stdout', '--visibility', '2');
    one.goAway();
    await fill(6, 10);
    expect(await one.ended).toBe(0);
    const { visible, hidden } = await trail.waiting();
    expect(visible + hidden).toBe(6);
  });
});

describe('run --to opensearch', () => {
  let server: BulkServer;
  beforeEach(async () => {
    server = await startBulkServer();
  });
  afterEach(() => server.close());
  const ids = () => [...server.documents.keys()].map((name) => name.split('/')[1]).sort();

  it('indexes every record once, killed in the middle or not', async () => {
    const expected = await fill(40, 50);
    const args = ['--to', 'opensearch', '--endpoint', server.endpoint.href, '--visibility', '2'];
    const first = run(...args);
    await until(() => server.documents.size > 200);
    first.kill('SIGKILL');
    await first.ended;
    const second = run(...args);
    await until(isEmpty);
    second.kill('SIGTERM');
    expect(await second.ended).toBe(0);
    expect(ids()).toEqual(expected.sort());
    expect(server.broken).toEqual([]);
    const [metrics] = metricsIn(second.stdout());
    expect(metrics?.['received']).toBe((metrics?.['delivered'] ?? 0) + (metrics?.['repeated'] ?? 0));
  });

  it('puts what is refused for good among the dead letters, and says when nobody is let in', async () => {
    await fill(1, 3);
    server.script = () => ({
      item: ({ id }) => (id === idOf(1) ? { status: 400, type: 'mapper_parsing_exception' } : undefined),
    });
    const letters = await trail.createQueue('letters');
    const args = ['--to', 'opensearch', '--endpoint', server.endpoint.href, '--dead-letters', letters];
    const one = run(...args);
    await until(isEmpty);
    expect((await trail.drain(letters)).map((body) => (JSON.parse(body) as { id: string }).id)).toEqual([idOf(1)]);
    server.script = () => ({ status: 403 });
    await trail.send(notificationOf(keyOf(0)));
    await until(() => one.stderr().includes('the output lets nobody in'));
    one.kill('SIGTERM');
    await one.ended;
    expect(await trail.waiting()).toMatchObject({ hidden: 1 });
  });
});

describe('run --to http', () => {
  it('keeps a slow message hidden for as long as it takes', async () => {
    await fill(1, 5);
    let posts = 0;
    const server = createServer((request, response) => {
      posts++;
      request.resume();
      setTimeout(() => response.end(), 7_000);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const one = run('--to', 'http', '--endpoint', endpoint, '--visibility', '2');
    await until(() => posts > 0);
    const seen: number[] = [];
    await until(async () => {
      seen.push((await trail.waiting()).visible);
      return isEmpty();
    });
    one.kill('SIGTERM');
    await one.ended;
    server.close();
    expect(seen.length).toBeGreaterThan(50);
    expect(Math.max(...seen)).toBe(0);
    expect(posts).toBe(1);
    const [metrics] = metricsIn(one.stdout());
    expect(metrics?.['heartBeats']).toBeGreaterThan(5);
  });
});

describe('run', () => {
  it('ends at once when it is told twice, and what it had in hand comes back', async () => {
    await fill(2, 5);
    let posts = 0;
    const server = createServer((request) => {
      posts++;
      request.resume();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const one = run('--to', 'http', '--endpoint', endpoint, '--visibility', '3');
    await until(() => posts > 0);
    one.kill('SIGINT');
    await until(() => one.stderr().includes('stopping'));
    const told = performance.now();
    one.kill('SIGINT');
    expect(await one.ended).toBe(130);
    expect(performance.now() - told).toBeLessThan(2_000);
    const back: string[] = [];
    await until(async () => {
      back.push(...(await trail.drain(trail.queueUrl)));
      return back.length === 2;
    });
    server.closeAllConnections();
    server.close();
  });

  it('told once, gives back what an output keeps waiting', async () => {
    await fill(1, 5);
    let posts = 0;
    const server = createServer((request) => {
      posts++;
      request.resume();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const one = run('--to', 'http', '--endpoint', endpoint);
    await until(() => posts > 0);
    const told = performance.now();
    one.kill('SIGTERM');
    expect(await one.ended).toBe(0);
    expect(performance.now() - told).toBeLessThan(25_000);
    expect(await trail.waiting()).toEqual({ visible: 1, hidden: 0 });
    server.closeAllConnections();
    server.close();
  });

  it('starts where SQS has trouble for a moment', async () => {
    const aws = await startFaultProxy({ sns: trail.endpoint, sqs: trail.endpoint, dynamodb: trail.endpoint });
    aws.script = ({ action }) =>
      action === 'GetQueueAttributes' ? { kind: 'refuse', code: 'RequestThrottled' } : undefined;
    const expected = await fill(1, 5);
    const one = start('run', '--queue', trail.queueUrl.replace(trail.endpoint, aws.endpoints.sqs), '--to', 'stdout');
    running.push(one);
    await until(isEmpty);
    one.kill('SIGTERM');
    expect(await one.ended).toBe(0);
    await aws.close();
    expect(idsIn(one.stdout()).sort()).toEqual(expected.sort());
  });

  it('says which permission is missing for an object, gives its message back, and does the others', async () => {
    const file = trailFile(recordsFrom(0, 2));
    const stub = await startS3Stub((path) =>
      path.includes('_denied.') ? { status: 403, code: 'AccessDenied' } : new Uint8Array(file),
    );
    vi.stubEnv('AWS_ENDPOINT_URL_S3', stub.endpoint);
    for (const name of ['denied', 'fine']) await trail.send(notificationOf(keyOf(name)));
    const one = run('--to', 'stdout');
    await until(() => one.stdout() !== '' && one.stderr().includes('s3:GetObject'));
    one.kill('SIGTERM');
    await one.ended;
    await stub.close();
    expect(one.stderr()).toContain(
      `trailbell: the credentials in use may not s3:GetObject in s3://${BUCKET}, or not kms:`,
    );
    const [metrics] = metricsIn(one.stderr());
    expect(metrics).toMatchObject({ messagesReceived: 2, messagesDeleted: 1, messagesReturned: 1 });
    expect(await trail.waiting()).toEqual({ visible: 0, hidden: 1 });
  });

  it('says which permission is missing for the queue', async () => {
    const api = await startAwsApi({});
    const queue = `${process.env['AWS_ENDPOINT_URL']}/111122223333/notifications`;
    const { code, stderr } = await trailbell(['run', '--queue', queue, '--to', 'stdout']);
    await api.close();
    expect(code).toBe(1);
    expect(stderr).toContain('the credentials in use may not sqs:ReceiveMessage and kms:Decrypt on');
  });

  it('names a queue that is not there', async () => {
    const { code, stderr } = await trailbell(['run', '--queue', `${trail.queueUrl}-x`, '--to', 'stdout']);
    expect(code).toBe(1);
    expect(stderr).toContain('there is no queue');
  });

  it.each([
    [{}, '--queue is missing'],
    [{ queue: 'https://example.com/', to: 'stdout' }, '--queue takes the URL of a queue'],
    [{ queue: 'https://sqs.eu-central-1.amazonaws.com/111122223333/q' }, '--to takes one of'],
    [{ queue: 'https://sqs.eu-central-1.amazonaws.com/111122223333/q', to: 'mail' }, '--to takes one of'],
    [{ queue: 'https://sqs.eu-central-1.amazonaws.com/111122223333/q', to: 'http' }, '--endpoint is missing'],
    [
      {
        queue: 'https://sqs.eu-central-1.amazonaws.com/111122223333/q',
        to: 'http',
        endpoint: 'https://logs.example.com/',
        'dead-letters': 'https://sqs.eu-central-1.amazonaws.com/111122223333/q.fifo',
      },
      '--dead-letters takes a standard queue',
    ],
    [
      { queue: 'https://sqs.eu-central-1.amazonaws.com/111122223333/q', to: 'stdout', concurrency: '65' },
      'from 1 to 64',
    ],
  ])('refuses %j', async (options, words) => {
    const io = { root: '/', out: async () => undefined, say: () => undefined };
    const running = worker.run({ inputs: [], options }, io);
    await expect(running).rejects.toThrow(UsageError);
    await expect(running).rejects.toThrow(words);
  });
});
