import { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket/index.js';
import { S3BucketLifecycleConfiguration } from '@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration/index.js';
import { S3BucketObjectLockConfigurationA } from '@cdktf/provider-aws/lib/s3-bucket-object-lock-configuration/index.js';
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
import { trailArn, trailOwner } from './trail.ts';

export interface TrailBucketProps {
  readonly config: Config;
  readonly names: Names;
  readonly place: Place;
  readonly dataKeyArn: string;
  /** The key outlives the bucket by these: a bucket that keeps its files on `destroy` keeps their key too. */
  readonly dataKeyDependencies: readonly ITerraformDependable[];
}

/**
 * The trail's bucket: private, TLS only, encrypted, versioned, expiring. With `existingBucket` creates nothing; that
 * bucket's owner must then attach `policy`.
 */
export class TrailBucket extends Construct {
  readonly name: string;
  /** The JSON document CreateTrail expects on the bucket, whoever owns it. */
  readonly policy: string;
  /** What must be in place before the first file: CreateTrail checks the policy, and a lock binds later files only. */
  readonly dependencies: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: TrailBucketProps) {
    super(scope, id);
    const { config, names, place, dataKeyArn, dataKeyDependencies } = props;
    const { existingBucket, objectLock, bucketRetentionDays } = config.trailOptions;
    this.policy = trailBucketPolicy(config, names, place);
    if (existingBucket !== undefined) {
      this.name = existingBucket;
      this.dependencies = [];
      return;
    }
    const created = new S3Bucket(this, 'bucket', {
      bucket: names.trailBucket,
      forceDestroy: config.destroyData,
      dependsOn: [...dataKeyDependencies],
    });
    const bucket = created.bucket;
    const publicAccessBlock = new S3BucketPublicAccessBlock(this, 'public-access-block', {
      bucket,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
      skipDestroy: !config.destroyData,
    });
    const ownership = new S3BucketOwnershipControls(this, 'ownership', {
      bucket,
      rule: { objectOwnership: 'BucketOwnerEnforced' },
      // S3 refuses two changes of one bucket's access settings at a time.
      dependsOn: [publicAccessBlock],
    });
    const policy = new S3BucketPolicy(this, 'policy', { bucket, policy: this.policy, dependsOn: [ownership] });
    const encryption = new S3BucketServerSideEncryptionConfigurationA(this, 'encryption', {
      bucket,
      rule: [
        {
          applyServerSideEncryptionByDefault: { sseAlgorithm: 'aws:kms', kmsMasterKeyId: dataKeyArn },
          // A bucket key would put the bucket into the encryption context, where the key policy expects the trail.
          bucketKeyEnabled: false,
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
          id: 'expire-records',
          status: 'Enabled',
          filter: [{}],
          expiration: [{ days: bucketRetentionDays }],
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
    this.name = bucket;
    this.dependencies = [
      policy,
      encryption,
      versioning,
      // On the bucket itself a lock is fixed at creation; here it can be turned on for a bucket that exists.
      ...(objectLock === undefined
        ? []
        : [
            new S3BucketObjectLockConfigurationA(this, 'object-lock', {
              bucket,
              rule: { defaultRetention: objectLock },
              dependsOn: [versioning],
            }),
          ]),
    ];
  }
}

/**
 * The policy CloudTrail needs on the trail's bucket, the stack's own or an existing one: it may look at the ACL and
 * write below `AWSLogs/`, for this trail alone; nobody gets in without TLS.
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html
 */
export function trailBucketPolicy(config: Config, names: Names, place: Place): string {
  const { existingBucket, keyPrefix, organizationId } = config.trailOptions;
  const bucketArn = `arn:${place.partition}:s3:::${existingBucket ?? names.trailBucket}`;
  const logs = `${bucketArn}/${keyPrefix === undefined ? '' : `${keyPrefix}/`}AWSLogs`;
  const folders = [trailOwner(config, place), ...(organizationId === undefined ? [] : [organizationId])];
  const cloudTrail = { Effect: 'Allow', Principal: { Service: 'cloudtrail.amazonaws.com' } };
  const forThisTrail = { 'aws:SourceArn': trailArn(config, names, place) };
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
      {
        Sid: 'TrailChecksAcl',
        ...cloudTrail,
        Action: 's3:GetBucketAcl',
        Resource: bucketArn,
        Condition: { StringEquals: forThisTrail },
      },
      {
        Sid: 'TrailWrites',
        ...cloudTrail,
        Action: 's3:PutObject',
        Resource: folders.map((folder) => `${logs}/${folder}/*`),
        Condition: { StringEquals: { ...forThisTrail, 's3:x-amz-acl': 'bucket-owner-full-control' } },
      },
    ],
  });
}
