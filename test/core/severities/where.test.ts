import { expect, test } from 'vitest';
import { SeveritiesError } from '../../../function/core/severities/problem.ts';
import { detection, loadedOf } from '../../support/policies.ts';

function problemsOf(where: unknown): unknown {
  try {
    loadedOf({ policy: { lists: { office: ['192.0.2.0/24'] } }, detections: [{ ...detection(), where }] });
    return [];
  } catch (error) {
    if (error instanceof SeveritiesError) return error.problems;
    throw error;
  }
}

const FIELD = '$.sourceIPAddress';

test.each([
  ['a list', { field: FIELD, 'in-list': 'office' }],
  ['a field', { field: FIELD, 'anything-but-field': '$.userIdentity.arn' }],
  ['a network', { field: FIELD, cidr: '192.0.2.0/24' }],
])('a comparison with %s loads', (_, clause) => {
  expect(problemsOf([clause])).toEqual([]);
});

test.each([
  ['an unknown list', { field: FIELD, 'in-list': 'home' }, '/where/0/in-list', 'a list of policy.json'],
  ['a field that is none', { field: 'sourceIPAddress', cidr: '192.0.2.0/24' }, '/where/0/field', 'a selector such as'],
  [
    'a second field that is none',
    { field: FIELD, 'equals-field': '$.a b' },
    '/where/0/equals-field',
    'nothing after the field',
  ],
  ['a network that is none', { field: FIELD, cidr: '192.0.2.0/33' }, '/where/0/cidr', 'a CIDR such as'],
  ['no comparison', { field: FIELD }, '/where/0', 'exactly one of'],
  ['two comparisons', { field: FIELD, cidr: '192.0.2.0/24', 'in-list': 'office' }, '/where/0', 'exactly one of'],
])('%s is a problem at its place', (_, clause, pointer, expected) => {
  expect(problemsOf([clause])).toEqual([
    expect.objectContaining({ pointer, expected: expect.stringContaining(expected) }),
  ]);
});
