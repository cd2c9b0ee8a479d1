import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { compilePolicy } from '../../function/core/policy.ts';
import { runInvocation } from '../../function/invocation.ts';
import { testEnvironment, within } from '../support/environment.ts';
import { eventOf, packed, payload, record } from '../support/payloads.ts';
import { detection, loadedOf } from '../support/policies.ts';
import { sns } from '../support/sns-client.ts';

/** Names that every object answers to, or that change what it answers to. */
const NAMES = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'valueOf',
  'hasOwnProperty',
  '__defineGetter__',
  '__lookupSetter__',
  'isPrototypeOf',
  'toJSON',
  'then',
  'length',
  'read',
  'unreadable',
  'get',
  'has',
] as const;

/** What an attacker would have all objects say: a routine caller, a refusal, a whitelisted name. */
const POISON = {
  errorCode: 'AccessDenied',
  readOnly: true,
  eventName: 'Decrypt',
  unreadable: 'x',
  polluted: true,
  toJSON: 'x',
};

const policy = compilePolicy({
  policyVersion: 'test',
  ...loadedOf({
    rows: { 'ec2.amazonaws.com': { RunInstances: 'low' } },
    detections: [
      detection({
        id: 'own-field',
        eventSource: undefined,
        eventNames: undefined,
        when: '{ $.requestParameters.constructor = "*" || $.requestParameters.toString = "*" || $.requestParameters.__proto__.polluted = true }',
      }),
      detection({
        id: 'any-property',
        eventSource: undefined,
        eventNames: undefined,
        when: '{ $.requestParameters.*.polluted = true }',
      }),
      detection({
        id: 'counted',
        eventSource: undefined,
        eventNames: ['Count*'],
        count: { atLeast: 2, withinMinutes: 5, by: ['requestParameters.constructor', 'userIdentity.__proto__.x'] },
      }),
    ],
  }).content,
});

let before: string[];
const known = () =>
  [Object.prototype, Array.prototype, String.prototype, Map.prototype].flatMap((of) => Reflect.ownKeys(of).map(String));
beforeEach(() => {
  before = known();
});
afterEach(() => {
  expect(known()).toEqual(before);
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});

async function run(event: unknown) {
  const { load, sent } = sns();
  const { environment, lines } = testEnvironment(load, undefined, { policy });
  const { figures } = await runInvocation(environment, event, within(20_000));
  return { figures, sent, lines: lines() };
}

/** A record's text with a member under a name that `JSON.stringify` would lose. */
const named = (name: string, value: unknown, call = record('RunInstances')) =>
  `{${JSON.stringify(name)}:${JSON.stringify(value)},${JSON.stringify(call).slice(1)}`;

describe.each(NAMES)('%s', (name) => {
  test('as a field of a record changes nothing about it', async () => {
    const { figures, lines } = await run(eventOf([named(name, POISON), record('RunInstances')]));
    expect(figures).toMatchObject({ received: 2, logged: 2, published: 0, rejected: 0, whitelisted: 0 });
    for (const line of lines.filter(({ code }) => code === 'low_severity_aws_event_happened')) {
      expect(line).toMatchObject({ eventName: 'RunInstances', severity: 'low' });
      expect(line).not.toHaveProperty('failed');
    }
  });

  test('as a field of what records hold is nobody’s caller, target or refusal', async () => {
    const parts = `{${JSON.stringify(name)}:${JSON.stringify(POISON)}}`;
    const text = JSON.stringify(
      record('DeleteVolume', { userIdentity: '@@', requestParameters: '@@', responseElements: '@@', resources: '@@' }),
    );
    const { figures, sent } = await run(eventOf([text.replaceAll('"@@"', () => parts)]));
    expect(figures).toMatchObject({ received: 1, published: 1, 'alerts/delivered': 1, 'findings/delivered': 1 });
    const document = JSON.parse(sent.find(({ topic }) => topic === 'findings')?.Message ?? '');
    expect(document).toMatchObject({ failed: null, principal: { name: 'an unknown caller', arn: null } });
  });

  test('as the name of a call, of a service, of an account or of a Region is a name like any other', async () => {
    const call = { eventSource: name, eventName: name, recipientAccountId: name, awsRegion: name, eventID: name };
    const { figures, lines } = await run(
      eventOf([
        record(name),
        record(name, call),
        record('DeleteThings', { ...call, eventName: `Delete${name}`, eventSource: 'ec2.amazonaws.com' }),
      ]),
    );
    expect(figures).toMatchObject({ received: 3, logged: 2, published: 1 });
    expect(lines.filter(({ eventName }) => eventName === name)).toHaveLength(2);
  });

  test('as a value that records are counted by counts them', async () => {
    const counted = (eventID: string) =>
      JSON.stringify(record('CountThings', { eventID, requestParameters: '@@' })).replace(
        '"@@"',
        `{${JSON.stringify('constructor')}:${JSON.stringify(name)}}`,
      );
    const { figures } = await run(eventOf([counted('a'), counted('b')]));
    expect(figures).toMatchObject({ received: 2, published: 2 });
  });

  test('as a field of the payload, and of a log event, is neither', async () => {
    const poison = JSON.stringify({ messageType: 'CONTROL_MESSAGE', logEvents: [], message: '{}' });
    const event = `{${JSON.stringify(name)}:${poison},"id":"1","message":${JSON.stringify(JSON.stringify(record('DeleteVolume')))}}`;
    const bare = `{${JSON.stringify(name)}:${poison}}`;
    const text = JSON.stringify(payload(['@@'])).replace('"@@"', () => `${event},${bare}`);
    const { figures } = await run(packed(`{${JSON.stringify(name)}:${poison},${text.slice(1)}`));
    expect(figures).toMatchObject({ received: 2, published: 1, rejected: 1, controlMessages: 0 });
  });
});

test('conditions see own fields alone, and those they do see', async () => {
  const own = (text: string) =>
    JSON.stringify(record('RunInstances', { requestParameters: '@@' })).replace('"@@"', () => text);
  const messages = [
    own('{}'),
    own('{"constructor":"x"}'),
    own('{"__proto__":{"polluted":true}}'),
    own('{"a":{"__proto__":{"polluted":true}}}'),
  ];
  const { lines } = await run(eventOf(messages));
  const matched = lines
    .filter(({ eventName }) => eventName === 'RunInstances')
    .map(({ reasons }) => (reasons as { id?: string }[]).flatMap(({ id }) => id ?? []));
  expect(matched).toEqual([[], ['own-field'], ['any-property', 'own-field'], []]);
});
