import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { principalOf } from '../../function/core/principal.ts';
import { ALICE, DEPLOYER, record } from '../support/records.ts';

const of = (userIdentity: unknown) => principalOf(record({ userIdentity }));
const sso = 'arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Admin_0123456789abcdef/carol@example.com';

describe('the caller', () => {
  test.each<[string, unknown, string, string]>([
    ['an IAM user', ALICE, 'alice', 'IAM user'],
    [
      'the root user',
      { type: 'Root', arn: 'arn:aws:iam::111122223333:root', accountId: '111122223333' },
      'root',
      'the root user',
    ],
    ['the root user with an alias', { type: 'Root', userName: 'our-alias' }, 'root', 'the root user'],
    ['a user named root', { type: 'IAMUser', userName: 'root' }, 'root', 'IAM user'],
    ['a role session', DEPLOYER, 'run-42 (role terraform-apply)', 'role session'],
    ['a session of IAM Identity Center', { type: 'AssumedRole', arn: sso }, 'carol@example.com', 'role session'],
    [
      'a session in another partition',
      { type: 'AssumedRole', arn: 'arn:aws-cn:sts::111122223333:assumed-role/ops/dan' },
      'dan (role ops)',
      'role session',
    ],
    ['a session without an ARN', { ...DEPLOYER, arn: undefined }, 'terraform-apply', 'role session'],
    [
      'a federated user',
      { type: 'FederatedUser', arn: 'arn:aws:sts::111122223333:federated-user/erin', principalId: '111122223333:erin' },
      'erin',
      'federated user',
    ],
    ['a directory user', { type: 'Directory', userName: 'frank' }, 'frank', 'directory user'],
    [
      'another account',
      { type: 'AWSAccount', accountId: '123456789012', principalId: 'AIDAEXAMPLE' },
      'AIDAEXAMPLE',
      'another AWS account',
    ],
    [
      'another account without an id',
      { type: 'AWSAccount', accountId: '123456789012' },
      '123456789012',
      'another AWS account',
    ],
    ['a service', { type: 'AWSService', invokedBy: 'ec2.amazonaws.com' }, 'ec2.amazonaws.com', 'AWS service'],
    [
      'a service without a type',
      { accountId: '111122223333', invokedBy: 'ec2.amazonaws.com' },
      'ec2.amazonaws.com',
      'AWS service',
    ],
    [
      'an Identity Center user',
      { type: 'IdentityCenterUser', onBehalfOf: { userId: 'u-1' } },
      'u-1',
      'IAM Identity Center user',
    ],
    ['a SAML user', { type: 'SAMLUser', principalId: 'abc=:grace' }, 'grace', 'SAML user'],
    ['a web identity', { type: 'WebIdentityUser', userName: 'heidi' }, 'heidi', 'web identity user'],
    ['a type of tomorrow', { type: 'Robot', principalId: 'r' }, 'r', 'caller'],
    ['nobody', null, 'an unknown caller', 'caller'],
    ['an empty identity', {}, 'an unknown caller', 'caller'],
    ['an identity that is text', 'alice', 'an unknown caller', 'caller'],
  ])('%s', (_, identity, name, kind) => {
    expect(of(identity)).toMatchObject({ name, kind });
  });

  test.each<[unknown, object | undefined]>([
    [ALICE, { field: 'userIdentity.arn', value: ALICE.arn }],
    [
      { ...ALICE, arn: undefined },
      { field: 'userIdentity.accessKeyId', value: ALICE.accessKeyId },
    ],
    [{ principalId: 'p' }, { field: 'userIdentity.principalId', value: 'p' }],
    [{ invokedBy: 'ec2.amazonaws.com' }, { field: 'userIdentity.invokedBy', value: 'ec2.amazonaws.com' }],
    [{}, undefined],
  ])('%j is searched for by %j', (identity, searchBy) => {
    expect(of(identity).searchBy).toEqual(searchBy);
  });

  test.prop([fc.jsonValue()])('always has a name', (identity) => {
    expect(of(identity).name).not.toBe('');
  });

  test.each([
    [':assumed-role/'.repeat(18_000)],
    [`arn:aws:sts::1:assumed-role/${'a/'.repeat(120_000)}`],
    [`${':assumed-role/'.repeat(9_000)}${'a'.repeat(120_000)}/`],
  ])('is found in no time in an ARN made to take long', (arn) => {
    const started = performance.now();
    of({ type: 'AssumedRole', arn });
    expect(performance.now() - started).toBeLessThan(500);
  });
});
