import { describe, expect, test } from 'vitest';
import { donePhrase, triedPhrase } from '../../function/core/phrase.ts';
import { shortName, targetOf } from '../../function/core/target.ts';
import { record } from '../support/records.ts';

const of = (requestParameters: unknown, resources?: unknown) => targetOf(record({ requestParameters, resources }));

describe('what a call was made on', () => {
  test.each<[string, unknown, unknown, object | undefined]>([
    ['a telling parameter', { maxItems: 3, userName: 'bob' }, undefined, { parameter: 'userName', name: 'bob' }],
    ['a parameter in other letters', { BucketName: 'logs' }, undefined, { parameter: 'BucketName', name: 'logs' }],
    [
      'the most telling of several',
      { policyArn: 'arn:aws:iam::aws:policy/ReadOnly', userName: 'bob' },
      undefined,
      { parameter: 'userName', name: 'bob' },
    ],
    [
      'a telling one that is empty',
      { userName: '', roleName: 'ops' },
      undefined,
      { parameter: 'roleName', name: 'ops' },
    ],
    ['a telling one that is no text', { userName: { a: 1 } }, undefined, undefined],
    [
      'instances',
      { instancesSet: { items: [{ instanceId: 'i-1' }, { instanceId: 'i-2' }] } },
      undefined,
      { parameter: 'instanceId', name: 'i-1, i-2' },
    ],
    [
      'many instances',
      { instancesSet: { items: Array.from({ length: 9 }, (_, n) => ({ instanceId: `i-${n}` })) } },
      undefined,
      { parameter: 'instanceId', name: 'i-0, i-1, i-2 and 6 more' },
    ],
    ['instances that are none', { instancesSet: { items: [null, 7, {}] } }, undefined, undefined],
    [
      'the first resource',
      null,
      [{ ARN: 'arn:aws:kms:us-east-1:111122223333:key/k' }],
      { parameter: 'resources', name: 'arn:aws:kms:us-east-1:111122223333:key/k' },
    ],
    ['a resource without ARN', {}, [{ type: 'AWS::S3::Object' }], undefined],
    ['resources that are no list', {}, { ARN: 'x' }, undefined],
    ['nothing', null, undefined, undefined],
    ['parameters as a list', ['userName'], undefined, undefined],
  ])('%s', (_, parameters, resources, expected) => {
    expect(of(parameters, resources)).toEqual(expected);
  });

  test.each<[string, unknown, string | undefined]>([
    ['DeleteSubnet', { subnetId: 'subnet-1', vpcId: 'vpc-1' }, 'subnet-1'],
    ['AttachVolume', { instanceId: 'i-1', volumeId: 'vol-1' }, 'vol-1'],
    ['DeleteAccessKey', { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', userName: 'bob' }, 'bob'],
    ['DeleteRolePolicy', { policyName: 'p', roleName: 'ops' }, 'ops'],
    ['DeleteFunction20150331', { roleName: 'r', functionName: 'f' }, 'f'],
    ['DeleteNatGateway', { DeleteNatGatewayRequest: { NatGatewayId: 'nat-1' } }, 'nat-1'],
    ['DeleteFlowLogs', { DeleteFlowLogsRequest: { FlowLogId: { tag: 1, content: 'fl-1' } } }, 'fl-1'],
    ['DeleteTransitGatewayVpcAttachment', { DelReq: { TransitGatewayAttachmentId: 'tgw-1' } }, 'tgw-1'],
    ['DeleteTrustAnchor', { clientToken: 'x', trustAnchorId: 't-1' }, 't-1'],
    ['DeleteNothing', { clientToken: 'x', Wrapped: { subnetId: 'subnet-1' } }, undefined],
    ['Delete', { id: 'x' }, 'x'],
  ])('of %s on %j is %s', (eventName, requestParameters, name) => {
    expect(targetOf(record({ eventName, requestParameters, resources: undefined }))?.name).toBe(name);
  });

  test('is looked for in the first 200 parameters', () => {
    const many = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`p${index}`, 'x']));
    expect(of({ ...many, userName: 'bob' })).toBeUndefined();
  });

  test.each([
    ['bob', 'bob'],
    ['arn:aws:iam::111122223333:role/path/ops', 'ops'],
    ['arn:aws:sns:us-east-1:111122223333:topic', 'topic'],
    ['not:arn/either', 'not:arn/either'],
    ['x'.repeat(48), 'x'.repeat(48)],
    ['x'.repeat(49), `${'x'.repeat(47)}…`],
  ])('%j is short for %j', (name, expected) => {
    expect(shortName({ parameter: 'name', name })).toBe(expected);
  });
});

describe('a headline', () => {
  const bob = { parameter: 'userName', name: 'bob' };
  test.each([
    ['CreateAccessKey', bob, 'access key created for bob', 'create access key for bob'],
    ['DeleteUser', bob, 'user bob deleted', 'delete user bob'],
    ['DeleteBucket', { parameter: 'bucketName', name: 'logs' }, 'bucket logs deleted', 'delete bucket logs'],
    [
      'TerminateInstances',
      { parameter: 'instanceId', name: 'i-1' },
      'instances i-1 terminated',
      'terminate instances i-1',
    ],
    ['EnableMFADevice', bob, 'MFA device enabled for bob', 'enable MFA device for bob'],
    [
      'PutBucketPolicy',
      { parameter: 'bucketName', name: 'logs' },
      'bucket policy set for logs',
      'put bucket policy for logs',
    ],
    ['StopLogging', { parameter: 'name', name: 'main' }, 'logging stopped for main', 'stop logging for main'],
    ['DeleteTrail', { parameter: 'name', name: 'main' }, 'trail main deleted', 'delete trail main'],
    ['DeleteVpc', { parameter: 'vpcId', name: 'vpc-1' }, 'VPC vpc-1 deleted', 'delete VPC vpc-1'],
    [
      'RemoveRoleFromInstanceProfile',
      { parameter: 'roleName', name: 'ops' },
      'role ops removed from instance profile',
      'remove role ops from instance profile',
    ],
    [
      'RemoveTagsFromResource',
      { parameter: 'keyId', name: 'k' },
      'tags removed from resource for k',
      'remove tags from resource for k',
    ],
    ['ConsoleLogin', undefined, 'ConsoleLogin called', 'ConsoleLogin'],
    ['Confirm_POST', undefined, 'Confirm_POST called', 'Confirm_POST'],
    ['Delete', undefined, 'Delete called', 'Delete'],
    ['', undefined, ' called', ''],
  ])('of %s on %j', (eventName, target, done, tried) => {
    expect(donePhrase(eventName, target)).toBe(done);
    expect(triedPhrase(eventName, target)).toBe(tried);
  });

  test('of a name of 300,000 characters is short', () => {
    expect(donePhrase(`Delete${'Aa'.repeat(150_000)}`, bob).length).toBeLessThan(200);
    expect(donePhrase('_'.repeat(300_000), undefined).length).toBeLessThan(100);
  });
});
