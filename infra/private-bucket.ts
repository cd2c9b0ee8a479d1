import { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket/index.js';
import { S3BucketLifecycleConfiguration } from '@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration/index.js';
import { S3BucketOwnershipControls } from '@cdktf/provider-aws/lib/s3-bucket-ownership-controls/index.js';
import { S3BucketPolicy } from '@cdktf/provider-aws/lib/s3-bucket-policy/index.js';
import { S3BucketPublicAccessBlock } from '@cdktf/provider-aws/lib/s3-bucket-public-access-block/index.js';
import { S3BucketServerSideEncryptionConfigurationA } from '@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration/index.js';
import { S3BucketVersioningA } from '@cdktf/provider-aws/lib/s3-bucket-versioning/index.js';
import type { ITerraformDependable } from 'cdktf';
import type { Construct } from 'constructs';
import { denyWithoutTls } from './deny-without-tls.ts';

export interface PrivateBucketProps {
  readonly name: string;
  /** JSON; denies what comes without TLS. */
  readonly policy: string;
  readonly dataKeyArn: string;
  /** The bucket outlives nothing of these: while it cannot be deleted, neither are they. */
  readonly dataKeyDependencies: readonly ITerraformDependable[];
  readonly bucketKeyEnabled: boolean;
  /** Days until objects expire; the rule's id is contract. */
  readonly expiry: { readonly id: string; readonly days: number };
  /** Lets `destroy` empty and delete it. */
  readonly destroyData: boolean;
}

/** A bucket nobody outside reads: private, owner-enforced, encrypted, versioned, its objects expiring. */
export function privateBucket(scope: Construct, props: PrivateBucketProps) {
  const { name, policy, dataKeyArn, dataKeyDependencies, bucketKeyEnabled, expiry, destroyData } = props;
  const bucket = new S3Bucket(scope, 'bucket', {
    bucket: name,
    forceDestroy: destroyData,
    dependsOn: [...dataKeyDependencies],
  });
  const of = { bucket: bucket.bucket };
  const publicAccessBlock = new S3BucketPublicAccessBlock(scope, 'public-access-block', {
    ...of,
    blockPublicAcls: true,
    blockPublicPolicy: true,
    ignorePublicAcls: true,
    restrictPublicBuckets: true,
    // A bucket that `destroy` leaves because it is not empty stays private.
    skipDestroy: !destroyData,
  });
  const ownership = new S3BucketOwnershipControls(scope, 'ownership', {
    ...of,
    rule: { objectOwnership: 'BucketOwnerEnforced' },
    // S3 refuses two changes of one bucket's access settings at a time.
    dependsOn: [publicAccessBlock],
  });
  const bucketPolicy = new S3BucketPolicy(scope, 'policy', { ...of, policy, dependsOn: [ownership] });
  const byDefault = { sseAlgorithm: 'aws:kms', kmsMasterKeyId: dataKeyArn };
  const encryption = new S3BucketServerSideEncryptionConfigurationA(scope, 'encryption', {
    ...of,
    rule: [{ applyServerSideEncryptionByDefault: byDefault, bucketKeyEnabled }],
  });
  const versioning = new S3BucketVersioningA(scope, 'versioning', {
    ...of,
    versioningConfiguration: { status: 'Enabled' },
  });
  const enabled = { status: 'Enabled', filter: [{}] };
  new S3BucketLifecycleConfiguration(scope, 'lifecycle', {
    ...of,
    rule: [
      {
        ...enabled,
        id: expiry.id,
        expiration: [{ days: expiry.days }],
        noncurrentVersionExpiration: [{ noncurrentDays: 30 }],
        abortIncompleteMultipartUpload: [{ daysAfterInitiation: 7 }],
      },
      // S3 takes days and delete markers only in separate rules.
      { ...enabled, id: 'expire-delete-markers', expiration: [{ expiredObjectDeleteMarker: true }] },
    ],
    dependsOn: [versioning],
  });
  return { bucket, versioning, dependencies: [bucketPolicy, encryption, versioning] };
}

/** The statement every bucket policy begins with, for the bucket and its objects. */
export function denyBucketWithoutTls(bucketArn: string): object {
  return denyWithoutTls('s3', [bucketArn, `${bucketArn}/*`]);
}
