import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startLedger, type TestLedger } from '../support/ledger.ts';
import { keysOn, runWith } from '../support/ledger-run.ts';
import { eventOf, record } from '../support/payloads.ts';

let ledger: TestLedger;
beforeEach(async () => {
  ledger = await startLedger();
});
afterEach(() => ledger.close());

const REAL = '11111111-2222-4333-8444-555555555555';
const matters = record('DisableEbsEncryptionByDefault', { eventID: REAL });
const hashOf = (text: string) => `sha256:${createHash('sha256').update(text).digest('hex')}`;
const keysIn = async () => (await ledger.rows()).map((row) => row['pk'] ?? '').filter((pk) => pk.startsWith('sent#'));

/** Ids that AWS gives nothing, and that a forger would: names of other rows, hashes, texts of any length. */
const FORGED: readonly (readonly [string, unknown])[] = [
  ['none', undefined],
  ['null', null],
  ['a number', 11111111],
  ['a list of the real one', [REAL]],
  ['an empty text', ''],
  ['the real one with a space', `${REAL} `],
  ['the real one after a zero-width space', `\u200b${REAL}`],
  ['the real one with a NUL', `${REAL}\u0000`],
  ['the real one in fullwidth digits', REAL.replaceAll('1', '１')],
  ['the key of a row', `sent#findings#${REAL}`],
  ['the key of a row of another topic', `#alerts#${REAL}`],
  ['the hash of the real text', hashOf(JSON.stringify(matters))],
  ['a path', '../../sent'],
  ['100,000 characters', REAL.repeat(3_000)],
  ['__proto__', '__proto__'],
];

describe('a record whose eventID is no id', () => {
  test.each(FORGED)('be it %s, is known by its text, and takes nobody’s place', async (_, eventID) => {
    const forged = record('DeleteVolume', { eventID });
    const first = await runWith(ledger, eventOf([forged]));
    expect(keysOn(first.sent)).toEqual([hashOf(JSON.stringify(forged))]);
    expect(first.figures).toMatchObject({ 'findings/delivered': 1, ledgerFailures: 0 });

    const real = await runWith(ledger, eventOf([matters]));
    expect(keysOn(real.sent)).toEqual([REAL]);
    expect((await runWith(ledger, eventOf([forged, matters]))).sent).toEqual([]);
    for (const key of await keysIn()) expect(key).toMatch(/^sent#(?:alerts|findings)#[\x20-\x7e]{1,128}$/);
  });

  test('is told from another with the same: their texts differ', async () => {
    const forged = ['a', 'b'].map((volumeId) =>
      record('DeleteVolume', { eventID: 'no id!', requestParameters: { volumeId } }),
    );
    const { sent } = await runWith(ledger, eventOf(forged));
    expect(new Set(keysOn(sent)).size).toBe(2);
  });
});

describe('two records under one eventID', () => {
  const other = record('DeleteVolume', { eventID: REAL, requestParameters: { volumeId: 'vol-other' } });

  test('are one finding, the first of them; the log has both, and the repeat is counted', async () => {
    const { sent, figures, lines } = await runWith(ledger, eventOf([other, matters]));
    expect(keysOn(sent)).toEqual([REAL]);
    expect(figures).toMatchObject({ received: 2, published: 2, 'findings/delivered': 1, 'findings/repeated': 1 });
    expect(
      lines()
        .filter(({ eventID }) => eventID === REAL)
        .map(({ eventName }) => eventName),
    ).toEqual(['DeleteVolume', 'DisableEbsEncryptionByDefault']);
  });

  test('which is why whoever sees an id learns too late: by then its finding is sent', async () => {
    expect(keysOn((await runWith(ledger, eventOf([matters]))).sent)).toEqual([REAL]);
    const { sent, figures } = await runWith(ledger, eventOf([other]));
    expect(sent).toEqual([]);
    expect(figures).toMatchObject({ 'findings/repeated': 1 });
  });

  test('of which the first is quiet, whitelisted or unreadable are no repeat: the ledger knows what was published alone', async () => {
    const quiet = [
      record('Decrypt', { eventID: REAL }),
      record('DescribeInstances', { eventID: REAL }),
      record('RunInstances', { eventID: REAL }),
      { eventID: REAL },
    ];
    await runWith(ledger, eventOf(quiet));
    expect(await keysIn()).toEqual([]);
    expect(keysOn((await runWith(ledger, eventOf([...quiet, matters]))).sent)).toEqual([REAL]);
  });
});
