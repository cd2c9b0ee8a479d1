import { describe, expect, test } from 'vitest';
import { ACCOUNT, decide, resourceOf, roleArn } from './iam.ts';
import {
  addressOf,
  BUCKET,
  MANAGEMENT,
  MANAGEMENT_TRAIL,
  ORGANIZATION,
  TOPOLOGIES,
  TRAIL,
  trailSide,
} from './trail-side.ts';

const ORGANIZATIONAL = { trailOptions: { organizationId: ORGANIZATION } };
const DELEGATED = { trailOptions: { organizationId: ORGANIZATION, managementAccountId: MANAGEMENT } };

describe('the bucket policy', () => {
  const trail = 'cloudtrail.amazonaws.com';
  const bucketArn = `arn:aws:s3:::${BUCKET}`;
  const own = `${bucketArn}/AWSLogs/${ACCOUNT}/CloudTrail/eu-central-1/2026/01/01/file.json.gz`;
  const organization = `${bucketArn}/AWSLogs/${ORGANIZATION}/${MANAGEMENT}/CloudTrail/file.json.gz`;
  const owned = { 's3:x-amz-acl': 'bucket-owner-full-control' };
  const from = (source: string) => ({ ...owned, 'aws:SourceArn': source });
  const prefixed = { trailOptions: { keyPrefix: 'audit' } };
  test.each([
    ['lets the trail write', {}, 's3:PutObject', own, from(TRAIL), 'Allowed'],
    ['lets the trail look at the ACL', {}, 's3:GetBucketAcl', bucketArn, { 'aws:SourceArn': TRAIL }, 'Allowed'],
    ['lets no other trail write', {}, 's3:PutObject', own, from(MANAGEMENT_TRAIL), 'ImplicitlyDenied'],
    ['lets nothing in that names no trail', {}, 's3:PutObject', own, owned, 'ImplicitlyDenied'],
    ['wants files to be the owner’s', {}, 's3:PutObject', own, { 'aws:SourceArn': TRAIL }, 'ImplicitlyDenied'],
    ['lets the trail read nothing', {}, 's3:GetObject', own, from(TRAIL), 'ImplicitlyDenied'],
    ['lets the trail delete nothing', {}, 's3:DeleteObject', own, from(TRAIL), 'ImplicitlyDenied'],
    [
      'lets the trail write nowhere else',
      {},
      's3:PutObject',
      `${bucketArn}/AWSLogs/${MANAGEMENT}/x`,
      from(TRAIL),
      'ImplicitlyDenied',
    ],
    [
      'follows the key prefix',
      prefixed,
      's3:PutObject',
      own.replace('AWSLogs', 'audit/AWSLogs'),
      from(TRAIL),
      'Allowed',
    ],
    ['lets nothing in beside the key prefix', prefixed, 's3:PutObject', own, from(TRAIL), 'ImplicitlyDenied'],
    [
      'keeps organizations out of an account’s trail',
      {},
      's3:PutObject',
      organization,
      from(TRAIL),
      'ImplicitlyDenied',
    ],
    [
      'lets an organization’s trail write for members',
      ORGANIZATIONAL,
      's3:PutObject',
      organization,
      from(TRAIL),
      'Allowed',
    ],
    ['lets an organization’s trail write for its account', ORGANIZATIONAL, 's3:PutObject', own, from(TRAIL), 'Allowed'],
    [
      'knows a delegated administrator’s trail by the management account’s ARN',
      DELEGATED,
      's3:PutObject',
      organization,
      from(MANAGEMENT_TRAIL),
      'Allowed',
    ],
    [
      'lets that trail write for the management account',
      DELEGATED,
      's3:PutObject',
      `${bucketArn}/AWSLogs/${MANAGEMENT}/CloudTrail/file.json.gz`,
      from(MANAGEMENT_TRAIL),
      'Allowed',
    ],
    [
      'does not know that trail by the delegated account’s ARN',
      DELEGATED,
      's3:PutObject',
      organization,
      from(TRAIL),
      'ImplicitlyDenied',
    ],
    [
      'refuses the trail itself without TLS',
      {},
      's3:PutObject',
      own,
      { ...from(TRAIL), 'aws:SecureTransport': 'false' },
      'ExplicitlyDenied',
    ],
  ])('%s', async (_, parts, action, resource, context, decision) => {
    const resourcePolicy = trailSide(parts).told.bucketPolicy;
    expect(await decide({ principal: trail, action, resource, context, resourcePolicy })).toBe(decision);
  });

  test('refuses an administrator without TLS, and only without', async () => {
    const identityPolicy = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }] };
    const resourcePolicy = trailSide().told.bucketPolicy;
    const request = {
      principal: roleArn('admin'),
      action: 's3:GetObject',
      resource: own,
      identityPolicy,
      resourcePolicy,
    };
    expect(await decide(request)).toBe('Allowed');
    expect(await decide({ ...request, context: { 'aws:SecureTransport': 'false' } })).toBe('ExplicitlyDenied');
  });

  test.each([...TOPOLOGIES])('is what is attached, after the public access block, for %s', (_, parts) => {
    const { stack } = trailSide(parts);
    expect(resourceOf(stack, 'aws_s3_bucket_policy')['depends_on']).toEqual([
      addressOf(stack, 'aws_s3_bucket_ownership_controls'),
    ]);
    expect(resourceOf(stack, 'aws_s3_bucket_ownership_controls')['depends_on']).toEqual([
      addressOf(stack, 'aws_s3_bucket_public_access_block'),
    ]);
  });
});
