import { describe, expect, test } from 'vitest';
import { alertingStack, DATA_KEY } from './alerting-stack.ts';
import { ACCOUNT, decide, policyOf, REGION, resolve, resourceOf, roleArn } from './iam.ts';

const { stack } = alertingStack();
const BUCKET = `trailbell-failed-${ACCOUNT}-${REGION}`;

describe('the failure store', () => {
  test('is a private, encrypted, versioned bucket whose objects expire', () => {
    const bucket = resourceOf(stack, 'aws_s3_bucket');
    expect(resolve(stack, String(bucket['bucket']))).toBe(BUCKET);
    expect(bucket['force_destroy']).toBe(false);
    expect(resourceOf(stack, 'aws_s3_bucket_public_access_block')).toMatchObject({
      block_public_acls: true,
      block_public_policy: true,
      ignore_public_acls: true,
      restrict_public_buckets: true,
    });
    expect(resourceOf(stack, 'aws_s3_bucket_server_side_encryption_configuration')['rule']).toEqual([
      {
        apply_server_side_encryption_by_default: { sse_algorithm: 'aws:kms', kms_master_key_id: DATA_KEY },
        bucket_key_enabled: true,
      },
    ]);
    expect(resourceOf(stack, 'aws_s3_bucket_versioning')['versioning_configuration']).toEqual({ status: 'Enabled' });
    expect(resourceOf(stack, 'aws_s3_bucket_lifecycle_configuration')['rule']).toMatchObject([
      { status: 'Enabled', expiration: [{ days: 90 }] },
      { status: 'Enabled' },
    ]);
  });

  test('is emptied by destroy only when told so', () => {
    const { stack: destroyed } = alertingStack({ destroyData: true });
    expect(resourceOf(destroyed, 'aws_s3_bucket')['force_destroy']).toBe(true);
    expect(resourceOf(stack, 'aws_s3_bucket_public_access_block')['skip_destroy']).toBe(true);
  });

  test('lets nobody in without TLS, and nobody by its policy alone', async () => {
    const resourcePolicy = policyOf(stack, 'aws_s3_bucket_policy');
    const read = (context: Record<string, string>) =>
      decide({
        principal: roleArn('operator'),
        action: 's3:GetObject',
        resource: `arn:aws:s3:::${BUCKET}/aws/lambda/async/trailbell-alert/x`,
        context,
        resourcePolicy,
      });
    expect(await read({ 'aws:SecureTransport': 'false' })).toBe('ExplicitlyDenied');
    expect(await read({})).toBe('ImplicitlyDenied');
  });
});
