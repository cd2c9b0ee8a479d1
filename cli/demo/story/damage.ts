import { PAYMENTS, SHARED } from './actors.ts';
import { hex, seedOf } from './identifiers.ts';
import { denied, HOME, type Step } from './record.ts';
import { planted, TOUCHED, trail } from './scene.ts';

/** The company's own guard rail, and the reason the rest of the night stays on record. */
const guarded = (action: string): readonly [string, string] => [
  'AccessDenied',
  `User: arn:aws:iam::${PAYMENTS}:user/${TOUCHED.userName} is not authorized to perform: ${action} on resource: ${trail('trailbell')} with an explicit deny in a service control policy`,
];

const SECRETS = [
  'database',
  'card-gateway',
  'signing-key',
  'webhook',
  'ledger',
  'mail',
  'sftp',
  'partner-a',
  'partner-b',
  'vault',
  'backup',
  'session',
];

function secretTaken(name: string, n: number): Step {
  const secretId = `arn:aws:secretsmanager:${HOME}:${PAYMENTS}:secret:payments/${name}-${hex(seedOf(name), 6)}`;
  return {
    at: `03:05:${String(4 + n * 4).padStart(2, '0')}`,
    by: planted,
    call: 'secretsmanager/GetSecretValue',
    request: { secretId },
  };
}

function machines(at: string, instanceType: string, count: number, outcome: Pick<Step, 'error' | 'response'>): Step {
  const items = [{ imageId: 'ami-0a1b2c3d4e5f60789', minCount: count, maxCount: count }];
  return {
    at,
    by: planted,
    call: 'ec2/RunInstances',
    region: 'us-east-1',
    request: { instancesSet: { items }, instanceType },
    ...outcome,
  };
}

/** What the intruder does as an administrator: blind the watchers, open the doors, take the secrets, spend the money. */
export function damage(): Step[] {
  const { bucketName, groupId, instances, keyId, permission, snapshotId } = TOUCHED;
  const opened = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: `arn:aws:s3:::${bucketName}/*` }],
  };
  return [
    { at: '02:55:10', by: planted, call: 'cloudtrail/StopLogging', request: { name: TOUCHED.trail } },
    {
      at: '02:55:38',
      by: planted,
      call: 'cloudtrail/StopLogging',
      request: { name: trail('trailbell') },
      error: guarded('cloudtrail:StopLogging'),
    },
    {
      at: '02:56:05',
      by: planted,
      call: 'cloudtrail/DeleteTrail',
      request: { name: trail('trailbell') },
      error: guarded('cloudtrail:DeleteTrail'),
    },
    { at: '02:57:12', by: planted, call: 'ec2/DescribeFlowLogs', request: { DescribeFlowLogsRequest: {} } },
    {
      at: '02:57:34',
      by: planted,
      call: 'ec2/DeleteFlowLogs',
      request: { DeleteFlowLogsRequest: { FlowLogId: { tag: 1, content: 'fl-0a1b2c3d4e5f60711' } } },
      response: { DeleteFlowLogsResponse: { unsuccessful: '' } },
    },
    { at: '02:59:03', by: planted, call: 's3/DeleteBucketEncryption', request: { bucketName, encryption: '' } },
    {
      at: '02:59:40',
      by: planted,
      call: 's3/DeleteBucketPublicAccessBlock',
      request: { bucketName, publicAccessBlock: '' },
    },
    {
      at: '03:00:15',
      by: planted,
      call: 's3/PutBucketPolicy',
      request: { bucketName, bucketPolicy: opened, policy: '' },
    },
    {
      at: '03:03:05',
      by: planted,
      call: 'ec2/ModifySnapshotAttribute',
      request: {
        snapshotId,
        createVolumePermission: { add: { items: [{ group: 'all' }] } },
        attributeType: 'CREATE_VOLUME_PERMISSION',
      },
      response: { _return: true },
    },
    ...SECRETS.map(secretTaken),
    {
      at: '03:07:21',
      by: planted,
      call: 'ec2/AuthorizeSecurityGroupIngress',
      region: 'us-east-1',
      request: { groupId, ipPermissions: { items: [permission] } },
      response: { _return: true },
    },
    machines('03:07:50', 'p4d.24xlarge', 8, {
      error: ['Client.DryRunOperation', 'Request would have succeeded, but DryRun flag is set.'],
    }),
    machines('03:08:20', 'p4d.24xlarge', 8, {
      error: ['Client.VcpuLimitExceeded', 'You have requested more vCPU capacity than your current vCPU limit allows.'],
    }),
    machines('03:09:02', 'p4d.24xlarge', 4, {
      response: {
        instancesSet: { items: instances.map((instanceId) => ({ instanceId, instanceType: 'p4d.24xlarge' })) },
      },
    }),
    {
      at: '03:12:37',
      by: planted,
      call: 'kms/ScheduleKeyDeletion',
      request: { keyId, pendingWindowInDays: 7 },
      response: { keyId, keyState: 'PendingDeletion', pendingWindowInDays: 7 },
      more: { resources: [{ accountId: PAYMENTS, type: 'AWS::KMS::Key', ARN: keyId }] },
    },
    {
      at: '03:14:18',
      by: planted,
      call: 'sts/AssumeRole',
      error: denied(planted, 'sts:AssumeRole', `arn:aws:iam::${SHARED}:role/admin`),
    },
  ];
}
