import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { noticeOf } from '../../cli/backfill/notice.ts';
import { trailbell } from './command-line.ts';
import { type LoopbackStack, startStack, topicOf } from './redrive/loopback-stack.ts';
import { type Running, start, until } from './run/process.ts';
import { BUCKET, keyOf, notificationOf, recordsFrom, startTrail, type Trail } from './run/trail.ts';
import { idOf, recordOf, WHITELISTED } from './sample-records.ts';

let stack: LoopbackStack;
let trail: Trail;
let outputs: string;
let running: Running[] = [];

// Builds the command line, so that no child process below does.
beforeAll(() => trailbell(['run', '--help']));

beforeEach(async () => {
  stack = await startStack();
  trail = await startTrail(new URL(stack.queueUrl).origin);
  outputs = await stack.outputs();
});

afterEach(async () => {
  for (const one of running) one.kill('SIGKILL');
  await Promise.all(running.map(({ ended }) => ended));
  running = [];
  await trail.close();
  await stack.close();
});

function run(...args: readonly string[]): Running {
  const one = start('run', '--queue', trail.queueUrl, '--to', 'alerts', '--outputs', outputs, ...args);
  running.push(one);
  return one;
}

const isEmpty = async () => {
  const { visible, hidden } = await trail.waiting();
  return visible + hidden === 0;
};

/** The ids of the findings topic's documents. */
async function documents(): Promise<string[]> {
  const bodies = await stack.delivered();
  return bodies.flatMap((body) => {
    if (!body.startsWith('{')) return [];
    const { dedupKey } = JSON.parse(body) as { dedupKey?: string };
    return dedupKey === undefined ? [] : [dedupKey];
  });
}

/** Findings of their own: each of another caller, so that no storm holds them back. */
const findings = (first: number, count: number) =>
  recordsFrom(first, count).map((record, index) => ({
    ...record,
    requestParameters: { name: `trail-${first + index}` },
    userIdentity: {
      type: 'IAMUser',
      arn: `arn:aws:iam::111122223333:user/u${first + index}`,
      accountId: '111122223333',
    },
  }));

describe('run --to alerts', () => {
  it('publishes every finding once, however often its file is told of, and logs what is rated', async () => {
    await trail.putFile(keyOf(0), [...findings(0, 3), recordOf(50, WHITELISTED)]);
    for (let copy = 0; copy < 3; copy++) await trail.send(notificationOf(keyOf(0)));
    const one = run('--concurrency', '1');
    await until(isEmpty);
    one.kill('SIGTERM');
    expect(await one.ended).toBe(0);
    expect((await documents()).sort()).toEqual([0, 1, 2].map(idOf));
    expect(await stack.remembered('alerts', idOf(2))).toBe('sent');
    const lines = one
      .stdout()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.filter(({ action }) => action === 'publish')).toHaveLength(9);
    const metrics = lines.find((line) => '_aws' in line);
    expect(metrics).toMatchObject({ received: 12, whitelisted: 3, published: 9, messagesDeleted: 3 });
    expect(metrics).toMatchObject({ 'alerts/findings': 9, 'alerts/delivered': 3, 'alerts/repeated': 6 });
  });

  it('killed in the middle, publishes every finding all the same', async () => {
    for (let file = 0; file < 20; file++) {
      await trail.putFile(keyOf(file), findings(file * 2, 2));
      await trail.send(notificationOf(keyOf(file)));
    }
    const first = run('--visibility', '2', '--concurrency', '2');
    const seen: string[] = [];
    await until(async () => {
      seen.push(...(await documents()));
      return seen.length > 4;
    });
    first.kill('SIGKILL');
    await first.ended;
    const second = run('--visibility', '10');
    await until(isEmpty);
    second.kill('SIGTERM');
    expect(await second.ended).toBe(0);
    seen.push(...(await documents()));
    expect([...new Set(seen)].sort()).toEqual(Array.from({ length: 40 }, (_, number) => idOf(number)).sort());
  });

  it('leaves out what backfill sent, unless it was sent for alerts', async () => {
    const now = new Date();
    await trail.putFile(keyOf(1), findings(1, 1));
    await trail.putFile(keyOf(2), findings(2, 1));
    await trail.send(noticeOf(BUCKET, { key: keyOf(1), bytes: 1 }, false, now));
    await trail.send(noticeOf(BUCKET, { key: keyOf(2), bytes: 1 }, true, now));
    const one = run();
    await until(isEmpty);
    one.kill('SIGTERM');
    await one.ended;
    expect(await documents()).toEqual([idOf(2)]);
  });

  it('gives a message back whose findings SNS refuses, and publishes them once it can', async () => {
    await trail.putFile(keyOf(1), findings(1, 1));
    await trail.send(notificationOf(keyOf(1)));
    outputs = await stack.outputs({ chat_topic_arn: topicOf('chat'), undelivered_queue_url: undefined });
    const one = run();
    await until(() => one.stdout().includes('finding_not_delivered'));
    one.kill('SIGTERM');
    expect(await one.ended).toBe(0);
    expect(await isEmpty()).toBe(false);
    outputs = await stack.outputs();
    const another = run();
    await until(isEmpty);
    another.kill('SIGTERM');
    expect(await another.ended).toBe(0);
    expect(await documents()).toEqual([idOf(1)]);
  });
});
