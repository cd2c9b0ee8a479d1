import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { refusal, startLedger, type TestLedger } from '../../support/ledger.ts';
import { keysOn, runWith } from '../../support/ledger-run.ts';
import { eventOf, record } from '../../support/payloads.ts';

let ledger: TestLedger;
beforeEach(async () => {
  ledger = await startLedger();
});
afterEach(() => ledger.close());

const CALM = { MESSAGES_PER_MINUTE: '600' };
const ids = (count: number, from = 1) => Array.from({ length: count }, (_, index) => `event-${from + index}`);
/** Deletions of one volume by alice, unless told otherwise. */
const deletions = (eventIDs: readonly string[], changes: Readonly<Record<string, unknown>> = {}) =>
  eventIDs.map((eventID) => record('DeleteVolume', { eventID, ...changes }));
const by = (user: string) => ({
  userIdentity: { type: 'IAMUser', arn: `arn:aws:iam::123456789012:user/${user}`, userName: user },
});
const rowsUnder = async (prefix: string) => (await ledger.rows()).filter(({ pk }) => pk?.startsWith(prefix));

describe('a storm', () => {
  test('is heard at once, at the tenth and at the hundredth, however it is cut into events', async () => {
    const heard: string[] = [];
    let [held, findings] = [0, 0];
    for (let from = 1; from <= 120; from += 15) {
      const { sent, figures } = await runWith(ledger, eventOf(deletions(ids(15, from))), { variables: CALM });
      heard.push(...keysOn(sent));
      held += figures?.['alerts/heldBack'] ?? 0;
      findings += figures?.['alerts/findings'] ?? 0;
    }
    expect(heard).toEqual(['event-1', 'event-10', 'event-100']);
    expect([held, findings]).toEqual([117, 120]);
  });

  test('leaves every target that was held back in the ledger, and a window that tells of them', async () => {
    const targets = Array.from({ length: 20 }, (_, index) => ({ requestParameters: { volumeId: `vol-${index}` } }));
    const { sent } = await runWith(
      ledger,
      eventOf(targets.flatMap((target, index) => deletions([`t-${index}`], target))),
    );
    const published = keysOn(sent).map((key) => `volumeId: vol-${key.slice(2)} in eu-central-1`);
    const held = (await rowsUnder('held#')).map(({ finding }) => JSON.parse(finding ?? '').target as string);
    expect(published.length).toBeLessThan(10);
    expect([...published, ...held].sort()).toEqual(
      targets.map(({ requestParameters }) => `volumeId: ${requestParameters.volumeId} in eu-central-1`).sort(),
    );
    expect(await rowsUnder('windows')).toHaveLength(1);
  });

  test('of one caller mutes nobody else, and not what is more severe', async () => {
    await runWith(ledger, eventOf(deletions(ids(30))));
    const { sent } = await runWith(
      ledger,
      eventOf([
        ...deletions(ids(1, 50)),
        ...deletions(['bob'], by('bob')),
        record('DisableEbsEncryptionByDefault', { eventID: 'worse' }),
      ]),
    );
    expect(keysOn(sent).sort()).toEqual(['bob', 'worse']);
  });

  test('in a new window is heard again', async () => {
    await runWith(ledger, eventOf(deletions(ids(30))));
    expect(keysOn((await runWith(ledger, eventOf(deletions(ids(5, 50))), { minutes: 61 })).sent)).toHaveLength(1);
  });

  test('that several functions see at once loses no first, and each finding has one fate', async () => {
    const users = ['ann', 'ben', 'cid', 'dan', 'eve', 'fay'];
    const runs = await Promise.all(
      users.map((user) =>
        runWith(
          ledger,
          eventOf(
            deletions(
              ['1', '2', '3', '4'].map((id) => `${user}-${id}`),
              by(user),
            ),
          ),
        ),
      ),
    );
    const heard = runs.flatMap(({ sent }) => keysOn(sent));
    expect(heard).toEqual(expect.arrayContaining(users.map((user) => `${user}-1`)));
    const sum = (name: string) => runs.reduce((total, { figures }) => total + (figures?.[name] ?? 0), 0);
    expect(sum('alerts/delivered') + sum('alerts/heldBack')).toBe(24);
    expect(sum('findings/delivered')).toBe(heard.length);
    expect(new Set(heard).size).toBe(heard.length);
    expect(sum('ledgerFailures')).toBe(0);
    expect(sum('alerts/heldBack')).toBe(18);
    expect((await rowsUnder('sent#alerts#')).map(({ state }) => state)).toEqual(Array(24).fill('sent'));
    const [state] = await rowsUnder('storm#');
    expect(JSON.parse(state?.['state'] ?? '').principals).toHaveLength(users.length);
  });

  test('for whose state others win every race is published, and the failure is counted', async () => {
    const { figures, lines, took } = await runWith(ledger, eventOf(deletions(ids(20))), {
      variables: CALM,
      patience: 1,
      fault: ({ command, input }) =>
        command === 'PutItemCommand' && input.includes('"storm#')
          ? Promise.reject(refusal('ConditionalCheckFailedException', 400))
          : undefined,
    });
    expect(figures).toMatchObject({ 'findings/delivered': 20, 'findings/heldBack': 0, 'findings/undelivered': 0 });
    expect(figures?.['ledgerFailures']).toBeGreaterThan(0);
    expect(lines().find(({ code }) => code === 'ledger_not_available')).toMatchObject({
      errorCode: expect.stringMatching(/^(LostRaces|OutOfBudget)$/),
    });
    expect(took).toBeLessThan(3_000);
  });

  test('whose held findings cannot be kept is published', async () => {
    const { figures } = await runWith(ledger, eventOf(deletions(ids(20))), {
      variables: CALM,
      fault: ({ command, input }) =>
        command === 'BatchWriteItemCommand' && input.includes('held#')
          ? Promise.reject(refusal('InternalServerError', 500))
          : undefined,
    });
    expect(figures).toMatchObject({ 'findings/delivered': 20, 'findings/heldBack': 0 });
  });

  test('whose window cannot be opened is published', async () => {
    const { figures } = await runWith(ledger, eventOf(deletions(ids(20))), {
      variables: CALM,
      fault: ({ input }) =>
        input.includes('"windows"') ? Promise.reject(refusal('InternalServerError', 500)) : undefined,
    });
    expect(figures).toMatchObject({ 'findings/delivered': 20, 'findings/heldBack': 0 });
  });

  test('is held back once: the same findings again are repeats', async () => {
    await runWith(ledger, eventOf(deletions(ids(20))));
    const { figures, sent } = await runWith(ledger, eventOf(deletions(ids(20))));
    expect(sent).toEqual([]);
    expect(figures).toMatchObject({ 'alerts/repeated': 20, 'alerts/heldBack': 0 });
  });
});

describe('the ceiling', () => {
  const ten = { MESSAGES_PER_MINUTE: '10' };
  const people = (count: number, prefix = 'user') => Array.from({ length: count }, (_, index) => `${prefix}-${index}`);
  const byAll = (users: readonly string[]) => users.flatMap((user) => deletions([user], by(user)));

  test('holds for all functions together, minute by minute, and what is over it waits for a digest', async () => {
    const first = await runWith(ledger, eventOf(byAll(people(8, 'a'))), { variables: ten });
    const second = await runWith(ledger, eventOf(byAll(people(8, 'b'))), { variables: ten });
    expect(keysOn(first.sent)).toHaveLength(8);
    expect(keysOn(second.sent)).toEqual(['b-0', 'b-1']);
    expect(second.figures).toMatchObject({ 'findings/delivered': 2, 'findings/heldBack': 6 });
    const windows = (await rowsUnder('windows')).map(({ window }) => JSON.parse(window ?? ''));
    expect(windows).toMatchObject([
      { kind: 'ceiling', topic: expect.stringMatching(/alerts|findings/) },
      { kind: 'ceiling', topic: expect.stringMatching(/alerts|findings/) },
    ]);
    const later = await runWith(ledger, eventOf(byAll(people(8, 'c'))), { variables: ten, minutes: 1 });
    expect(keysOn(later.sent)).toHaveLength(8);
  });

  test('drops the least severe first, and never the first critical ones', async () => {
    const critical = people(12, 'root').map((user) =>
      record('DisableEbsEncryptionByDefault', { eventID: user, ...by(user) }),
    );
    const { sent } = await runWith(ledger, eventOf([...byAll(people(5)), ...critical]), { variables: ten });
    expect(keysOn(sent).sort()).toEqual(people(12, 'root').sort());
  });

  test('without a ledger is one invocation’s, and one message a topic names the rest', async () => {
    const { sent, figures } = await runWith(ledger, eventOf(byAll(people(40))), {
      variables: { ...ten, LEDGER_TABLE: undefined },
    });
    expect(figures).toMatchObject({ 'alerts/delivered': 10, 'alerts/heldBack': 30, 'findings/heldBack': 30 });
    for (const topic of ['alerts', 'findings']) {
      const messages = sent.filter((message) => message.topic === topic);
      expect(messages).toHaveLength(11);
      for (const user of people(40)) expect(JSON.stringify(messages)).toContain(`:user/${user}`);
    }
  });

  test('with the ledger down is the same', async () => {
    const { sent, figures } = await runWith(ledger, eventOf(byAll(people(40))), {
      variables: ten,
      fault: () => Promise.reject(refusal('InternalServerError', 500)),
    });
    expect(figures).toMatchObject({ 'alerts/delivered': 10, 'alerts/heldBack': 30 });
    expect(sent.filter(({ topic }) => topic === 'alerts')).toHaveLength(11);
  });

  test('fails the invocation when the message that names the rest is refused', async () => {
    let messages = 0;
    const { error } = await runWith(ledger, eventOf(byAll(people(12))), {
      variables: { ...ten, LEDGER_TABLE: undefined },
      refuses: (_, topic) => (topic === 'alerts' && ++messages > 10 ? 'AuthorizationError' : undefined),
    });
    expect(error).toMatchObject({ undelivered: [{ topic: 'alerts' }, { topic: 'alerts' }] });
  });
});
