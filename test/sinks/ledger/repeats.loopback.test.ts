import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startLedger, type TestLedger } from '../../support/ledger.ts';
import { keysOn, runWith } from '../../support/ledger-run.ts';
import { eventOf, record } from '../../support/payloads.ts';

let ledger: TestLedger;
beforeEach(async () => {
  ledger = await startLedger();
});
afterEach(() => ledger.close());

const deleted = (...ids: string[]) =>
  ids.map((eventID) => record('DeleteVolume', { eventID, requestParameters: { volumeId: `vol-${eventID}` } }));
const kinesis = (messages: readonly unknown[]) => ({
  Records: [{ eventSource: 'aws:kinesis', kinesis: { sequenceNumber: '1', data: eventOf(messages).awslogs.data } }],
});
const claimOf = async (pk: string) => (await ledger.rows()).find((row) => row['pk'] === pk);

describe('a finding that comes again', () => {
  test('is sent once, whichever function gets it, and the repeat is counted on each topic', async () => {
    expect((await runWith(ledger, eventOf(deleted('a', 'b')))).figures).toMatchObject({ 'alerts/delivered': 2 });
    const again = await runWith(ledger, eventOf(deleted('b', 'c')));
    expect(keysOn(again.sent)).toEqual(['c']);
    expect(again.figures).toMatchObject({
      'alerts/findings': 2,
      'alerts/delivered': 1,
      'alerts/repeated': 1,
      'findings/repeated': 1,
      possiblyRepeated: 0,
      ledgerFailures: 0,
    });
  });

  test('by another source is the same finding', async () => {
    await runWith(ledger, eventOf(deleted('a')));
    const again = await runWith(ledger, kinesis(deleted('a')));
    expect(again.sent).toEqual([]);
    expect(again.figures).toMatchObject({ 'alerts/repeated': 1 });
  });

  test('in one event is sent once', async () => {
    const { sent, figures } = await runWith(ledger, eventOf(deleted('a', 'a', 'b', 'a')));
    expect(keysOn(sent)).toEqual(['a', 'b']);
    expect(figures).toMatchObject({ 'findings/delivered': 2, 'findings/repeated': 2 });
  });

  test('without an eventID is known by its text', async () => {
    const nameless = record('DeleteVolume', { eventID: undefined });
    await runWith(ledger, eventOf([nameless]));
    expect((await runWith(ledger, eventOf([nameless]))).sent).toEqual([]);
    expect(
      (await runWith(ledger, eventOf([{ ...nameless, requestParameters: { volumeId: 'vol-other' } }]))).sent,
    ).toHaveLength(2);
  });

  test('under an eventID that fits no key of a table is known all the same', async () => {
    const eventID = `\u202e\n${'x'.repeat(5_000)}`;
    await runWith(ledger, eventOf(deleted(eventID)));
    const { sent, figures } = await runWith(ledger, eventOf(deleted(eventID)));
    expect(sent).toEqual([]);
    expect(figures).toMatchObject({ ledgerFailures: 0 });
  });

  test('after 35 days is new, though its row still stands', async () => {
    await runWith(ledger, eventOf(deleted('a')));
    const days = (count: number) => ({ minutes: count * 24 * 60 });
    expect((await runWith(ledger, eventOf(deleted('a')), days(34))).sent).toEqual([]);
    expect((await runWith(ledger, eventOf(deleted('a')), days(36))).sent).toHaveLength(2);
  });

  test('is suppressed on the topic that took it, and sent to the one that refused it', async () => {
    const first = await runWith(ledger, eventOf(deleted('a', 'b')), {
      owner: 'request-1',
      refuses: (message, topic) => (topic === 'findings' && message.includes('"b"') ? 'AuthorizationError' : undefined),
    });
    expect(first.error).toMatchObject({ undelivered: [{ topic: 'findings', eventID: 'b' }] });
    const retry = await runWith(ledger, eventOf(deleted('a', 'b')), { owner: 'request-1' });
    expect(retry.sent).toMatchObject([{ topic: 'findings' }]);
    expect(keysOn(retry.sent)).toEqual(['b']);
    expect(retry.figures).toMatchObject({ 'alerts/repeated': 2, 'findings/repeated': 1, 'findings/delivered': 1 });
  });
});

test('a row that says nothing clear holds nothing back', async () => {
  for (const [name, row] of Object.entries({
    timeless: { state: 'sent' },
    strange: { state: 'SENT', expiresAt: '9' },
    empty: {},
  })) {
    for (const topic of ['alerts', 'findings']) await ledger.put({ pk: `sent#${topic}#${name}`, sk: '-', ...row });
    const { sent, figures } = await runWith(ledger, eventOf(deleted(name)), { patience: 1 });
    expect(keysOn(sent), name).toEqual([name]);
    expect(figures).toMatchObject({ 'findings/repeated': 0, undelivered: 0 });
  }
});

describe('a finding that is claimed and not sent', () => {
  const refuseAll = { refuses: () => 'AuthorizationError' };

  test('is sent by the next try of the same request at once', async () => {
    await runWith(ledger, eventOf(deleted('a')), { ...refuseAll, owner: 'request-1' });
    expect(await claimOf('sent#alerts#a')).toMatchObject({ state: 'pending', owner: 'request-1' });
    const { sent, figures, took } = await runWith(ledger, eventOf(deleted('a')), { owner: 'request-1' });
    expect(sent).toHaveLength(2);
    expect(figures).toMatchObject({ possiblyRepeated: 0 });
    expect(took).toBeLessThan(5_000);
    expect(await claimOf('sent#alerts#a')).toMatchObject({ state: 'sent' });
  });

  test('is waited for by others, a second for all of them together, and then sent', async () => {
    const ids = Array.from({ length: 30 }, (_, index) => `event-${index}`);
    await runWith(ledger, eventOf(deleted(...ids)), { ...refuseAll, owner: 'request-1' });
    const { sent, figures, took } = await runWith(ledger, eventOf(deleted(...ids)), {
      owner: 'request-2',
      patience: 1,
    });
    expect(figures).toMatchObject({ possiblyRepeated: 2 * (figures?.['alerts/delivered'] ?? 0) });
    expect(figures?.['alerts/delivered']).toBe(keysOn(sent).length);
    expect(figures?.['alerts/delivered']).toBeGreaterThan(5);
    expect(took).toBeGreaterThan(700);
    expect(took).toBeLessThan(3_500);
  });

  test('is a repeat when the other one sends it in the meantime', async () => {
    let release = () => {};
    const sending = new Promise<void>((resolve) => {
      release = resolve;
    });
    // The first function has claimed, and stands before telling that it has sent.
    const first = runWith(ledger, eventOf(deleted('a')), {
      fault: async ({ command }) => {
        if (command !== 'BatchWriteItemCommand') return;
        release();
        await new Promise((resolve) => setTimeout(resolve, 300));
      },
    });
    await sending;
    const second = await runWith(ledger, eventOf(deleted('a')));
    await first;
    expect(second.sent).toEqual([]);
    expect(second.figures).toMatchObject({ 'alerts/repeated': 1, possiblyRepeated: 0 });
  });

  test('is free again once the lease is over', async () => {
    await runWith(ledger, eventOf(deleted('a')), { ...refuseAll, milliseconds: 20_000 });
    const { sent, figures } = await runWith(ledger, eventOf(deleted('a')), { minutes: 1 });
    expect(sent).toHaveLength(2);
    expect(figures).toMatchObject({ possiblyRepeated: 0 });
  });
});

test('findings that several functions get at once are sent once each, whoever wins', async () => {
  const ids = Array.from({ length: 12 }, (_, index) => `event-${index}`);
  const people = ids.map((eventID) =>
    record('DeleteVolume', {
      eventID,
      userIdentity: { type: 'IAMUser', arn: `arn:aws:iam::123456789012:user/${eventID}` },
    }),
  );
  const orders = [people, people.toReversed(), [...people.slice(6), ...people.slice(0, 6)]];
  const runs = await Promise.all(orders.map((records) => runWith(ledger, eventOf(records))));
  expect(runs.flatMap(({ sent }) => keysOn(sent)).sort()).toEqual([...ids].sort());
  const sum = (name: string) => runs.reduce((total, { figures }) => total + (figures?.[name] ?? Number.NaN), 0);
  expect([sum('findings/findings'), sum('findings/delivered'), sum('findings/repeated')]).toEqual([36, 12, 24]);
  expect([sum('possiblyRepeated'), sum('ledgerFailures')]).toEqual([0, 0]);
});

test('an invocation without findings asks nothing of the ledger, and loads nothing', async () => {
  const loadDynamo = () => Promise.reject(new Error('nothing should be asked'));
  const { figures } = await runWith(ledger, eventOf([record('RunInstances'), record('Decrypt')]), {
    parts: { loadDynamo },
  });
  expect(figures).toMatchObject({ received: 2, ledgerFailures: 0 });
});
