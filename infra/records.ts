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

/** Where records come from: a trail of the stack's own with bucket and log group, or the log group of an existing one. */
export class Records extends Construct {
  readonly logGroup: RecordLogGroup;
  readonly trailArn: string | undefined;
  /** The policy an existing bucket's owner must attach. */
  readonly bucketPolicy: string | undefined;

  constructor(scope: Construct, id: string, { dataKey, ...base }: RecordsProps) {
    super(scope, id);
    const key = { dataKeyArn: dataKey.arn, dataKeyDependencies: dataKey.dependencies };
    this.logGroup = new RecordLogGroup(this, 'log-group', { ...base, ...key });
    if (base.config.trail !== 'create') return;
    const bucket = new TrailBucket(this, 'bucket', { ...base, ...key });
    this.trailArn = new Trail(this, 'trail', { ...base, ...key, bucket, logGroup: this.logGroup }).arn;
    if (base.config.trailOptions.existingBucket) this.bucketPolicy = bucket.policy;
  }
}
