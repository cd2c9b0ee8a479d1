import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { redriveCommand } from '../../cli/redrive.ts';
import { runCommand, trailbell } from './command-line.ts';
import { bodyOf, type LoopbackStack, startStack, topicOf } from './redrive/loopback-stack.ts';
import { startRedrive } from './redrive/process.ts';

let stack: LoopbackStack;
let outputs: string;

// Builds the command line, so that no child process below does.
beforeAll(() => trailbell(['redrive', '--help']));

beforeEach(async () => {
  stack = await startStack();
  outputs = await stack.outputs();
});

afterEach(() => stack.close());

const ids = (count: number) => Array.from({ length: count }, (_, index) => `event-${String(index).padStart(2, '0')}`);
const redrive = (options: Record<string, string | boolean> = {}) =>
  runCommand(redriveCommand, [], { outputs, rate: '100', ...options });

async function fill(count: number): Promise<string[]> {
  for (const id of ids(count)) await stack.put(bodyOf(id));
  return ids(count).map((id) => `finding ${id}`);
}

describe('redrive', () => {
  it('sends every finding to its topic, remembers it and empties the queue', async () => {
    const expected = await fill(23);
    const { code, stdout, stderr } = await redrive();
    expect(stderr).toContain('about 23 undelivered finding(s) wait');
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'sent 23, sent before 0, left 0\n' });
    expect((await stack.delivered()).sort()).toEqual(expected);
    expect(await stack.waiting()).toEqual({ visible: 0, hidden: 0 });
    expect(await stack.remembered('findings', 'event-22')).toBe('sent');
  });

  it('takes away unsent what the ledger knows as sent, and sends what is pending or long forgotten', async () => {
    await fill(4);
    await stack.remember('findings', 'event-00', 'sent', 60);
    await stack.remember('findings', 'event-01', 'pending', 60);
    await stack.remember('findings', 'event-02', 'sent', -60);
    await stack.remember('alerts', 'event-03', 'sent', 60);
    expect((await redrive()).stdout).toBe('sent 3, sent before 1, left 0\n');
    expect((await stack.delivered()).sort()).toEqual(['finding event-01', 'finding event-02', 'finding event-03']);
    expect(await stack.waiting()).toEqual({ visible: 0, hidden: 0 });
  });

  it('restores a message that was packed, with its attributes and subject', async () => {
    const Message = `${'"'.repeat(200_000)} \u202e ☃ \uffff`.replaceAll('\uffff', '?');
    await stack.put(
      bodyOf('large', {
        topic: 'alerts',
        topicArn: topicOf('alerts'),
        render: () => ({ Subject: '[HIGH] x', Message, MessageAttributes: {} }),
      }),
    );
    expect((await redrive()).code).toBe(0);
    expect(await stack.delivered()).toEqual([Message]);
  });

  it('does nothing but list in a dry run', async () => {
    await fill(12);
    await stack.remember('findings', 'event-00', 'sent', 60);
    const { code, stdout } = await redrive({ 'dry-run': true });
    expect(code).toBe(0);
    expect(stdout).toContain('findings high event-01, refused 2026-11-20T12:00:00.000Z: KMSDisabled\n');
    expect(stdout).toMatch(/would send 11, sent before 1, left 0\n$/);
    expect(await stack.delivered()).toEqual([]);
    expect(await stack.waiting()).toEqual({ visible: 12, hidden: 0 });
    expect(await stack.remembered('findings', 'event-01')).toBeUndefined();
  });

  it('sends no more than it may', async () => {
    await fill(15);
    expect((await redrive({ max: '12' })).stdout).toBe('sent 12, sent before 0, left 0\n');
    expect(await stack.waiting()).toEqual({ visible: 3, hidden: 0 });
  });

  it('keeps to its rate', async () => {
    await fill(11);
    const start = performance.now();
    await redrive({ rate: '10' });
    expect(performance.now() - start).toBeGreaterThan(950);
    expect(await stack.delivered()).toHaveLength(11);
  });

  it('leaves what is no finding, and what goes elsewhere, and says so without their characters', async () => {
    await stack.put('not JSON \u202e');
    await stack.put(bodyOf('foreign', { topicArn: 'arn:aws:sns:eu-central-1:444455556666:collector' }));
    await stack.put(bodyOf('confused', { topic: 'alerts' }));
    await fill(1);
    const { code, stdout, stderr } = await redrive();
    expect({ code, stdout }).toEqual({ code: 1, stdout: 'sent 1, sent before 0, left 3\n' });
    expect(stderr).toContain('is no undelivered finding');
    expect(stderr).toContain(
      'findings high foreign: arn:aws:sns:eu-central-1:444455556666:collector is no topic of this stack',
    );
    expect(stderr).not.toContain('\u202e');
    expect(await stack.delivered()).toEqual(['finding event-00']);
    expect(await stack.waiting()).toEqual({ visible: 3, hidden: 0 });
  });

  it('leaves what SNS refuses, and stops when it refuses everything', async () => {
    for (const id of ids(8)) await stack.put(bodyOf(id, { topic: 'chat', topicArn: topicOf('chat') }));
    outputs = await stack.outputs({ chat_topic_arn: topicOf('chat') });
    const { code, stdout, stderr } = await redrive();
    expect({ code, stdout }).toEqual({ code: 1, stdout: 'sent 0, sent before 0, left 5\n' });
    expect(stderr).toContain('5 in a row were refused');
    expect(await stack.waiting()).toEqual({ visible: 8, hidden: 0 });
  });

  it('sends with a ledger that cannot be asked, and says that it may be twice', async () => {
    await fill(1);
    outputs = await stack.outputs({ ledger_table_name: 'another-table' });
    const { code, stderr } = await redrive();
    expect(code).toBe(0);
    expect(stderr).toMatch(/not looked up, so it may be sent twice/);
    expect(await stack.delivered()).toEqual(['finding event-00']);
  });

  it.each([
    ['a queue that is not there', 'http://127.0.0.1/000000000000/nothing', 'there is no queue'],
    ['a queue of another account', 'https://sqs.eu-central-1.amazonaws.com/444455556666/q', 'the wrong account'],
    ['what is no queue', 'https://example.com/', 'is not the URL of a standard queue'],
  ])('names %s', async (_, url, words) => {
    const queue = url.replace('http://127.0.0.1', stack.queueUrl.slice(0, stack.queueUrl.indexOf('/', 7)));
    const { code, stderr } = await redrive({ queue });
    expect(code).toBe(1);
    expect(stderr).toContain(words);
  });
});

describe('a redrive that ends in the middle', () => {
  it('by kill -9 loses nothing: the next one sends all but what the first had in hand, which is in the queue', async () => {
    const expected = await fill(60);
    const { code } = await startRedrive(outputs, 20, (text, kill) => {
      if (text.includes('so far')) kill('SIGKILL');
    });
    expect(code).toBeNull();
    const before = await stack.delivered();
    expect(before.length).toBeGreaterThan(5);
    expect(before.length).toBeLessThan(60);
    expect((await redrive()).code).toBe(0);
    const all = [...before, ...(await stack.delivered())];
    const { visible, hidden } = await stack.waiting();
    expect(visible).toBe(0);
    expect(hidden).toBeLessThanOrEqual(10);
    // At most one was in the moment between SNS and ledger: delivered, and still in the queue.
    expect([0, 1]).toContain(all.length + hidden - expected.length);
    expect(new Set(all).size).toBe(all.length);
  });

  it('by Ctrl-C ends in order: everything not sent can be had at once', async () => {
    await fill(60);
    const { code, stdout } = await startRedrive(outputs, 20, (text, kill) => {
      if (text.includes('so far')) kill('SIGINT');
    });
    const sent = Number(/^sent (\d+), sent before 0, left 0\n$/.exec(stdout)?.[1]);
    expect(code).toBe(1);
    expect(sent).toBeGreaterThan(5);
    expect(await stack.delivered()).toHaveLength(sent);
    expect(await stack.waiting()).toEqual({ visible: 60 - sent, hidden: 0 });
  });
});
