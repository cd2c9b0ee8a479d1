import { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket/index.js';
import { S3BucketLifecycleConfiguration } from '@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration/index.js';
import { S3BucketOwnershipControls } from '@cdktf/provider-aws/lib/s3-bucket-ownership-controls/index.js';
import { S3BucketPolicy } from '@cdktf/provider-aws/lib/s3-bucket-policy/index.js';
import { S3BucketPublicAccessBlock } from '@cdktf/provider-aws/lib/s3-bucket-public-access-block/index.js';
import { S3BucketServerSideEncryptionConfigurationA } from '@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration/index.js';
import { S3BucketVersioningA } from '@cdktf/provider-aws/lib/s3-bucket-versioning/index.js';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { Config } from './config.ts';
import type { Names } from './names.ts';
import type { Place } from './place.ts';

export interface FailureStoreProps {
  readonly config: Config;
  readonly names: Names;
  readonly place: Place;
  readonly dataKeyArn: string;
}

/** Days a failed payload waits to be sent again; long enough to outlast a holiday. */
const RETENTION_DAYS = 90;

/**
 * The bucket of payloads the function failed on: private, TLS only, encrypted, versioned, and nobody else's. A payload
 * with its envelope exceeds what a topic or queue holds. Objects expire after 90 days.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 */
export class FailureStore extends Construct {
  readonly bucketArn: string;
  /** Where Lambda puts every failed invocation and batch; it lets nobody choose. */
  readonly prefix = 'aws/lambda/';
  /** What must be in place before the first payload. */
  readonly dependencies: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, { config, names, place, dataKeyArn }: FailureStoreProps) {
    super(scope, id);
    const created = new S3Bucket(this, 'bucket', { bucket: names.failureBucket, forceDestroy: config.destroyData });
    const bucket = created.bucket;
    this.bucketArn = created.arn;
    const publicAccessBlock = new S3BucketPublicAccessBlock(this, 'public-access-block', {
      bucket,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
      // A bucket that `destroy` leaves because it holds payloads stays private.
      skipDestroy: !config.destroyData,
    });
    const ownership = new S3BucketOwnershipControls(this, 'ownership', {
      bucket,
      rule: { objectOwnership: 'BucketOwnerEnforced' },
      // S3 refuses two changes of one bucket's access settings at a time.
      dependsOn: [publicAccessBlock],
    });
    const policy = new S3BucketPolicy(this, 'policy', {
      bucket,
      policy: tlsOnly(`arn:${place.partition}:s3:::${names.failureBucket}`),
      dependsOn: [ownership],
    });
    const encryption = new S3BucketServerSideEncryptionConfigurationA(this, 'encryption', {
      bucket,
      rule: [
        {
          applyServerSideEncryptionByDefault: { sseAlgorithm: 'aws:kms', kmsMasterKeyId: dataKeyArn },
          bucketKeyEnabled: true,
        },
      ],
    });
    const versioning = new S3BucketVersioningA(this, 'versioning', {
      bucket,
      versioningConfiguration: { status: 'Enabled' },
    });
    new S3BucketLifecycleConfiguration(this, 'lifecycle', {
      bucket,
      rule: [
        {
          id: 'expire-failures',
          status: 'Enabled',
          filter: [{}],
          expiration: [{ days: RETENTION_DAYS }],
          noncurrentVersionExpiration: [{ noncurrentDays: 30 }],
          abortIncompleteMultipartUpload: [{ daysAfterInitiation: 7 }],
        },
        {
          // S3 takes days and delete markers only in separate rules.
          id: 'expire-delete-markers',
          status: 'Enabled',
          filter: [{}],
          expiration: [{ expiredObjectDeleteMarker: true }],
        },
      ],
      dependsOn: [versioning],
    });
    this.dependencies = [policy, encryption, versioning];
  }
}

function tlsOnly(bucketArn: string): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'DenyWithoutTls',
        Effect: 'Deny',
        Principal: '*',
        Action: 's3:*',
        Resource: [bucketArn, `${bucketArn}/*`],
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      },
    ],
  });
}
