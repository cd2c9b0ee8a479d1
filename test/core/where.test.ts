import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { SyntaxProblem } from '../../function/core/errors.ts';
import { compileWhere, type WhereClause } from '../../function/core/where.ts';
import { detection, verdictOf } from '../support/policies.ts';
import { record } from '../support/records.ts';

const LISTS = {
  office: ['192.0.2.0/24', '2001:db8::/32'],
  admins: ['alice', 'bob'],
  mixed: ['192.0.2.0/24', 'alice'],
  none: [],
};
const holds = (clause: WhereClause, value: Record<string, unknown>) => compileWhere([clause], LISTS)(value);
const USER = '$.requestParameters.userName';
const CALLER = '$.userIdentity.userName';
const call = (userName: unknown, caller: unknown) => ({
  requestParameters: { userName },
  userIdentity: { userName: caller },
});

describe('a field and another', () => {
  test.each([
    ['bob', 'alice', false, true],
    ['alice', 'alice', true, false],
    ['bob', undefined, false, true],
    [undefined, 'alice', false, false],
    [null, 'alice', false, false],
    [{}, 'alice', false, false],
    [7, '7', true, false],
    ['Alice', 'alice', false, true],
  ])('%j and %j are equal: %s, other: %s', (userName, caller, equal, other) => {
    expect(holds({ field: USER, 'equals-field': CALLER }, call(userName, caller))).toBe(equal);
    expect(holds({ field: USER, 'anything-but-field': CALLER }, call(userName, caller))).toBe(other);
  });

  test('are compared element by element where a selector lands on many', () => {
    const value = { a: ['x', 'y'], b: ['y', 'z'] };
    expect(holds({ field: '$.a[*]', 'equals-field': '$.b[*]' }, value)).toBe(true);
    expect(holds({ field: '$.a[*]', 'anything-but-field': '$.b[*]' }, value)).toBe(true);
    expect(holds({ field: '$.a[1]', 'anything-but-field': '$.b[*]' }, value)).toBe(false);
  });
});

describe('a field and a list', () => {
  test.each([
    ['192.0.2.9', 'office', true, false],
    ['203.0.113.9', 'office', false, true],
    ['2001:db8::9', 'office', true, false],
    ['ec2.amazonaws.com', 'office', false, false],
    ['alice', 'admins', true, false],
    ['mallory', 'admins', false, true],
    ['192.0.2.9', 'mixed', false, true],
    ['alice', 'none', false, true],
    [undefined, 'admins', false, false],
  ])('%j is in %s: %s, outside: %s', (sourceIPAddress, list, inside, outside) => {
    expect(holds({ field: '$.sourceIPAddress', 'in-list': list }, { sourceIPAddress })).toBe(inside);
    expect(holds({ field: '$.sourceIPAddress', 'anything-but-list': list }, { sourceIPAddress })).toBe(outside);
  });

  test.each(['office ', 'toString', '__proto__', ''])('%j is no list', (list) => {
    expect(() => compileWhere([{ field: '$.a', 'in-list': list }], LISTS)).toThrow(SyntaxProblem);
  });
});

test.each([
  ['192.0.2.9', true],
  ['198.51.100.9', false],
  ['AWS Internal', false],
])('%s is within 192.0.2.0/24: %s', (sourceIPAddress, within) => {
  expect(holds({ field: '$.sourceIPAddress', cidr: '192.0.2.0/24' }, { sourceIPAddress })).toBe(within);
});

property.prop([fc.jsonValue(), fc.jsonValue()])('clauses answer for any values', (a, b) => {
  const clauses = [
    { field: '$.a', 'equals-field': '$.b' },
    { field: '$.a', 'anything-but-list': 'office' },
  ];
  for (const clause of clauses) expect(typeof holds(clause, { a, b })).toBe('boolean');
});

describe('a detection with where', () => {
  const others = detection({
    eventSource: 'iam.amazonaws.com',
    eventNames: ['CreateAccessKey'],
    severity: 'critical',
    when: '{ $.errorCode NOT EXISTS }',
    where: [{ field: USER, 'anything-but-field': CALLER }],
  });
  const created = (userName: string) =>
    record({
      eventSource: 'iam.amazonaws.com',
      eventName: 'CreateAccessKey',
      userIdentity: { type: 'IAMUser', userName: 'alice' },
      requestParameters: { userName },
    });

  test.each([
    ['bob', 'detection_matched'],
    ['alice', 'aws_resource_not_listed'],
  ])('made for %s gives %s', (userName, code) => {
    expect(verdictOf({ detections: [others] }, created(userName))).toMatchObject({ code });
  });
});
