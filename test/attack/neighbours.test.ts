import { describe, expect, test } from 'vitest';
import { runInvocation } from '../../function/invocation.ts';
import { ODD, UNREADABLE } from '../fixtures/messages.ts';
import { testEnvironment, within } from '../support/environment.ts';
import { eventOf, packed, payload, record } from '../support/payloads.ts';
import { sns } from '../support/sns-client.ts';

const CRITICAL = record('DisableEbsEncryptionByDefault', { eventID: 'the-one-that-matters' });
const TEXT = JSON.stringify(CRITICAL);

async function run(event: unknown) {
  const { load, sent } = sns();
  const { environment, lines } = testEnvironment(load);
  const { figures } = await runInvocation(environment, event, within(20_000));
  const documents = sent.filter(({ topic }) => topic === 'findings').map(({ Message }) => JSON.parse(Message));
  return { figures, lines: lines(), documents, mails: sent.filter(({ topic }) => topic === 'alerts') };
}

/** Messages that could reach over to the next, were they read together. */
const OVERREACHING: readonly (readonly [string, unknown])[] = [
  ...UNREADABLE.map(([name, message]) => [name, message] as const),
  ...ODD.map(([name, message]) => [name, message] as const),
  ['an open string', '{"eventSource":"ec2.amazonaws.com","eventName":"Decrypt'],
  ['an open object', '{"eventSource":"ec2.amazonaws.com","eventName":"Decrypt",'],
  ['an open list', '['],
  ['the end of a list and of a payload', ']}]}'],
  ['what would be the next record', `"},{"message":"{}"}]}`],
  ['a backslash at its end', '{"eventName":"x\\'],
  ['half a surrogate at its end', '{"eventName":"\ud83d'],
  ['a NUL at its beginning', `\u0000${TEXT}`],
  ['a byte order mark', '\ufeff{}'],
  ['two records in one', `${TEXT}\n${TEXT}`],
  ['a comment', '/* {"eventName":"x"} '],
  ['the text of a control message', JSON.stringify({ messageType: 'CONTROL_MESSAGE', logEvents: [] })],
  ['a list 250,000 deep', '['.repeat(250_000)],
  ['a megabyte of quotes', '"'.repeat(1_000_000)],
  ['more than a log event may hold', `{"a":"${'x'.repeat(8 * 1024 * 1024)}"}`],
];

describe.each(OVERREACHING)('%s', (_, message) => {
  test('hides neither what stands before it nor what stands after it', async () => {
    const other = record('DisableEbsEncryptionByDefault', { eventID: 'and-one-more' });
    const { figures, documents, lines } = await run(eventOf([CRITICAL, message, other]));
    const ids = documents.map(({ dedupKey }) => dedupKey);
    expect(ids).toContain('the-one-that-matters');
    expect(ids).toContain('and-one-more');
    expect(figures['received']).toBe(3);
    const logged = lines.map(({ eventID }) => eventID);
    expect(logged).toContain('the-one-that-matters');
    expect(logged).toContain('and-one-more');
  });
});

describe('a log event that is none', () => {
  test.each([
    ['null', null],
    ['a number', 1],
    ['a list', [TEXT]],
    ['an empty object', {}],
    ['an object whose message is an object', { message: CRITICAL }],
    ['an object whose message is a list', { message: [TEXT] }],
    ['a text', TEXT],
  ])('be it %s, is rejected by its place, and hides nothing', async (_, odd) => {
    const { figures, documents, lines } = await run(packed(payload([odd, { id: '1', message: TEXT }, odd])));
    expect(figures).toMatchObject({ received: 3, rejected: 2, published: 1 });
    expect(documents.map(({ dedupKey }) => dedupKey)).toEqual(['the-one-that-matters']);
    const places = lines.filter(({ code }) => code === 'unreadable_record').map(({ position }) => position);
    expect(places).toEqual(['awslogs.data.logEvents[0].message', 'awslogs.data.logEvents[2].message']);
  });
});

test('a thousand records of little weight do not crowd a critical one out of an invocation without a ledger', async () => {
  const small = (index: number) => record('DeleteVolume', { eventID: `small-${index}` });
  const { mails } = await run(eventOf([...Array.from({ length: 1_000 }, (_, index) => small(index)), CRITICAL]));
  expect(
    mails.some(({ Subject = '' }) =>
      /^\[CRITICAL\] prod-payments: disable|^\[CRITICAL\] prod-payments: ebs/i.test(Subject),
    ),
  ).toBe(true);
  expect(mails.length).toBeLessThan(100);
});

test('a forged line of a log stays within its value', async () => {
  const forged = '"}\n{"level":"info","_aws":{"CloudWatchMetrics":[]},"received":0,"severity":"informational"';
  const { lines } = await run(
    eventOf([
      record('DisableEbsEncryptionByDefault', {
        sourceIPAddress: forged,
        userIdentity: { arn: forged },
        errorCode: forged,
      }),
    ]),
  );
  expect(lines.filter((line) => '_aws' in line)).toHaveLength(1);
  expect(lines.filter(({ severity }) => severity === 'informational')).toEqual([]);
});
