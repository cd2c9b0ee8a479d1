import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { Config } from './config.ts';
import type { Names } from './names.ts';
import type { Place } from './place.ts';
import { denyBucketWithoutTls, privateBucket } from './private-bucket.ts';

export interface FailureStoreProps {
  readonly config: Config;
  readonly names: Names;
  readonly place: Place;
  readonly dataKeyArn: string;
  readonly dataKeyDependencies: readonly ITerraformDependable[];
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

  constructor(scope: Construct, id: string, props: FailureStoreProps) {
    super(scope, id);
    const { config, names, place, dataKeyArn, dataKeyDependencies } = props;
    const bucketArn = `arn:${place.partition}:s3:::${names.failureBucket}`;
    const { bucket, dependencies } = privateBucket(this, {
      name: names.failureBucket,
      policy: JSON.stringify({ Version: '2012-10-17', Statement: [denyBucketWithoutTls(bucketArn)] }),
      dataKeyArn,
      dataKeyDependencies,
      bucketKeyEnabled: true,
      expiry: { id: 'expire-failures', days: RETENTION_DAYS },
      destroyData: config.destroyData,
    });
    this.bucketArn = bucket.arn;
    this.dependencies = dependencies;
  }
}
