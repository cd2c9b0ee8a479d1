import { describe, expect, test } from 'vitest';
import { ACCOUNT, arn, decide, resourceOf, resources, roleArn } from './iam.ts';
import { LOG_GROUP, MANAGEMENT, MANAGEMENT_TRAIL, ORGANIZATION, OTHER_KEY, TRAIL, trailSide } from './trail-side.ts';

const KEY = arn('kms', 'key/data');
const FUNCTION_LOG_GROUP = arn('logs', 'log-group:/aws/lambda/trailbell-alert');
const EXISTING_TRAIL = { trail: { logGroupName: 'org-trail' } };
const EXISTING_BUCKET = { trailOptions: { existingBucket: 'audit-archive' } };
const DELEGATED = { trailOptions: { organizationId: ORGANIZATION, managementAccountId: MANAGEMENT } };

const trailContext = (trail: string, source = trail) => ({
  'aws:SourceArn': source,
  'kms:EncryptionContext:aws:cloudtrail:arn': trail,
});
const logsContext = (group: string) => ({ 'kms:EncryptionContext:aws:logs:arn': group });

/** The simulator forgets which encryption context a key is about; it keeps tags apart, which compare alike. */
function comparable<T>(value: T): T {
  return JSON.parse(JSON.stringify(value).replaceAll('kms:EncryptionContext:', 'aws:RequestTag/'));
}

describe('the data key', () => {
  test('is one rotating key with an alias, and leaves thirty days to change one’s mind', () => {
    const { stack } = trailSide();
    expect(resourceOf(stack, 'aws_kms_key')).toMatchObject({ enable_key_rotation: true, deletion_window_in_days: 30 });
    expect(resourceOf(stack, 'aws_kms_alias')).toMatchObject({ name: 'alias/trailbell-data' });
  });

  test('is not created when one is given, and its policy is still told', () => {
    const { stack, told } = trailSide({ existingDataKeyArn: OTHER_KEY });
    expect(resources(stack, 'aws_kms_key').size + resources(stack, 'aws_kms_alias').size).toBe(0);
    expect(told.keyArn).toBe(OTHER_KEY);
    expect(told.keyPolicy).toEqual(trailSide().told.keyPolicy);
    for (const type of ['aws_cloudtrail', 'aws_cloudwatch_log_group']) {
      expect(resourceOf(stack, type)['kms_key_id']).toBe(OTHER_KEY);
    }
  });

  test('is destroyed after the bucket, so that a bucket that stays keeps its files readable', () => {
    const { stack } = trailSide();
    const [key] = resources(stack, 'aws_kms_key').keys();
    expect(resourceOf(stack, 'aws_s3_bucket')['depends_on']).toEqual([`aws_kms_key.${key}`]);
  });

  test.each([
    ['is protected while an existing bucket holds files only it can read', EXISTING_BUCKET, { prevent_destroy: true }],
    ['is not protected when data goes on destroy', { ...EXISTING_BUCKET, destroyData: true }, undefined],
    ['needs no protection beside the stack’s own bucket', {}, undefined],
    ['needs no protection when the trail is not the stack’s', EXISTING_TRAIL, undefined],
  ])('%s', (_, parts, lifecycle) => {
    expect(resourceOf(trailSide(parts).stack, 'aws_kms_key')['lifecycle']).toEqual(lifecycle);
  });
});

describe('the data key’s policy', () => {
  const trail = 'cloudtrail.amazonaws.com';
  const logs = 'logs.eu-central-1.amazonaws.com';
  test.each([
    ['lets the trail encrypt', {}, trail, 'kms:GenerateDataKey', trailContext(TRAIL), 'Allowed'],
    ['lets the trail look at the key', {}, trail, 'kms:DescribeKey', { 'aws:SourceArn': TRAIL }, 'Allowed'],
    ['lets no other trail encrypt', {}, trail, 'kms:GenerateDataKey', trailContext(`${TRAIL}2`), 'ImplicitlyDenied'],
    [
      'lets no other trail encrypt in this one’s name',
      {},
      trail,
      'kms:GenerateDataKey',
      trailContext(TRAIL, MANAGEMENT_TRAIL),
      'ImplicitlyDenied',
    ],
    [
      'lets the trail encrypt nothing but records',
      {},
      trail,
      'kms:GenerateDataKey',
      { 'aws:SourceArn': TRAIL },
      'ImplicitlyDenied',
    ],
    ['lets no trail decrypt', {}, trail, 'kms:Decrypt', trailContext(TRAIL), 'ImplicitlyDenied'],
    [
      'lets the trail decrypt where a bucket key may ask for it',
      EXISTING_BUCKET,
      trail,
      'kms:Decrypt',
      { 'aws:SourceArn': TRAIL },
      'Allowed',
    ],
    [
      'knows a delegated administrator’s trail by the management account’s ARN',
      DELEGATED,
      trail,
      'kms:GenerateDataKey',
      trailContext(MANAGEMENT_TRAIL),
      'Allowed',
    ],
    [
      'does not know that trail by the delegated account’s ARN',
      DELEGATED,
      trail,
      'kms:GenerateDataKey',
      trailContext(TRAIL),
      'ImplicitlyDenied',
    ],
    [
      'lets no trail in when none is the stack’s',
      EXISTING_TRAIL,
      trail,
      'kms:GenerateDataKey',
      trailContext(TRAIL),
      'ImplicitlyDenied',
    ],
    ['lets the record log group encrypt', {}, logs, 'kms:Encrypt', logsContext(LOG_GROUP), 'Allowed'],
    ['lets the record log group decrypt', {}, logs, 'kms:Decrypt', logsContext(LOG_GROUP), 'Allowed'],
    ['lets the function’s log group encrypt', {}, logs, 'kms:Encrypt', logsContext(FUNCTION_LOG_GROUP), 'Allowed'],
    ['lets no other log group encrypt', {}, logs, 'kms:Encrypt', logsContext(`${LOG_GROUP}2`), 'ImplicitlyDenied'],
    [
      'lets CloudWatch Logs of another Region do nothing',
      {},
      'logs.us-east-1.amazonaws.com',
      'kms:Encrypt',
      logsContext(LOG_GROUP),
      'ImplicitlyDenied',
    ],
    [
      'leaves the log group of an existing trail to its owner',
      EXISTING_TRAIL,
      logs,
      'kms:Encrypt',
      logsContext(arn('logs', 'log-group:org-trail')),
      'ImplicitlyDenied',
    ],
    ['lets no service delete the key', {}, trail, 'kms:ScheduleKeyDeletion', trailContext(TRAIL), 'ImplicitlyDenied'],
    ['leaves readers to IAM policies', {}, roleArn('reader'), 'kms:Decrypt', trailContext(TRAIL), 'ImplicitlyDenied'],
  ])('%s', async (_, parts, principal, action, context, decision) => {
    const resourcePolicy = comparable(trailSide(parts).told.keyPolicy);
    const compared = { context: comparable<Record<string, string>>(context), resourcePolicy };
    expect(await decide({ principal, action, resource: KEY, ...compared })).toBe(decision);
  });

  test('lets an IAM policy of the account admit a reader', async () => {
    const identityPolicy = {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 'kms:Decrypt', Resource: KEY }],
    };
    const request = { principal: roleArn('reader'), action: 'kms:Decrypt', resource: KEY, identityPolicy };
    expect(await decide({ ...request, resourcePolicy: trailSide().told.keyPolicy })).toBe('Allowed');
    const withoutAccount = {
      Version: '2012-10-17',
      Statement: trailSide().told.keyPolicy.Statement.filter(({ Sid }) => Sid !== 'AccountAdministersKey'),
    };
    expect(await decide({ ...request, resourcePolicy: withoutAccount })).toBe('ImplicitlyDenied');
  });

  test('always leaves the account in charge, or nobody could ever change the key', () => {
    for (const parts of [{}, EXISTING_TRAIL, EXISTING_BUCKET, DELEGATED]) {
      expect(trailSide(parts).told.keyPolicy.Statement).toContainEqual({
        Sid: 'AccountAdministersKey',
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
        Action: 'kms:*',
        Resource: '*',
      });
    }
  });
});
