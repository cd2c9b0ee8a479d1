import { expect, test } from 'vitest';
import { principalKey } from '../../function/core/principal-key.ts';

const session = (role: string, name: string, issuer?: string) => ({
  userIdentity: {
    type: 'AssumedRole',
    arn: `arn:aws:sts::111122223333:assumed-role/${role}/${name}`,
    ...(issuer && { sessionContext: { sessionIssuer: { type: 'Role', arn: issuer } } }),
  },
});
const DEPLOY = 'arn:aws:iam::111122223333:role/ci/deploy';
const SSO =
  'arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Admin_0123456789abcdef';

test.each([
  ['the role behind a session', session('deploy', 'build-1', DEPLOY), DEPLOY],
  ['the role, from the session alone', session('deploy', 'build-1'), 'arn:aws:sts::111122223333:assumed-role/deploy'],
  [
    'the person behind single sign-on',
    session('AWSReservedSSO_Admin_0123456789abcdef', 'alice@example.com', SSO),
    `${SSO}/alice@example.com`,
  ],
  [
    'the user',
    { userIdentity: { type: 'IAMUser', arn: 'arn:aws:iam::111122223333:user/bob' } },
    'arn:aws:iam::111122223333:user/bob',
  ],
  ['the Identity Center user', { userIdentity: { type: 'IdentityCenterUser', onBehalfOf: { userId: 'u-1' } } }, 'u-1'],
  ['the name of a failed sign-in', { userIdentity: { type: 'IAMUser', userName: 'bob' } }, 'bob'],
  ['the principal of a web identity', { userIdentity: { type: 'WebIdentityUser', principalId: 'p' } }, 'p'],
  [
    'the role in another account, however its session is named',
    { userIdentity: { type: 'AWSAccount', principalId: 'AROAEXAMPLEOTHER:run\n1:2', accountId: '444455556666' } },
    'AROAEXAMPLEOTHER',
  ],
  ['the service', { userIdentity: { invokedBy: 'ec2.amazonaws.com' } }, 'ec2.amazonaws.com'],
  ['the account', { userIdentity: { type: 'AWSAccount', accountId: '111122223333' } }, '111122223333'],
  ['nobody', { userIdentity: null }, undefined],
])('is %s', (_, record, key) => {
  expect(principalKey(record)).toBe(key);
});

test('does not follow the name of a session that its caller chose', () => {
  const keys = ['a', 'b', 'AWSReservedSSO_x'].map((name) => principalKey(session('deploy', name, DEPLOY)));
  expect(new Set(keys)).toEqual(new Set([DEPLOY]));
});

test('is not led by a role that only looks like single sign-on', () => {
  const issuer = 'arn:aws:iam::111122223333:role/AWSReservedSSO_Fake';
  expect(principalKey(session('AWSReservedSSO_Fake', 'one', issuer))).toBe(issuer);
});
