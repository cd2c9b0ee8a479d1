import { S3BucketObjectLockConfigurationA } from '@cdktf/provider-aws/lib/s3-bucket-object-lock-configuration/index.js';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { Config } from './config.ts';
import type { Names } from './names.ts';
import type { Place } from './place.ts';
import { denyBucketWithoutTls, privateBucket } from './private-bucket.ts';
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
    const { bucket, versioning, dependencies } = privateBucket(this, {
      name: names.trailBucket,
      policy: this.policy,
      dataKeyArn,
      dataKeyDependencies,
      // A bucket key would put the bucket into the encryption context, where the key policy expects the trail.
      bucketKeyEnabled: false,
      expiry: { id: 'expire-records', days: bucketRetentionDays },
      destroyData: config.destroyData,
    });
    this.name = bucket.bucket;
    this.dependencies = dependencies;
    if (objectLock === undefined) return;
    // On the bucket itself a lock is fixed at creation; here it can be turned on for a bucket that exists.
    const lock = new S3BucketObjectLockConfigurationA(this, 'object-lock', {
      bucket: this.name,
      rule: { defaultRetention: objectLock },
      dependsOn: [versioning],
    });
    this.dependencies = [...dependencies, lock];
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
      denyBucketWithoutTls(bucketArn),
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
