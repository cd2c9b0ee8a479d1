import { PAYMENTS, person, root, SANDBOX, SHARED, user } from './actors.ts';
import { hex, seedOf } from './identifiers.ts';
import { denied, HOME, type Step, signIn } from './record.ts';

const alice = person(PAYMENTS, 'Developer', 'alice@example.com', '192.0.2.21');
const bob = person(SHARED, 'PlatformEngineer', 'bob@example.com', '192.0.2.34');
const bobInSandbox = person(SANDBOX, 'AdministratorAccess', 'bob@example.com', '192.0.2.34');
const carol = user(SANDBOX, 'carol', '198.51.100.44');

/** A failed sign-in proves nothing about who tried, so its record has no ARN. */
function withoutArn(day: string): Record<string, unknown> {
  const { arn: _, ...rest } = carol.identity(day);
  return { ...rest, accessKeyId: '' };
}

/** Signs a person in with a second factor; the console login itself never shows it, since Identity Center asked for it. */
function arrives(at: string, checked: string, who: typeof alice, mail: string): Step[] {
  const identity = () => ({
    type: 'IdentityCenterUser',
    accountId: SHARED,
    onBehalfOf: {
      userId: hex(seedOf(mail), 32),
      identityStoreArn: `arn:aws:identitystore::${SHARED}:identitystore/d-9067example`,
    },
    credentialId: hex(seedOf(`${mail}/credential`), 32),
  });
  const verified: Step = {
    at: checked,
    by: { ...who, account: SHARED, identity },
    call: 'signin/CredentialVerification',
    more: {
      eventType: 'AwsServiceEvent',
      additionalEventData: { CredentialType: 'TOTP' },
      serviceEventDetails: { CredentialVerification: 'Success' },
    },
  };
  return [verified, { at, by: who, call: 'signin/ConsoleLogin', ...signIn('Success', 'No') }];
}

/** What people do on an ordinary day, mistakes included. */
export function workingDay(): Step[] {
  const table = `arn:aws:dynamodb:${HOME}:${PAYMENTS}:table/ledger`;
  return [
    ...arrives('08:58:20', '08:58:11', alice, 'alice@example.com'),
    ...arrives('09:05:47', '09:05:40', bob, 'bob@example.com'),
    {
      at: '09:30:16',
      by: { ...carol, identity: withoutArn },
      call: 'signin/ConsoleLogin',
      ...signIn('Failure', 'No'),
    },
    { at: '09:31:02', by: carol, call: 'signin/ConsoleLogin', ...signIn('Success', 'No') },
    {
      at: '09:47:33',
      by: alice,
      call: 'dynamodb/DescribeTable',
      request: { tableName: 'ledger' },
      error: denied(alice, 'dynamodb:DescribeTable', table),
    },
    {
      at: '10:03:15',
      by: alice,
      call: 'iam/CreateRole',
      request: { roleName: 'quick-test' },
      error: denied(alice, 'iam:CreateRole', `arn:aws:iam::${PAYMENTS}:role/quick-test`),
    },
    {
      at: '10:22:09',
      by: bobInSandbox,
      call: 's3/DeleteBucket',
      request: { bucketName: 'load-test-results' },
      error: ['BucketNotEmpty', 'The bucket you tried to delete is not empty'],
    },
    {
      at: '10:24:31',
      by: bobInSandbox,
      call: 's3/DeleteBucket',
      request: { bucketName: 'load-test-results' },
    },
    {
      at: '10:41:50',
      by: bobInSandbox,
      call: 'ec2/TerminateInstances',
      request: { instancesSet: { items: [{ instanceId: 'i-0123456789abcdef0' }] } },
      error: ['Client.DryRunOperation', 'Request would have succeeded, but DryRun flag is set.'],
    },
    {
      at: '11:19:04',
      by: root(SANDBOX, '192.0.2.5'),
      call: 'signin/ConsoleLogin',
      region: 'us-east-1',
      ...signIn('Success', 'Yes'),
    },
    {
      at: '13:15:28',
      by: bob,
      call: 'monitoring/PutMetricAlarm',
      request: { alarmName: 'checkout-latency', threshold: 800 },
    },
    {
      at: '14:02:11',
      by: bobInSandbox,
      call: 'ec2/DeleteSecurityGroup',
      request: { groupId: 'sg-0b1c2d3e4f5061728' },
      error: ['Client.DependencyViolation', 'resource sg-0b1c2d3e4f5061728 has a dependent object'],
    },
    {
      at: '14:20:37',
      by: alice,
      call: 'lambda/DeleteFunction20150331',
      request: { functionName: 'old-webhook' },
      error: ['ResourceNotFoundException', 'Function not found'],
    },
    {
      at: '16:48:52',
      by: bob,
      call: 'ec2/CreateTags',
      request: {
        resourcesSet: { items: [{ resourceId: 'i-0fedcba9876543210' }] },
        tagSet: { items: [{ key: 'owner', value: 'platform' }] },
      },
    },
  ];
}
