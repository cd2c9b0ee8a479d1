import { createHash } from 'node:crypto';
import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { stormItemOf, stormKey, stormWindow } from '../../function/core/storm-key.ts';
import { detection, findingOf, type SeveritiesParts } from '../support/policies.ts';
import { DEPLOYER, record } from '../support/records.ts';

const DETECTED: SeveritiesParts = { detections: [detection()] };
const keyOf = (value: object, parts = DETECTED) => stormKey(findingOf(parts, record({ ...value })));
const itemOf = (value: object) => stormItemOf(findingOf(DETECTED, record({ ...value })));

describe('the key of a storm', () => {
  test('is what gave the severity, the call and the account', () => {
    expect(JSON.parse(keyOf({}))).toEqual([
      'detection:access-key-created',
      'iam.amazonaws.com',
      'CreateAccessKey',
      '111122223333',
    ]);
    const listed: SeveritiesParts = { rows: { 'iam.amazonaws.com': { CreateAccessKey: 'medium' } } };
    expect(JSON.parse(keyOf({}, listed))[0]).toBe('row');
    expect(JSON.parse(keyOf({ eventName: 'DeleteUser' }, {}))[0]).toBe('deletion');
    expect(JSON.parse(keyOf({ eventName: 'Odd' }, {}))[0]).toBe('unlisted');
  });

  test('is one for all API versions of a call', () => {
    const call = (eventName: string) => keyOf({ eventSource: 'lambda.amazonaws.com', eventName }, {});
    expect(call('UpdateFunctionCode20150331v2')).toBe(call('UpdateFunctionCode'));
    expect(call('UpdateFunctionCode')).not.toBe(call('UpdateFunctionConfiguration'));
  });

  test.each([
    ['the time', { eventTime: '2026-11-21T00:00:00Z' }],
    ['the eventID', { eventID: '6f1c6a9a-0000-4000-8000-000000000099' }],
    ['the address', { sourceIPAddress: '198.51.100.7' }],
    ['the target', { requestParameters: { userName: 'carol' } }],
    ['the caller', { userIdentity: DEPLOYER }],
  ])('does not depend on %s', (_, parts) => {
    expect(keyOf(parts)).toBe(keyOf({}));
  });

  test('does not run parts together', () => {
    const call = (eventSource: string, eventName: string) => keyOf({ eventSource, eventName }, {});
    expect(call('a","b', 'c')).not.toBe(call('a', 'b","c'));
  });
});

describe('a finding as storms see it', () => {
  test('has the role behind the session, however the session is named', () => {
    const session = (name: string) =>
      itemOf({ userIdentity: { ...DEPLOYER, arn: `arn:aws:sts::111122223333:assumed-role/terraform-apply/${name}` } });
    expect(session('run-43').principal).toBe('arn:aws:iam::111122223333:role/terraform-apply');
    expect(session('run-44')).toEqual(session('run-43'));
  });

  test('has another target for another name, parameter or Region', () => {
    const targets = [
      {},
      { requestParameters: { userName: 'carol' } },
      { requestParameters: { roleName: 'bob' } },
      { awsRegion: 'eu-west-1' },
      { requestParameters: null },
    ].map((parts) => itemOf(parts).target);
    expect(new Set(targets).size).toBe(5);
  });

  test('has another target when any instance of a long list differs', () => {
    const terminate = (ids: readonly string[]) =>
      itemOf({ requestParameters: { instancesSet: { items: ids.map((instanceId) => ({ instanceId })) } } }).target;
    expect(terminate(['i-1', 'i-2', 'i-3', 'i-4'])).not.toBe(terminate(['i-1', 'i-2', 'i-3', 'i-5']));
  });

  test('has another target when any name of a list differs, where nothing else names one', () => {
    const remove = (names: readonly string[]) => itemOf({ requestParameters: { names } }).target;
    expect(remove(['a', 'b'])).not.toBe(remove(['a', 'c']));
    expect(remove(['a', 'b'])).not.toBe(remove(['a, b']));
  });

  test('bears how the call ended and all that spoke for it as marks', () => {
    expect(itemOf({}).marks).toEqual(['succeeded', 'detection:access-key-created']);
    expect(itemOf({ errorCode: 'AccessDenied' }).marks).toEqual(['denied', 'detection:access-key-created']);
  });

  property.prop([fc.record({ userIdentity: fc.jsonValue(), requestParameters: fc.jsonValue() })])(
    'can be had of any record',
    (parts) => {
      expect(itemOf(parts)).toMatchObject({ principal: expect.any(String), target: expect.any(String) });
    },
  );

  test('can be had where instances carry the names of methods', () => {
    const items: unknown = JSON.parse(
      '[{"instanceId":{"toString":1,"valueOf":1}},{"__proto__":{"instanceId":"i-1"}},null,7]',
    );
    expect(itemOf({ requestParameters: { instancesSet: { items } } }).target).toContain('us-east-1');
  });
});

describe('the window of a storm', () => {
  const hash = (text: string) => createHash('sha256').update(text).digest('hex');

  property.prop([
    fc.string(),
    fc.integer({ min: 1_700_000_000_000, max: 1_900_000_000_000 }),
    fc.integer({ min: 5, max: 1_440 }),
  ])('holds the moment, is as long as it should be, and meets the next one', (key, now, minutes) => {
    const window = stormWindow(hash(key), now, minutes);
    expect(window.start).toBeLessThanOrEqual(now);
    expect(window.end).toBeGreaterThan(now);
    expect(window.end - window.start).toBe(minutes * 60_000);
    expect(stormWindow(hash(key), window.end, minutes)).toMatchObject({
      index: window.index + 1,
      start: window.end,
    });
    expect(stormWindow(hash(key), window.start, minutes)).toEqual(window);
  });

  test('ends at different times for different keys', () => {
    const ends = Array.from({ length: 600 }, (_, index) => stormWindow(hash(`${index}`), 1_795_000_000_000, 60).end);
    const minutes = Map.groupBy(ends, (end) => Math.floor(end / 300_000));
    expect(minutes.size).toBeGreaterThanOrEqual(12);
    expect(Math.max(...[...minutes.values()].map(({ length }) => length))).toBeLessThan(100);
  });
});
