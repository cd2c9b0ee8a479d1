import { PAYMENTS, person } from './actors.ts';
import { type Step, signIn } from './record.ts';
import { TOUCHED } from './scene.ts';

const dana = person(PAYMENTS, 'AdministratorAccess', 'dana@example.com', '192.0.2.77');

/** What the engineer on call does about it, within a quarter of an hour. */
export function response(): Step[] {
  const { bucketName, groupId, instances, keyId, permission, snapshotId, trail, userName } = TOUCHED;
  const inactive = (name: string, accessKeyId: string) => ({ userName: name, accessKeyId, status: 'Inactive' });
  const items = instances.map((instanceId) => ({ instanceId }));
  const call = (at: string, name: string, request: object, region?: string): Step => ({
    at,
    by: dana,
    call: name,
    request,
    ...(region === undefined ? {} : { region }),
  });
  return [
    { at: '03:16:02', by: dana, call: 'signin/ConsoleLogin', ...signIn('Success', 'No') },
    call('03:17:20', 'cloudtrail/LookupEvents', { maxResults: 50 }),
    call('03:18:05', 'iam/UpdateAccessKey', inactive('build-legacy', 'AKIAIOSFODNN7EXAMPLE')),
    call('03:18:40', 'iam/UpdateAccessKey', inactive(userName, 'AKIAI44QH8DHBEXAMPLE')),
    call('03:19:10', 'iam/DeleteLoginProfile', { userName }),
    call('03:20:30', 'ec2/TerminateInstances', { instancesSet: { items } }, 'us-east-1'),
    call('03:21:30', 'cloudtrail/StartLogging', { name: trail }),
    call('03:22:15', 'kms/CancelKeyDeletion', { keyId }),
    call('03:23:04', 's3/DeleteBucketPolicy', { bucketName, policy: '' }),
    call('03:23:31', 's3/PutBucketPublicAccessBlock', {
      bucketName,
      PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true },
    }),
    call('03:24:12', 's3/PutBucketEncryption', { bucketName, encryption: '' }),
    call('03:25:06', 'ec2/ModifySnapshotAttribute', {
      snapshotId,
      createVolumePermission: { remove: { items: [{ group: 'all' }] } },
      attributeType: 'CREATE_VOLUME_PERMISSION',
    }),
    call(
      '03:26:10',
      'ec2/RevokeSecurityGroupIngress',
      { groupId, ipPermissions: { items: [permission] } },
      'us-east-1',
    ),
    call('03:27:02', 'iam/DetachUserPolicy', { userName, policyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' }),
    call('03:27:38', 'iam/DeleteAccessKey', { userName, accessKeyId: 'AKIAI44QH8DHBEXAMPLE' }),
    call('03:28:50', 'iam/DeleteUser', { userName }),
    call('03:29:40', 'ec2/CreateFlowLogs', { CreateFlowLogsRequest: { TrafficType: 'ALL', ResourceType: 'VPC' } }),
  ];
}
