import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { brokenAwsLimits } from '../../../function/core/filter-pattern/aws-limits.ts';
import { compileFilterPattern } from '../../../function/core/filter-pattern/compile.ts';
import { parseFilterPattern } from '../../../function/core/filter-pattern/parser.ts';

/** The sample events of AWS's page. @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntaxForMetricFilters.html */
const trailUpdate = {
  eventType: 'UpdateTrail',
  sourceIPAddress: '111.111.111.111',
  arrayKey: ['value', 'another value'],
  objectList: [
    { name: 'a', id: 1 },
    { name: 'b', id: 2 },
  ],
  SomeObject: null,
  'cluster.name': 'c',
};
const users = {
  user: { id: 1, email: 'John.Stiles@example.com' },
  users: [
    { id: 2, email: 'John.Doe@example.com' },
    { id: 3, email: 'Jane.Doe@example.com' },
  ],
  actions: ['GET', 'PUT', 'DELETE'],
  coordinates: [
    [0, 1, 2],
    [4, 5, 6],
    [7, 8, 9],
  ],
};

describe('the examples AWS documents', () => {
  test.each<[string, unknown, boolean]>([
    ['{ $.eventType = "UpdateTrail" }', trailUpdate, true],
    ['{ $.eventType = "UpdateTrail" }', { eventType: 'updateTrail' }, false],
    ['{ $.sourceIPAddress != 123.123.* }', trailUpdate, true],
    ['{ $.sourceIPAddress != 123.123.* }', { sourceIPAddress: '123.123.1.1' }, false],
    ['{ $.arrayKey[0] = "value" }', trailUpdate, true],
    ['{ $.arrayKey[1] = "value" }', trailUpdate, false],
    ['{ $.objectList[1].id = 2 }', trailUpdate, true],
    ['{ $.eventType = %Trail% }', trailUpdate, true],
    ['{ $.eventType = %^Trail% }', trailUpdate, false],
    ['{ $.arrayKey[*] = %val.{2}% }', trailUpdate, true],
    ['{ $.* = %111\\.111\\.111\\.1[0-9]{1,2}% }', trailUpdate, true],
    ['{ $.* = %111\\.111\\.112\\.1[0-9]{1,2}% }', trailUpdate, false],
    ['{ $.[\'cluster.name\'] = "c" }', trailUpdate, true],
    ['{ $.SomeObject IS NULL }', trailUpdate, true],
    ['{ $.SomeOtherObject IS NULL }', trailUpdate, false],
    ['{ $.SomeOtherObject NOT EXISTS }', trailUpdate, true],
    ['{ $.SomeObject NOT EXISTS }', trailUpdate, false],
    ['{ ($.user.id = 1) && ($.users[0].email = "John.Doe@example.com") }', users, true],
    [
      '{ $.user.email = "John.Stiles@example.com" || $.coordinates[0][1] = "nonmatch" && $.actions[2] = "nonmatch" }',
      users,
      true,
    ],
    [
      '{ ($.user.email = "John.Stiles@example.com" || $.coordinates[0][1] = "nonmatch") && $.actions[2] = "nonmatch" }',
      users,
      false,
    ],
    // The page calls this one a pattern that finds no match.
    ['{ ($.user.id = 2 && $.users[0].email = "nonmatch") || $.actions[2] = "GET" }', users, false],
    ['{ $.bandwidth > 75 }', { bandwidth: 75 }, false],
    ['{ $.bandwidth > 75 }', { bandwidth: 76 }, true],
    ['{ $.latency < 50 }', { latency: 49.9 }, true],
    ['{ $.refreshRate >= 60 }', { refreshRate: 60 }, true],
    ['{ $.responseTime <= 5 }', { responseTime: 5 }, true],
    ['{ $.errorCode = 400}', { errorCode: 400 }, true],
    ['{ $.errorCode != 500 }', { errorCode: 500 }, false],
    ['{ $.errorCode = 4* }', { errorCode: 404 }, true],
    ['{ $.errorCode = 4* }', { errorCode: 504 }, false],
    ['{ $.number[0] = 1e-3 }', { number: [0.001] }, true],
    ['{ $.number[0] != 1e+3 }', { number: [1000] }, false],
  ])('%s on its sample event', (pattern, event, expected) => {
    expect(compileFilterPattern(pattern)(event)).toBe(expected);
  });
});

const anyOf = (list: string) =>
  list
    .split(' ')
    .map((name) => `($.eventName=${name})`)
    .join(' || ');
const from = (source: string, list: string) => `{($.eventSource=${source}.amazonaws.com) && (${anyOf(list)})}`;

/** The CIS AWS Foundations filters, named by their Security Hub control. @see https://docs.aws.amazon.com/securityhub/latest/userguide/cloudwatch-controls.html */
const CIS: readonly (readonly [string, string])[] = [
  [
    'CloudWatch.1',
    '{$.userIdentity.type="Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType !="AwsServiceEvent"}',
  ],
  ['CloudWatch.2', '{($.errorCode="*UnauthorizedOperation") || ($.errorCode="AccessDenied*")}'],
  [
    'CloudWatch.3',
    '{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") && ($.userIdentity.type = "IAMUser") && ($.responseElements.ConsoleLogin = "Success") }',
  ],
  [
    'CloudWatch.4',
    `{${anyOf('DeleteGroupPolicy DeleteRolePolicy DeleteUserPolicy PutGroupPolicy PutRolePolicy PutUserPolicy CreatePolicy DeletePolicy CreatePolicyVersion DeletePolicyVersion AttachRolePolicy DetachRolePolicy AttachUserPolicy DetachUserPolicy AttachGroupPolicy DetachGroupPolicy')}}`,
  ],
  ['CloudWatch.5', `{${anyOf('CreateTrail UpdateTrail DeleteTrail StartLogging StopLogging')}}`],
  ['CloudWatch.6', '{($.eventName=ConsoleLogin) && ($.errorMessage="Failed authentication")}'],
  [
    'CloudWatch.7',
    '{($.eventSource=kms.amazonaws.com) && (($.eventName=DisableKey) || ($.eventName=ScheduleKeyDeletion))}',
  ],
  [
    'CloudWatch.8',
    from(
      's3',
      'PutBucketAcl PutBucketPolicy PutBucketCors PutBucketLifecycle PutBucketReplication DeleteBucketPolicy DeleteBucketCors DeleteBucketLifecycle DeleteBucketReplication',
    ),
  ],
  [
    'CloudWatch.9',
    from('config', 'StopConfigurationRecorder DeleteDeliveryChannel PutDeliveryChannel PutConfigurationRecorder'),
  ],
  [
    'CloudWatch.10',
    `{${anyOf('AuthorizeSecurityGroupIngress AuthorizeSecurityGroupEgress RevokeSecurityGroupIngress RevokeSecurityGroupEgress CreateSecurityGroup DeleteSecurityGroup')}}`,
  ],
  [
    'CloudWatch.11',
    `{${anyOf('CreateNetworkAcl CreateNetworkAclEntry DeleteNetworkAcl DeleteNetworkAclEntry ReplaceNetworkAclEntry ReplaceNetworkAclAssociation')}}`,
  ],
  [
    'CloudWatch.12',
    `{${anyOf('CreateCustomerGateway DeleteCustomerGateway AttachInternetGateway CreateInternetGateway DeleteInternetGateway DetachInternetGateway')}}`,
  ],
  [
    'CloudWatch.13',
    `{${anyOf('CreateRoute CreateRouteTable ReplaceRoute ReplaceRouteTableAssociation DeleteRouteTable DeleteRoute DisassociateRouteTable')}}`,
  ],
  [
    'CloudWatch.14',
    `{${anyOf('CreateVpc DeleteVpc ModifyVpcAttribute AcceptVpcPeeringConnection CreateVpcPeeringConnection DeleteVpcPeeringConnection RejectVpcPeeringConnection AttachClassicLinkVpc DetachClassicLinkVpc DisableVpcClassicLink EnableVpcClassicLink')}}`,
  ],
  [
    'organizations',
    from(
      'organizations',
      'AcceptHandshake AttachPolicy CreateAccount CreateOrganizationalUnit CreatePolicy DeclineHandshake DeleteOrganization DeleteOrganizationalUnit DeletePolicy DetachPolicy DisablePolicyType EnablePolicyType InviteAccountToOrganization LeaveOrganization MoveAccount RemoveAccountFromOrganization UpdatePolicy UpdateOrganizationalUnit',
    ),
  ],
];

describe('the CIS filters', () => {
  test.each(CIS)('%s parses and keeps the limits of AWS', (_, pattern) => {
    expect(brokenAwsLimits(pattern)).toEqual([]);
  });

  const signIn = {
    eventName: 'ConsoleLogin',
    eventType: 'AwsConsoleSignIn',
    userIdentity: { type: 'IAMUser' },
    additionalEventData: { MFAUsed: 'No' },
    responseElements: { ConsoleLogin: 'Success' },
  };
  test.each<[string, Record<string, unknown>, boolean]>([
    ['CloudWatch.1', { eventType: 'AwsApiCall', userIdentity: { type: 'Root' } }, true],
    ['CloudWatch.1', { eventType: 'AwsServiceEvent', userIdentity: { type: 'Root' } }, false],
    [
      'CloudWatch.1',
      { eventType: 'AwsApiCall', userIdentity: { type: 'Root', invokedBy: 'ec2.amazonaws.com' } },
      false,
    ],
    ['CloudWatch.2', { errorCode: 'Client.UnauthorizedOperation' }, true],
    ['CloudWatch.2', { errorCode: 'AccessDeniedException' }, true],
    ['CloudWatch.2', { errorCode: 'NoSuchBucket' }, false],
    ['CloudWatch.3', signIn, true],
    ['CloudWatch.3', { ...signIn, additionalEventData: { MFAUsed: 'Yes' } }, false],
    ['CloudWatch.3', { ...signIn, additionalEventData: {} }, false],
    ['CloudWatch.6', { eventName: 'ConsoleLogin', errorMessage: 'Failed authentication' }, true],
    ['CloudWatch.7', { eventSource: 'kms.amazonaws.com', eventName: 'ScheduleKeyDeletion' }, true],
    ['CloudWatch.7', { eventSource: 'kms.amazonaws.com', eventName: 'Decrypt' }, false],
    ['CloudWatch.10', { eventName: 'RevokeSecurityGroupEgress' }, true],
  ])('%s on %j: %j', (control, record, expected) => {
    expect(compileFilterPattern(new Map(CIS).get(control) ?? '')(record)).toBe(expected);
  });
});

const shared = new URL('../../../../shared/data/cis-metric-filters.json', import.meta.url);
describe.skipIf(!existsSync(shared))('the filters two public modules ship (skipped without the shared data)', () => {
  test('all parse', () => {
    const patterns = [...readFileSync(shared, 'utf8').matchAll(/"filter_?pattern": ("(?:[^"\\]|\\.)*")/gi)];
    expect(patterns.length).toBeGreaterThan(10);
    for (const [, quoted] of patterns) expect(() => parseFilterPattern(JSON.parse(quoted!))).not.toThrow();
  });
});
