import { PublishBatchCommand } from '@aws-sdk/client-sns';
import { SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { UndeliveredError } from '../../function/fate-errors.ts';
import { BoundedCalls } from '../../function/sinks/ledger/bounded-calls.ts';
import { Budget } from '../../function/sinks/ledger/budget.ts';
import { Claims } from '../../function/sinks/ledger/claims.ts';
import { Table } from '../../function/sinks/ledger/table.ts';
import type { SnsLoader } from '../../function/sinks/publisher.ts';
import type { SqsLoader } from '../../function/sinks/sqs.ts';
import { within } from '../support/environment.ts';
import { startLedger, type TestLedger } from '../support/ledger.ts';
import { keysOn, type LedgerRunOptions, runWith } from '../support/ledger-run.ts';
import { eventOf, record, TIME } from '../support/payloads.ts';
import { startQueues, type TestQueues } from '../support/undelivered-queue.ts';

let queues: TestQueues;
let ledger: TestLedger;
let queueUrl: string;

beforeAll(async () => {
  queues = await startQueues();
});
afterAll(() => queues.close());
beforeEach(async () => {
  ledger = await startLedger();
  queueUrl = await queues.create();
});
afterEach(() => ledger.close());

const noQueue: SqsLoader = async () => ({
  client: { send: () => Promise.reject(new Error('unreachable')) },
  SendMessageBatchCommand,
});
/** Findings of as many people, so that no storm holds one back. */
const deleted = (...ids: string[]) =>
  eventOf(
    ids.map((eventID) =>
      record('DeleteVolume', {
        eventID,
        requestParameters: { volumeId: eventID },
        userIdentity: { type: 'IAMUser', arn: `arn:aws:iam::123456789012:user/${eventID}`, userName: eventID },
      }),
    ),
  );
const range = (count: number) => Array.from({ length: count }, (_, index) => `event-${index}`);
/** SNS that takes connections and never answers. */
const silent: SnsLoader = async () => ({
  client: {
    send: (_: unknown, options?: { abortSignal?: AbortSignal }) =>
      new Promise((_resolve, reject) => {
        options?.abortSignal?.addEventListener('abort', () =>
          reject(Object.assign(new Error('aborted'), { name: 'AbortError' })),
        );
      }),
  } as Awaited<ReturnType<SnsLoader>>['client'],
  PublishBatchCommand,
});

function run(event: unknown, options: LedgerRunOptions = {}) {
  return runWith(ledger, event, {
    ...options,
    variables: { UNDELIVERED_QUEUE_URL: queueUrl, ...options.variables },
    parts: { loadSqs: queues.load, ...options.parts },
  });
}

const queued = () => queues.contents(queueUrl);

describe('a finding that a topic refuses for good', () => {
  const refuses = (message: string, topic: string) =>
    topic === 'findings' && message.includes('two') ? 'AuthorizationError' : undefined;

  test('goes to the queue, and the invocation succeeds', async () => {
    const { figures, metrics, sent } = await run(deleted('one', 'two', 'three'), { refuses });
    expect(figures).toMatchObject({ 'findings/undelivered': 1, undelivered: 1, handedOver: 1, ledgerFailures: 0 });
    expect(figures).toMatchObject({ 'findings/delivered': 2, 'alerts/delivered': 3 });
    expect(metrics).toMatchObject(figures ?? {});
    expect(keysOn(sent)).toEqual(['one', 'three']);
    expect(await queued()).toMatchObject([{ topic: 'findings', dedupKey: 'two', errorCode: 'AuthorizationError' }]);
  });

  test('stays claimed and unsent, so that a second source may deliver it', async () => {
    await run(deleted('two-again'), { refuses });
    const rows = (await ledger.rows()).filter(({ pk }) => pk?.endsWith('#two-again'));
    expect(rows.map(({ pk, state }) => `${pk} ${state}`).sort()).toEqual([
      'sent#alerts#two-again sent',
      'sent#findings#two-again pending',
    ]);
    const other = await run(deleted('two-again'), { patience: 1 });
    expect(keysOn(other.sent)).toEqual(['two-again']);
  });

  test('fails the invocation only when the queue refuses it as well; the retry repeats nothing', async () => {
    const options = { refuses, owner: 'request-9' };
    const event = deleted('a1', 'two-lost', 'a3');
    const { error, metrics } = await run(event, { ...options, milliseconds: 1_500, parts: { loadSqs: noQueue } });
    expect(error).toBeInstanceOf(UndeliveredError);
    expect(error).toMatchObject({
      undelivered: [{ topic: 'findings', eventID: 'two-lost', errorCode: 'AuthorizationError' }],
    });
    expect(metrics).toMatchObject({ 'findings/undelivered': 1 });
    const retry = await run(event, { owner: 'request-9' });
    expect(retry.sent.map(({ topic }) => topic)).toEqual(['findings']);
    expect(keysOn(retry.sent)).toEqual(['two-lost']);
  });
});

describe('what the queue has', () => {
  const refuses = () => 'AuthorizationError';

  test('is delivered by a repeat that comes sooner than a person', async () => {
    await run(deleted('early'), { refuses });
    const repeat = await run(deleted('early'), { minutes: 60 });
    expect(repeat.figures).toMatchObject({ 'findings/delivered': 1, possiblyRepeated: 0, undelivered: 0 });
    // redrive asks the ledger, and drops the copies that it says were sent.
    expect(await stateOf('early')).toEqual(['sent', 'sent']);
  });

  test('is in it once for each time the finding came and was refused, and no more often', async () => {
    for (const minutes of [0, 60, 120]) await run(deleted('still'), { refuses, minutes });
    expect((await queued()).map(({ topic }) => topic).sort()).toEqual([...triple('alerts'), ...triple('findings')]);
  });

  test('is not sent again once it was sent from there', async () => {
    await run(deleted('redriven'), { refuses });
    const claims = new Claims(table(), table(), {
      owner: 'redrive',
      now: () => new Date(TIME),
      deadline: within(5_000),
    });
    await claims.markSent(['alerts', 'findings'].map((topic) => ({ topic, dedupKey: 'redriven' })));
    const repeat = await run(deleted('redriven'), { minutes: 60 });
    expect(repeat.sent).toEqual([]);
    expect(repeat.figures).toMatchObject({ 'alerts/repeated': 1, 'findings/repeated': 1 });
  });
});

const triple = (topic: string) => [topic, topic, topic];
const table = () => new Table(ledger.table, new BoundedCalls(ledger.loader().load), new Budget(5_000, within(5_000)));
const stateOf = async (dedupKey: string) =>
  (await ledger.rows()).filter(({ pk }) => pk?.endsWith(`#${dedupKey}`)).map(({ state }) => state);

describe('when the time is up', () => {
  test('what a topic still throttles is handed over, each with what it said, and nothing is lost', async () => {
    const { figures, took } = await run(deleted(...range(12)), {
      refuses: (_, topic) => (topic === 'alerts' ? 'Throttled' : undefined),
      milliseconds: 3_000,
    });
    expect(figures).toMatchObject({ 'alerts/delivered': 0, 'alerts/undelivered': 12, 'findings/delivered': 12 });
    expect(figures).toMatchObject({ undelivered: 12, handedOver: 12 });
    const waiting = (await queued()).map(({ dedupKey, errorCode }) => `${dedupKey} ${errorCode}`);
    expect(waiting.sort()).toEqual(
      range(12)
        .map((id) => `${id} Throttled`)
        .sort(),
    );
    expect(took).toBeLessThan(3_000);
  });

  test('what SNS has not answered is handed over', async () => {
    const { figures, took } = await run(deleted(...range(25)), { parts: { loadSns: silent }, milliseconds: 3_000 });
    expect(figures).toMatchObject({ 'alerts/undelivered': 25, 'findings/undelivered': 25, handedOver: 50 });
    const waiting = await queued();
    expect(new Set(waiting.map(({ topic, dedupKey }) => `${topic} ${dedupKey}`)).size).toBe(50);
    expect(new Set(waiting.map(({ errorCode }) => errorCode))).toEqual(new Set(['OutOfTime']));
    expect(took).toBeLessThan(3_000);
  });

  test('and the queue says nothing either, the invocation fails in time, with every finding named', async () => {
    const { error, metrics, took } = await run(deleted(...range(3)), {
      parts: { loadSns: silent, loadSqs: noQueue },
      milliseconds: 2_000,
    });
    expect(error).toBeInstanceOf(UndeliveredError);
    expect((error as UndeliveredError).undelivered).toHaveLength(6);
    expect(metrics).toMatchObject({ undelivered: 6, handedOver: 0 });
    expect(took).toBeLessThan(2_500);
  });
});

test('a client that cannot be loaded fails the invocation, when the other topics are done and remembered', async () => {
  const loadSqs = () => Promise.reject(new Error('no such module'));
  const { error, sent } = await run(deleted('x1', 'x2'), {
    owner: 'request-1',
    refuses: (_, topic) => (topic === 'alerts' ? 'AuthorizationError' : undefined),
    parts: { loadSqs },
  });
  expect(error).toMatchObject({ message: 'no such module' });
  expect(keysOn(sent)).toEqual(['x1', 'x2']);
  const retry = await run(deleted('x1', 'x2'), { owner: 'request-1' });
  expect(retry.sent.map(({ topic }) => topic)).toEqual(['alerts', 'alerts']);
});

test('what a summary could not name goes to the queue, finding by finding', async () => {
  let messages = 0;
  const users = Array.from({ length: 12 }, (_, index) => `user-${index}`);
  const event = eventOf(
    users.map((user) =>
      record('DeleteVolume', {
        eventID: user,
        userIdentity: { type: 'IAMUser', arn: `arn:aws:iam::123456789012:user/${user}`, userName: user },
      }),
    ),
  );
  const { figures } = await run(event, {
    variables: { LEDGER_TABLE: undefined, MESSAGES_PER_MINUTE: '10', UNDELIVERED_QUEUE_URL: queueUrl },
    refuses: (_, topic) => (topic === 'alerts' && ++messages > 10 ? 'AuthorizationError' : undefined),
  });
  expect(figures).toMatchObject({ 'alerts/delivered': 10, 'alerts/undelivered': 2, 'alerts/heldBack': 0 });
  expect((await queued()).map(({ dedupKey }) => dedupKey).sort()).toEqual(['user-10', 'user-11']);
});
