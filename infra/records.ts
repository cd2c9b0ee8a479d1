import { Construct } from 'constructs';
import type { Config } from './config.ts';
import type { DataKey } from './data-key.ts';
import type { Names } from './names.ts';
import type { Place } from './place.ts';
import { RecordLogGroup } from './record-log-group.ts';
import { Trail } from './trail.ts';
import { TrailBucket } from './trail-bucket.ts';

export interface RecordsProps {
  readonly config: Config;
  readonly names: Names;
  readonly place: Place;
  readonly dataKey: DataKey;
}

/** Where records come from: a trail of the stack's own with bucket and log group, the log group of an existing one, or neither. */
export class Records extends Construct {
  /** Undefined without a trail: records then come from a bucket or from other accounts. */
  readonly logGroup: RecordLogGroup | undefined;
  /** The bucket the stack makes, as Terraform knows its name. */
  readonly ownBucketName: string | undefined;
  readonly trailArn: string | undefined;
  /** The policy an existing bucket's owner must attach. */
  readonly bucketPolicy: string | undefined;

  constructor(scope: Construct, id: string, { dataKey, ...base }: RecordsProps) {
    super(scope, id);
    if (base.config.trail === 'none') return;
    const key = { dataKeyArn: dataKey.arn, dataKeyDependencies: dataKey.dependencies };
    const logGroup = new RecordLogGroup(this, 'log-group', { ...base, ...key });
    this.logGroup = logGroup;
    if (base.config.trail !== 'create') return;
    const bucket = new TrailBucket(this, 'bucket', { ...base, ...key });
    this.trailArn = new Trail(this, 'trail', { ...base, ...key, bucket, logGroup }).arn;
    if (base.config.trailOptions.existingBucket) this.bucketPolicy = bucket.policy;
    else this.ownBucketName = bucket.name;
  }
}
