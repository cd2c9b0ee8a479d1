import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Policy } from '../../../function/core/policy.ts';
import { type LedgerCall, refusal, startLedger, type TestLedger } from '../../support/ledger.ts';
import { keysOn, type LedgerRunOptions, runWith } from '../../support/ledger-run.ts';
import { eventOf } from '../../support/payloads.ts';
import { detection, policyOf } from '../../support/policies.ts';
import { signIn } from '../../support/records.ts';

let ledger: TestLedger;
beforeEach(async () => {
  ledger = await startLedger();
});
afterEach(() => ledger.close());

const POLICY: Policy = policyOf({
  detections: [
    detection({
      id: 'sign-in-failures',
      eventSource: 'signin.amazonaws.com',
      eventNames: ['ConsoleLogin'],
      when: '{ $.responseElements.ConsoleLogin = "Failure" }',
      count: { atLeast: 4, withinMinutes: 10, by: ['principal'] },
    }),
  ],
});
const at = (minute: number) => `2026-11-20T12:${String(minute).padStart(2, '0')}:00Z`;
const failure = (eventID: string, minute = 0) => signIn('Failure', { eventID, eventTime: at(minute) });
const run = (records: readonly unknown[], options: LedgerRunOptions = {}) =>
  runWith(ledger, eventOf(records), { ...options, parts: { policy: POLICY, ...options.parts } });

describe('a counted detection', () => {
  test('counts across events, and the record that reaches the count is the finding', async () => {
    expect((await run([failure('1'), failure('2', 1)])).sent).toEqual([]);
    expect((await run([failure('3', 2)])).sent).toEqual([]);
    const { sent, figures } = await run([failure('4', 3)]);
    expect(keysOn(sent)).toEqual(['4']);
    expect(figures).toMatchObject({ received: 1, high: 1, published: 1 });
    expect((await run([failure('5', 4)])).sent).toEqual([]);
  });

  test('counts a record that comes twice once, and fires again for the same one alone', async () => {
    await run([failure('1'), failure('2'), failure('3')]);
    await run([failure('3'), failure('2')]);
    const refused = await run([failure('4')], { refuses: () => 'AuthorizationError', owner: 'request-1' });
    expect(refused.error).toBeDefined();
    expect(keysOn((await run([failure('4')], { owner: 'request-1' })).sent)).toEqual(['4']);
  });

  test('fires for an event that failed and is given to the function again two weeks later', async () => {
    await run([failure('1'), failure('2'), failure('3')]);
    const refused = await run([failure('4')], { refuses: () => 'AuthorizationError' });
    expect(refused.error).toBeDefined();
    expect(keysOn((await run([failure('4')], { minutes: 14 * 24 * 60 })).sent)).toEqual(['4']);
  });

  test('tells of what it counted though the write of it gets no answer, made or not', async () => {
    for (const [user, isMade] of [['alice', true] as const, ['bob', false] as const]) {
      const by = (id: number) => {
        const userIdentity = { type: 'IAMUser', arn: `arn:aws:iam::123456789012:user/${user}`, userName: user };
        return { ...failure(`${user}-${id}`), userIdentity };
      };
      await run([by(1), by(2), by(3)]);
      const { client, PutItemCommand } = await ledger.loader().load();
      const { sent, metrics } = await run([by(4)], {
        fault: async ({ command, input }) => {
          if (command !== 'PutItemCommand' || !input.includes('"count#')) return;
          // The second try finds the row written.
          if (isMade) await client.send(new PutItemCommand(JSON.parse(input)), {}).catch(() => undefined);
          throw refusal('TimeoutError', 500);
        },
      });
      expect(keysOn(sent), user).toEqual([`${user}-4`]);
      expect(metrics['ledgerFailures'], user).toBeGreaterThan(0);
    }
  });

  test('forgets what is older than its time', async () => {
    await run([failure('1'), failure('2'), failure('3')]);
    expect((await run([failure('4', 20)])).sent).toEqual([]);
  });

  test('loses no hit when functions count at once', async () => {
    const ids = Array.from({ length: 12 }, (_, index) => String(index));
    const runs = await Promise.all(ids.map((id) => run([failure(id)])));
    expect(runs.reduce((sum, { figures }) => sum + (figures?.['published'] ?? 0), 0)).toBe(3);
  });

  test('that others always win the race for counts within the event, and the failure is counted', async () => {
    const { sent, metrics } = await run(
      ['1', '2', '3', '4'].map((id) => failure(id)),
      {
        patience: 1,
        fault: ({ command, input }) =>
          command === 'PutItemCommand' && input.includes('"count#')
            ? Promise.reject(refusal('ConditionalCheckFailedException', 400))
            : undefined,
      },
    );
    expect(keysOn(sent)).toEqual(['4']);
    expect(metrics['ledgerFailures']).toBeGreaterThan(0);
  });

  test('counts a record that comes twice in one event once, with the ledger and without', async () => {
    const twice = ['1', '2', '2', '1', '3'].map((id) => failure(id));
    expect((await run(twice, { variables: { LEDGER_TABLE: undefined } })).sent).toEqual([]);
    expect((await run(twice)).sent).toEqual([]);
    expect(keysOn((await run([failure('4')])).sent)).toEqual(['4']);
  });

  test.each(['GetItemCommand', 'PutItemCommand'])('counts on after a %s that nobody answers', async (silent) => {
    let left = 1;
    const silence = ({ command, input }: LedgerCall) =>
      command === silent && input.includes('"count#') && left-- > 0 ? new Promise<void>(() => undefined) : undefined;
    const { metrics } = await run([failure('1'), failure('2'), failure('3')], { fault: silence, patience: 1 });
    expect(metrics['ledgerFailures']).toBe(0);
    expect(keysOn((await run([failure('4')])).sent)).toEqual(['4']);
  });

  test('counts within the event when the ledger is down', async () => {
    const fault = () => Promise.reject(refusal('InternalServerError', 500));
    const { sent, metrics, lines } = await run(
      ['1', '2', '3', '4'].map((id) => failure(id)),
      { fault },
    );
    expect(keysOn(sent)).toEqual(['4']);
    expect(metrics['ledgerFailures']).toBeGreaterThan(0);
    expect(lines().find(({ code }) => code === 'ledger_not_available')).toMatchObject({ level: 'warn' });
    const alone = await run(
      ['1', '2', '3', '4'].map((id) => failure(id)),
      { variables: { LEDGER_TABLE: undefined } },
    );
    expect(keysOn(alone.sent)).toEqual(['4']);
  });

  test('keeps the balance: each of its records is received once', async () => {
    const { figures } = await run([failure('1'), signIn('Success', { eventID: 'ok' }), failure('2'), 'not a record']);
    expect(figures).toMatchObject({ received: 4, rejected: 1 });
    const { whitelisted = 0, quiet = 0, logged = 0, published = 0, rejected = 0 } = figures ?? {};
    expect(whitelisted + quiet + logged + published + rejected).toBe(4);
  });
});
