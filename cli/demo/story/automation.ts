import { linked, PAYMENTS, principalId, service, session } from './actors.ts';
import { hex } from './identifiers.ts';
import type { Step } from './record.ts';

const pipeline = session({
  account: PAYMENTS,
  role: 'deploy-pipeline',
  session: 'release',
  ip: '198.51.100.60',
  userAgent: 'aws-sdk-js/3.940.0 os/linux lang/js md/nodejs#24.11.0',
});
const scaling = linked(PAYMENTS, 'AutoScaling', 'autoscaling.amazonaws.com');
const databases = linked(PAYMENTS, 'RDS', 'rds.amazonaws.com');
const backups = session({
  account: PAYMENTS,
  role: 'AWSDataLifecycleManagerDefaultRole',
  session: 'nightly',
  path: 'service-role',
  invokedBy: 'dlm.amazonaws.com',
});
/** One release: the pipeline takes its role, then puts the new code in place. */
function release(hour: string, version: number): Step[] {
  const provider = `arn:aws:iam::${PAYMENTS}:oidc-provider/ci.example.com`;
  const subject = 'repo:payments/api:ref:main';
  const outside = {
    ...pipeline,
    identity: () => ({
      type: 'WebIdentityUser',
      principalId: `${provider}:sts.amazonaws.com:${subject}`,
      userName: subject,
      identityProvider: provider,
    }),
  };
  const functionName = 'payments-api';
  const changes = { stackName: 'payments-api', changeSetName: `release-${version}` };
  return [
    {
      at: `${hour}:12:04`,
      by: outside,
      call: 'sts/AssumeRoleWithWebIdentity',
      request: { roleArn: `arn:aws:iam::${PAYMENTS}:role/deploy-pipeline`, roleSessionName: 'release' },
      response: {
        credentials: { accessKeyId: 'ASIAIOSFODNN7EXAMPLE' },
        assumedRoleUser: { assumedRoleId: `${principalId('AROA', 'deploy-pipeline')}:release` },
      },
    },
    { at: `${hour}:12:09`, by: pipeline, call: 'cloudformation/CreateChangeSet', request: changes },
    { at: `${hour}:12:31`, by: pipeline, call: 'cloudformation/ExecuteChangeSet', request: changes },
    {
      at: `${hour}:12:48`,
      by: pipeline,
      call: 'lambda/UpdateFunctionCode20150331v2',
      request: { functionName, publish: false, dryRun: false },
      response: { functionName, runtime: 'nodejs24.x', version: '$LATEST', state: 'Active' },
    },
    { at: `${hour}:12:55`, by: pipeline, call: 'lambda/PublishVersion20150331', request: { functionName } },
    {
      at: `${hour}:13:02`,
      by: pipeline,
      call: 'lambda/UpdateAlias20150331',
      request: { functionName, name: 'live', functionVersion: String(version) },
    },
    { at: `${hour}:13:20`, by: pipeline, call: 'ecs/RegisterTaskDefinition', request: { family: 'checkout' } },
    {
      at: `${hour}:13:24`,
      by: pipeline,
      call: 'ecs/UpdateService',
      request: { cluster: 'checkout', service: 'web', taskDefinition: `checkout:${version}` },
    },
  ];
}

function scale(at: string, direction: 'out' | 'in', n: number): Step {
  const instanceId = `i-0${hex(n, 16)}`;
  const items = [{ instanceId }];
  return direction === 'out'
    ? {
        at,
        by: scaling,
        call: 'ec2/RunInstances',
        request: { instancesSet: { items: [{ minCount: 1, maxCount: 1 }] }, instanceType: 'm7g.large' },
        response: { instancesSet: { items: [{ instanceId, instanceType: 'm7g.large' }] } },
      }
    : {
        at,
        by: scaling,
        call: 'ec2/TerminateInstances',
        request: { instancesSet: { items } },
        response: { instancesSet: { items } },
      };
}

/** What the company's own automation does: nightly backups, two releases, scaling with the traffic, tidying up. */
export function automation(): Step[] {
  return [
    { at: '01:00:07', by: backups, call: 'ec2/CreateSnapshot', request: { volumeId: 'vol-0a1b2c3d4e5f67890' } },
    {
      at: '01:10:42',
      by: backups,
      call: 'ec2/DeleteSnapshot',
      request: { snapshotId: 'snap-0f1e2d3c4b5a69788' },
      response: { _return: true },
    },
    {
      at: '04:12:19',
      by: databases,
      call: 'ec2/DeleteNetworkInterface',
      request: { networkInterfaceId: 'eni-0c1d2e3f405162738' },
      response: { _return: true },
    },
    scale('07:55:10', 'out', 11),
    scale('08:40:31', 'out', 12),
    ...release('09', 41),
    scale('12:10:44', 'out', 13),
    ...release('15', 42),
    {
      at: '15:30:00',
      by: pipeline,
      call: 'cloudformation/DeleteChangeSet',
      request: { stackName: 'payments-api', changeSetName: 'release-41' },
    },
    scale('18:30:05', 'in', 13),
    scale('19:15:26', 'in', 12),
    scale('20:05:59', 'in', 11),
    {
      at: '20:06:12',
      by: service(PAYMENTS, 'autoscaling.amazonaws.com'),
      call: 'monitoring/DeleteAlarms',
      request: { alarmNames: ['TargetTracking-web-AlarmLow'] },
    },
  ];
}
