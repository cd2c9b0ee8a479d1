import { describe, expect, test } from 'vitest';
import { resourceOf, resources } from './iam.ts';
import { addresses, addressOf, BUCKET, trailSide } from './trail-side.ts';

const LOCK = { trailOptions: { objectLock: { mode: 'COMPLIANCE', days: 365 } } };

describe('the trail’s bucket', () => {
  const { stack } = trailSide();

  test('is private in every way S3 knows', () => {
    expect(resourceOf(stack, 'aws_s3_bucket_public_access_block')).toMatchObject({
      block_public_acls: true,
      block_public_policy: true,
      ignore_public_acls: true,
      restrict_public_buckets: true,
    });
    expect(resourceOf(stack, 'aws_s3_bucket_ownership_controls')['rule']).toEqual({
      object_ownership: 'BucketOwnerEnforced',
    });
  });

  test('is encrypted with the data key, without the bucket key that the key policy would refuse', () => {
    expect(resourceOf(stack, 'aws_s3_bucket_server_side_encryption_configuration')['rule']).toEqual([
      {
        apply_server_side_encryption_by_default: {
          sse_algorithm: 'aws:kms',
          kms_master_key_id: `\${${addressOf(stack, 'aws_kms_key')}.arn}`,
        },
        bucket_key_enabled: false,
      },
    ]);
  });

  test('is versioned before its lifecycle speaks of versions', () => {
    expect(resourceOf(stack, 'aws_s3_bucket_versioning')['versioning_configuration']).toEqual({ status: 'Enabled' });
    expect(resourceOf(stack, 'aws_s3_bucket_lifecycle_configuration')['depends_on']).toEqual([
      addressOf(stack, 'aws_s3_bucket_versioning'),
    ]);
  });

  test.each([
    [{}, 400],
    [{ trailOptions: { bucketRetentionDays: 731 } }, 731],
  ])('expires files, then their versions, then their markers (%o)', (parts, days) => {
    const { rule } = resourceOf(trailSide(parts).stack, 'aws_s3_bucket_lifecycle_configuration');
    expect(rule).toEqual([
      expect.objectContaining({
        status: 'Enabled',
        filter: [{}],
        expiration: [{ days }],
        noncurrent_version_expiration: [{ noncurrent_days: 30 }],
        abort_incomplete_multipart_upload: [{ days_after_initiation: 7 }],
      }),
      expect.objectContaining({
        status: 'Enabled',
        filter: [{}],
        expiration: [{ expired_object_delete_marker: true }],
      }),
    ]);
  });

  test('says everything in resources of its own, nothing in the bucket’s deprecated arguments', () => {
    expect(Object.keys(resourceOf(stack, 'aws_s3_bucket')).sort()).toEqual(['bucket', 'depends_on', 'force_destroy']);
  });

  test('stays on destroy with its files and its privacy, unless told otherwise', () => {
    expect(resourceOf(stack, 'aws_s3_bucket')['force_destroy']).toBe(false);
    expect(resourceOf(stack, 'aws_s3_bucket_public_access_block')['skip_destroy']).toBe(true);
    const told = trailSide({ destroyData: true }).stack;
    expect(resourceOf(told, 'aws_s3_bucket')['force_destroy']).toBe(true);
    expect(resourceOf(told, 'aws_s3_bucket_public_access_block')['skip_destroy']).toBe(false);
  });
});

describe('object lock', () => {
  test('is absent unless asked for', () => {
    expect(resources(trailSide().stack, 'aws_s3_bucket_object_lock_configuration').size).toBe(0);
  });

  test('can be turned on for a bucket that exists: the bucket itself never mentions it', () => {
    const { stack } = trailSide(LOCK);
    expect(resourceOf(stack, 'aws_s3_bucket')).toEqual(resourceOf(trailSide().stack, 'aws_s3_bucket'));
    expect(resourceOf(stack, 'aws_s3_bucket_object_lock_configuration')).toMatchObject({
      rule: { default_retention: { mode: 'COMPLIANCE', days: 365 } },
      depends_on: [addressOf(stack, 'aws_s3_bucket_versioning')],
    });
  });

  test('is there before the first file, which a later lock would not bind', () => {
    const { stack } = trailSide(LOCK);
    expect(resourceOf(stack, 'aws_cloudtrail')['depends_on']).toContain(
      addressOf(stack, 'aws_s3_bucket_object_lock_configuration'),
    );
  });
});

describe('an existing bucket', () => {
  const { stack, told } = trailSide({ trailOptions: { existingBucket: 'audit-archive', keyPrefix: 'cloud' } });

  test('is used as it is: the stack touches none of its settings', () => {
    expect(addresses(stack).filter((address) => address.startsWith('aws_s3_'))).toEqual([]);
    expect(resourceOf(stack, 'aws_cloudtrail')).toMatchObject({
      s3_bucket_name: 'audit-archive',
      s3_key_prefix: 'cloud',
    });
    expect(told.bucketName).toBe('audit-archive');
  });

  test('is told the very policy that the stack’s own bucket would get', () => {
    const own = trailSide({ trailOptions: { keyPrefix: 'cloud' } }).told.bucketPolicy;
    expect(told.bucketPolicy).toEqual(JSON.parse(JSON.stringify(own).replaceAll(BUCKET, 'audit-archive')));
  });
});
