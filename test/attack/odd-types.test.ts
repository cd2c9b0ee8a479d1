import { describe, expect, test } from 'vitest';
import { classify } from '../../function/core/classify.ts';
import { buildFinding } from '../../function/core/finding.ts';
import { readMessage, readRecord } from '../../function/core/record.ts';
import { topicMessage } from '../../function/sinks/topic-message.ts';
import { shippedPolicy, shippedSeverities } from '../noise/shipped.ts';
import { record } from '../support/payloads.ts';

type Parts = Readonly<Record<string, unknown>>;

const policy = await shippedPolicy();
const { detections } = await shippedSeverities();
const NOW = new Date('2026-11-20T12:03:00Z');

/** Calls that detections publish for, and that are logged for their names alone. */
const CALLS = detections
  .filter(({ severity }) => severity === 'high' || severity === 'critical')
  .map(({ examples }) => record('', examples.match[0] as Parts))
  .filter(
    ({ eventSource, eventName }) =>
      classify(policy, readRecord({ eventSource, eventName, readOnly: true })).action !== 'quiet',
  );

/** A few of them: of what is long, the length is what matters. */
const callsFor = (odd: string) => CALLS.slice(0, odd.length > 1_000 ? 2 : 30);

const DEEP = `${'{"a":['.repeat(20_000)}1${']}'.repeat(20_000)}`;

/** What may stand where a text is meant to, as JSON. */
const ODD: readonly (readonly [string, string])[] = [
  ['null', 'null'],
  ['true', 'true'],
  ['a number', '17'],
  ['a number beyond all', '1e999'],
  ['a number with 10,000 digits', '9'.repeat(10_000)],
  ['minus zero', '-0'],
  ['an empty text', '""'],
  ['a list of itself', '["StopLogging"]'],
  ['an empty list', '[]'],
  ['an empty object', '{}'],
  ['an object that says what it is', '{"toString":"x","valueOf":1,"length":-1,"constructor":{"prototype":null}}'],
  ['an object under __proto__', '{"__proto__":{"type":"AWSService","arn":"arn:aws:iam::111122223333:root"}}'],
  ['lists in objects, 20,000 deep', DEEP],
  ['a list of 20,000 objects', `[${'{},'.repeat(20_000)}{}]`],
];

/** Rates a record's text and renders all that would be sent of it. Throws where anything does. */
function outcomeOf(text: string): { readonly action: string; readonly why?: string } {
  const read = readMessage(text);
  const verdict = classify(policy, read);
  if (verdict.verdict === 'rated' && verdict.action === 'publish' && !('unreadable' in read)) {
    const finding = buildFinding(policy, read, verdict, { dedupKey: 'key', place: undefined, teams: [] });
    for (const topic of ['alerts', 'findings', 'chat'] as const) topicMessage(topic, finding, NOW, true);
  }
  return verdict;
}

const with_ = (call: Parts, field: string, odd: string) =>
  JSON.stringify({ ...call, [field]: '@@' }).replace('"@@"', () => odd);

describe.each(ODD)('%s', (_, odd) => {
  test.each(['eventName', 'eventSource'])('for the %s is rejected and said, or logged', (field) => {
    for (const call of callsFor(odd)) expect(outcomeOf(with_(call, field, odd)).action).toMatch(/reject|log|publish/);
  });

  const ROUTINE = ['userIdentity', 'errorCode', 'errorMessage', 'readOnly', 'eventTime', 'eventCategory', 'eventType'];
  test.each([
    ...ROUTINE,
    'requestParameters',
    'responseElements',
    'resources',
    'awsRegion',
    'recipientAccountId',
    'eventID',
  ])('for %s neither stops the record from being rated nor makes it quiet', (field) => {
    const outcomes = callsFor(odd).map((call) => [call['eventName'], outcomeOf(with_(call, field, odd)).action]);
    expect(outcomes.filter(([, action]) => /ignore|reject|quiet/.test(String(action)))).toEqual([]);
  });
});

test('a call that succeeded is not taken for a refused one by an errorCode that is no text', () => {
  const call = record('StopLogging', { eventSource: 'cloudtrail.amazonaws.com' });
  for (const [, odd] of ODD) {
    expect(classify(policy, readMessage(with_(call, 'errorCode', odd)))).toMatchObject({ severity: 'critical' });
  }
});

test('nobody becomes a service by a type that is none', () => {
  const call = record('DeleteFlowLogs');
  const types = ['awsservice', 'AWSService ', 'ＡＷＳService', 'AWSServic\u0435', ['AWSService'], { 0: 'AWSService' }];
  for (const type of types) {
    const text = JSON.stringify({ ...call, userIdentity: { ...(call['userIdentity'] as object), type } });
    expect(classify(policy, readMessage(text))).toMatchObject({ severity: 'high', action: 'publish' });
  }
});
