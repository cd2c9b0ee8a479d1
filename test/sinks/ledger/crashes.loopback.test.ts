import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type LedgerCall, startLedger, type TestLedger } from '../../support/ledger.ts';
import { keysOn, runWith } from '../../support/ledger-run.ts';
import { eventOf, record } from '../../support/payloads.ts';

let ledger: TestLedger;
beforeEach(async () => {
  ledger = await startLedger();
});
afterEach(() => ledger.close());

/** A storm of alice's on three volumes, more than is published of it, and one finding of another kind. */
const EVENT = eventOf([
  ...Array.from({ length: 14 }, (_, index) =>
    record('DeleteVolume', { eventID: `event-${index}`, requestParameters: { volumeId: `vol-${index}` } }),
  ),
  record('DisableEbsEncryptionByDefault', { eventID: 'worse' }),
]);
const KEYS = [...Array.from({ length: 14 }, (_, index) => `event-${index}`), 'worse'];
const CALM = { MESSAGES_PER_MINUTE: '600' };
const OWNER = { owner: 'request-1', variables: CALM };

/** A process that dies before this call goes on for nobody: its promise never settles, and nothing more is sent. */
function dyingBefore(isLast: (call: LedgerCall) => boolean) {
  let dead = false;
  let died = () => {};
  const death = new Promise<void>((resolve) => {
    died = resolve;
  });
  const fault = (call: LedgerCall) => {
    dead ||= isLast(call);
    if (!dead) return;
    died();
    return new Promise<void>(() => {});
  };
  // What SNS takes of a dead process is taken by nobody.
  return { death, fault, refuses: () => (dead ? 'AuthorizationError' : undefined) };
}

const writes = (text: string) => (call: LedgerCall) => call.command !== 'GetItemCommand' && call.input.includes(text);

describe('an invocation that dies and is tried again', () => {
  test.each([
    ['before its first claim', (call: LedgerCall) => call.index === 0],
    ['between its claims', (call: LedgerCall) => call.index === 9],
    ['before the storm is decided', writes('"storm#')],
    ['before what is held back is kept', writes('"held#')],
    ['before the window is opened', writes('"windows"')],
    ['before the topics’ minute is counted', writes('"rate#')],
    [
      'before anything is marked',
      (call: LedgerCall) => call.command === 'BatchWriteItemCommand' && call.input.includes('"sent#'),
    ],
  ])('%s loses nothing', async (_, isLast) => {
    const { death, fault, refuses } = dyingBefore(isLast);
    const first = runWith(ledger, EVENT, { ...OWNER, fault, refuses, patience: 1 });
    await Promise.race([death, first]);
    const before = keysOn((await Promise.race([first, Promise.resolve({ sent: [] })])).sent);
    const retry = await runWith(ledger, EVENT, OWNER);
    const again = keysOn(retry.sent);
    const held = JSON.stringify((await ledger.rows()).filter(({ pk }) => pk?.startsWith('held#')));
    for (const key of KEYS)
      expect([...before, ...again].includes(key) || held.includes(`\\"${key}\\"`), key).toBe(true);
    expect(retry.figures).toMatchObject({ 'alerts/findings': KEYS.length, undelivered: 0, possiblyRepeated: 0 });
    expect(again).toContain('worse');
    expect(again).toContain('event-0');
    await first;
  });

  test('after everything was sent and marked repeats nothing', async () => {
    await runWith(ledger, EVENT, OWNER);
    const { sent, figures } = await runWith(ledger, EVENT, OWNER);
    expect(sent).toEqual([]);
    expect(figures).toMatchObject({ 'alerts/repeated': KEYS.length });
  });

  test('in the middle of publishing repeats at most what was not marked', async () => {
    const findings = eventOf(
      Array.from({ length: 25 }, (_, index) =>
        record('DeleteVolume', {
          eventID: `e-${index}`,
          userIdentity: { type: 'IAMUser', arn: `arn:aws:iam::123456789012:user/u${index}` },
        }),
      ),
    );
    let taken = 0;
    const first = await runWith(ledger, findings, {
      ...OWNER,
      refuses: (_, topic) => (topic === 'findings' && ++taken > 10 ? 'AuthorizationError' : undefined),
    });
    expect(keysOn(first.sent)).toHaveLength(10);
    const retry = await runWith(ledger, findings, OWNER);
    expect([...keysOn(first.sent), ...keysOn(retry.sent)].sort()).toEqual(
      Array.from({ length: 25 }, (_, index) => `e-${index}`).sort(),
    );
    expect(retry.sent.filter(({ topic }) => topic === 'alerts')).toEqual([]);
  });
});
