import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Journal } from '../../../cli/run/journal.ts';
import { MessageQueue } from '../../../cli/run/message-queue.ts';
import type { Taker } from '../../../cli/run/taker.ts';
import { work } from '../../../cli/run/worker.ts';
import { ApiError, startAwsApi } from '../aws-api.ts';
import { until } from './process.ts';
import { startTrail, type Trail } from './trail.ts';

let trail: Trail;
let stop: AbortController;
let log: string;
let journal: Journal;

beforeEach(async () => {
  trail = await startTrail();
  stop = new AbortController();
  log = '';
  const io = { root: '/', out: async () => undefined, say: () => undefined };
  journal = new Journal('worker', io, (line) => {
    log += line;
  });
});
afterEach(() => trail.close());

/** As SQS sends it, with the hash that the SDK compares. */
const MESSAGE = {
  MessageId: 'm',
  ReceiptHandle: 'h',
  Body: 'x',
  MD5OfBody: createHash('md5').update('x').digest('hex'),
};

async function startWork(taker: Taker, more: { readonly keep?: boolean; readonly hiddenSeconds?: number } = {}) {
  const queue = await MessageQueue.open(trail.queueUrl, undefined);
  const fixed = { keep: false, concurrency: 4, hiddenSeconds: 30, pace: 0 };
  return { working: work({ ...fixed, queue, taker, journal, stop: stop.signal, ...more }), queue };
}

describe('a worker', () => {
  it('gives a message that always fails back, receive by receive, until the queue puts it elsewhere', async () => {
    const takes: string[] = [];
    const { working } = await startWork({
      async take({ body }) {
        takes.push(body);
        if (body === 'throws') throw new RangeError('at once');
        return body === 'good';
      },
    });
    for (const body of ['bad', 'good', 'throws', 'good']) await trail.send(body);
    const dead: string[] = [];
    await until(async () => {
      dead.push(...(await trail.drain(trail.deadUrl)));
      return dead.length === 2;
    });
    stop.abort();
    await working;
    expect(dead.sort()).toEqual(['bad', 'throws']);
    expect(takes.sort()).toEqual(['bad', 'bad', 'bad', 'good', 'good', 'throws', 'throws', 'throws']);
    expect(log).toContain('"name":"RangeError"');
    expect(await trail.waiting()).toEqual({ visible: 0, hidden: 0 });
  });

  it('told to stop, finishes what can be finished, and gives the rest back at once', async () => {
    const taken: string[] = [];
    const { working } = await startWork({
      async take({ body }, deadline) {
        taken.push(body);
        if (body === 'quick') {
          await until(() => stop.signal.aborted);
          return true;
        }
        // As everything does that minds its deadline.
        await until(() => deadline.remaining() < 19_000);
        return false;
      },
    });
    for (const body of ['quick', 'endless', 'quick', 'endless', 'never begun']) await trail.send(body);
    await until(() => taken.length === 4);
    stop.abort();
    await working;
    expect(taken).not.toContain('never begun');
    expect(await trail.waiting()).toEqual({ visible: 3, hidden: 0 });
    expect((await trail.drain(trail.queueUrl)).sort()).toEqual(['endless', 'endless', 'never begun']);
  });

  it('gives back what is not done in time, even when nobody minds the time', async () => {
    let begun = 0;
    const taker: Taker = {
      take() {
        begun++;
        return new Promise(() => undefined);
      },
    };
    for (let index = 0; index < 6; index++) await trail.send('x');
    const queue = await MessageQueue.open(trail.queueUrl, undefined);
    const fixed = { keep: false, concurrency: 4, hiddenSeconds: 30, grace: 500 };
    const working = work({ ...fixed, queue, taker, journal, stop: stop.signal });
    await until(() => begun === 4);
    stop.abort();
    await working;
    expect(await trail.waiting()).toEqual({ visible: 6, hidden: 0 });
  });

  it('has no more messages in work than it may', async () => {
    let [now, most, done] = [0, 0, 0];
    const { working } = await startWork({
      async take() {
        most = Math.max(most, ++now);
        await new Promise((resolve) => setTimeout(resolve, 20));
        now--;
        done++;
        return true;
      },
    });
    for (let index = 0; index < 25; index++) await trail.send('x');
    await until(() => done === 25);
    stop.abort();
    await working;
    expect(most).toBe(4);
  });

  it('rests while everything fails, so that an output that is down drives nothing to its redrive', async () => {
    let takes = 0;
    const queue = await MessageQueue.open(trail.queueUrl, undefined);
    const taker = {
      async take() {
        takes++;
        return false;
      },
    };
    for (let index = 0; index < 20; index++) await trail.send('x');
    const fixed = { keep: false, concurrency: 1, hiddenSeconds: 30 };
    const working = work({ ...fixed, queue, taker, journal, stop: stop.signal });
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    stop.abort();
    await working;
    expect(takes).toBeLessThan(9);
    expect(await trail.drain(trail.deadUrl)).toEqual([]);
  });

  it('ends when the queue is gone, with words for people', async () => {
    const queue = await MessageQueue.open(`${trail.queueUrl}-x`, undefined);
    const taker = { take: async () => true };
    const working = work({ keep: false, concurrency: 1, hiddenSeconds: 5, queue, taker, journal, stop: stop.signal });
    await expect(working).rejects.toThrow('there is no queue');
  });

  it('waits where the queue does not answer, and goes on', async () => {
    let receives = 0;
    const api = await startAwsApi({
      ReceiveMessage() {
        receives++;
        if (receives <= 4) return new ApiError('InternalError', 'trouble', 500);
        return receives === 5 ? { Messages: [MESSAGE] } : {};
      },
      DeleteMessage() {
        stop.abort();
        return {};
      },
    });
    const queue = await MessageQueue.open(`${process.env['AWS_ENDPOINT_URL']}/111122223333/q`, 'eu-central-1');
    const taker = { take: async () => true };
    const fixed = { keep: false, concurrency: 1, hiddenSeconds: 30, pace: 0.1 };
    await work({ ...fixed, queue, taker, journal, stop: stop.signal });
    const deleted = api.calls.filter(({ operation }) => operation === 'DeleteMessage');
    await api.close();
    expect(deleted).toHaveLength(1);
    expect(log).toContain('queue_not_available');
  });

  it('ends when it may not keep messages hidden, and names the permission', async () => {
    const api = await startAwsApi({
      ReceiveMessage: () => ({ Messages: [MESSAGE] }),
    });
    const queue = await MessageQueue.open(`${process.env['AWS_ENDPOINT_URL']}/111122223333/q`, 'eu-central-1');
    const taker: Taker = {
      async take(_, deadline) {
        await until(() => deadline.remaining() < 20_000);
        return false;
      },
    };
    const working = work({ keep: false, concurrency: 1, hiddenSeconds: 1, queue, taker, journal, stop: stop.signal });
    await expect(working).rejects.toThrow('may not sqs:ChangeMessageVisibility');
    await api.close();
  });
});
