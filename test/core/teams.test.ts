import { expect, test } from 'vitest';
import { teamsFor, UNCLAIMED } from '../../function/core/teams.ts';

const subject = { accountId: '111122223333', eventSource: 'iam.amazonaws.com', detections: ['root-login'] };
const account = { name: 'prod', team: 'payments' };

test.each([
  ['the account’s own team', account, [], ['payments']],
  ['a team by account', undefined, [{ name: 'ops', accounts: ['111122223333'] }], ['ops']],
  ['a team by service', undefined, [{ name: 'ops', services: ['iam.amazonaws.com'] }], ['ops']],
  ['a team by detection', undefined, [{ name: 'ops', detections: ['root-login'] }], ['ops']],
  [
    'the account’s team first, then all others, each once',
    account,
    [
      { name: 'ops', services: ['iam.amazonaws.com'] },
      { name: 'payments', accounts: ['111122223333'] },
    ],
    ['payments', 'ops'],
  ],
  [
    'no team without an interest met',
    undefined,
    [{ name: 'ops' }, { name: 'net', accounts: [], services: ['ec2.amazonaws.com'] }],
    [UNCLAIMED],
  ],
  ['an account without a team', { name: 'prod' }, [], [UNCLAIMED]],
])('a finding concerns %s', (_, of, teams, expected) => {
  expect(teamsFor(subject, of, teams)).toEqual(expected);
});

test('a finding without names concerns nobody by accident', () => {
  const nameless = { accountId: undefined, eventSource: undefined, detections: [] };
  expect(
    teamsFor(nameless, undefined, [{ name: 'ops', accounts: ['111122223333'], services: ['iam.amazonaws.com'] }]),
  ).toEqual([UNCLAIMED]);
});
