import { describe, expect, test } from 'vitest';
import { classify } from '../../function/core/classify.ts';
import { buildFinding } from '../../function/core/finding.ts';
import { readMessage } from '../../function/core/record.ts';
import { stormItemOf, stormKey } from '../../function/core/storm-key.ts';
import { runInvocation } from '../../function/invocation.ts';
import { topicMessage } from '../../function/sinks/topic-message.ts';
import { shippedPolicy } from '../noise/shipped.ts';
import { testEnvironment, within } from '../support/environment.ts';
import { eventOf, record } from '../support/payloads.ts';
import { sns } from '../support/sns-client.ts';
import { expectLinear, fastest } from './growth.ts';

const policy = await shippedPolicy();
const NOW = new Date('2026-11-20T12:03:00Z');

/** From text to everything that is sent of it. */
function throughAll(text: string): void {
  const read = readMessage(text);
  const verdict = classify(policy, read);
  if (verdict.verdict !== 'rated' || 'unreadable' in read) return;
  const finding = buildFinding(policy, read, verdict, { dedupKey: 'key', place: undefined, teams: [] });
  stormKey(finding);
  stormItemOf(finding);
  for (const topic of ['alerts', 'findings', 'chat'] as const) topicMessage(topic, finding, NOW, true);
}

const trail = (requestParameters: string, changes: object = {}) =>
  JSON.stringify(
    record('DeleteTrail', { eventSource: 'cloudtrail.amazonaws.com', requestParameters: '@@', ...changes }),
  ).replace('"@@"', () => requestParameters);

const keys = (count: number, key: (index: number) => string | number) =>
  `{${Array.from({ length: count }, (_, index) => `"${key(index)}":1`).join(',')}}`;

/** Names of which many engines of the past made one hash each. */
const FLOODS: readonly (readonly [string, (length: number) => string])[] = [
  ['keys that are multiples of 2^16', (length) => keys(length, (index) => 1_000_000_000 + index * 65_536)],
  ['keys that are multiples of 2^24', (length) => keys(length, (index) => 100_000_000_000_000 + index * 16_777_216)],
  ['keys that are multiples of 2^32', (length) => keys(length, (index) => (index + 1) * 4_294_967_296)],
  [
    'keys of two letters repeated',
    (length) =>
      keys(length, (index) => index.toString(2).replaceAll('0', 'Aa').replaceAll('1', 'BB').padStart(64, 'Aa')),
  ],
  ['keys that end alike', (length) => keys(length, (index) => `${index}${'x'.repeat(40)}`)],
  ['keys that begin alike', (length) => keys(length, (index) => `${'x'.repeat(40)}${index}`)],
  ['keys that look like targets', (length) => keys(length, (index) => `bucketName${index}Id`)],
  ['one key again and again', (length) => keys(length, () => 'bucketName')],
  ['indexes far apart', (length) => keys(length, (index) => index * 1_000)],
  ['a list of empty objects', (length) => `{"a":[${'{},'.repeat(length)}{}]}`],
  ['lists in lists', (length) => `{"a":${'['.repeat(length)}${']'.repeat(length)}}`],
  ['objects in objects', (length) => `{"a":${'{"a":'.repeat(length)}1${'}'.repeat(length)}}`],
  [
    'instances without end',
    (length) => `{"instancesSet":{"items":[${'{"instanceId":"i-0a1b2c3d"},'.repeat(length)}{}]}}`,
  ],
  [
    'selectors without end',
    (length) =>
      `{"advancedEventSelectors":[{"fieldSelectors":[${'{"field":"eventCategory","equals":["Data"]},'.repeat(length)}{}]}]}`,
  ],
  ['a number of many digits', (length) => `{"a":${'9'.repeat(length)}}`],
  ['escapes', (length) => `{"a":"${'\\u202e'.repeat(length)}"}`],
  ['escaped backslashes', (length) => `{"a":"${'\\\\'.repeat(length)}"}`],
];

describe('a record with', () => {
  test.each(FLOODS)('%s takes time in proportion to its length', (_, parameters) => {
    expectLinear((length) => {
      const text = trail(parameters(length));
      return () => throughAll(text);
    }, 10_000);
  });

  test.each(FLOODS)('%s, 250 KB of them, takes a moment', (_, parameters) => {
    const perUnit = parameters(1_000).length / 1_000;
    const text = trail(parameters(Math.floor(250_000 / perUnit)));
    expect(text.length).toBeGreaterThan(100_000);
    expect(fastest(() => throughAll(text))).toBeLessThan(1_000);
  });
});

test('100,000 calls of names nobody has seen cost a moment each, and no memory is kept of them all', {
  timeout: 60_000,
}, () => {
  const unseen = (index: number) =>
    readMessage(JSON.stringify(record(`Name${index}`, { eventSource: `s${index % 977}.amazonaws.com` })));
  const took = fastest(() => {
    for (let index = 0; index < 100_000; index++) classify(policy, unseen(index));
  }, 1);
  expect(took / 100_000).toBeLessThan(0.4);
});

test('a payload full of what is no record is told of in one notice and a line each, in seconds', async () => {
  const { load, sent } = sns();
  const { environment, lines } = testEnvironment(load);
  const count = 50_000;
  const started = performance.now();
  const { figures } = await runInvocation(environment, eventOf(Array(count).fill('x')), within(60_000));
  expect(performance.now() - started).toBeLessThan(10_000);
  expect(figures).toMatchObject({ received: count, rejected: count });
  expect(sent.map(({ topic }) => topic)).toEqual(['operations']);
  expect(sent[0]?.Message.length).toBeLessThan(2_000);
  expect(lines().filter(({ code }) => code === 'unreadable_record')).toHaveLength(count);
});
