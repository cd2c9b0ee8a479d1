import { CloudwatchLogSubscriptionFilter } from '@cdktf/provider-aws/lib/cloudwatch-log-subscription-filter/index.js';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role/index.js';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy/index.js';
import { KinesisStream } from '@cdktf/provider-aws/lib/kinesis-stream/index.js';
import { Construct } from 'constructs';
import type { AlertFunction } from './alert-function.ts';
import type { Config } from './config.ts';
import { SUBSCRIPTION_FILTER_ID } from './direct-subscription.ts';
import type { FailureStore } from './failure-store.ts';
import type { Names } from './names.ts';
import type { Place } from './place.ts';
import { readStream } from './read-stream.ts';

export interface StreamSubscriptionProps {
  readonly config: Config;
  readonly names: Names;
  readonly place: Place;
  /** `arn` without `:*`. */
  readonly logGroup: { readonly name: string; readonly arn: string };
  readonly alertFunction: Pick<AlertFunction, 'aliasArn' | 'dependencies'>;
  /** Empty for every record. */
  readonly filterPattern: string;
  readonly dataKeyArn: string;
  readonly failureStore: Pick<FailureStore, 'bucketArn' | 'dependencies'>;
}

/** The log group feeds a stream, the stream the function: for volumes that throttle direct invocation. */
export class StreamSubscription extends Construct {
  readonly filterName: string;
  readonly destinationType = 'Kinesis';

  constructor(scope: Construct, id: string, props: StreamSubscriptionProps) {
    super(scope, id);
    const { config, names, place, logGroup, filterPattern, dataKeyArn } = props;
    const stream = new KinesisStream(this, 'stream', {
      name: names.stream,
      streamModeDetails: { streamMode: 'ON_DEMAND' },
      retentionPeriod: 24,
      encryptionType: 'KMS',
      kmsKeyId: dataKeyArn,
      // Of stream, role and policy: the filter leaves before they do.
      lifecycle: { createBeforeDestroy: true },
    });
    const role = new IamRole(this, 'role', {
      name: names.subscriptionRole,
      assumeRolePolicy: trustPolicy(props),
      lifecycle: { createBeforeDestroy: true },
      ...(config.permissionsBoundary !== undefined && { permissionsBoundary: config.permissionsBoundary }),
    });
    const policy = new IamRolePolicy(this, 'role-policy', {
      name: 'write-stream',
      role: role.name,
      policy: writePolicy(props),
      lifecycle: { createBeforeDestroy: true },
    });
    readStream(this, { ...props, streamArn: stream.arn });
    const filter = new CloudwatchLogSubscriptionFilter(this, 'filter', {
      name: names.subscriptionFilter,
      logGroupName: logGroup.name,
      filterPattern,
      // A string: an ARN known only after apply would replace the filter by one of the same name.
      destinationArn: place.arn('kinesis', `stream/${names.stream}`),
      roleArn: role.arn,
      // A trail writes few log streams: by stream, a single shard would take everything.
      distribution: 'Random',
      dependsOn: [stream, policy],
      lifecycle: { createBeforeDestroy: true },
    });
    filter.overrideLogicalId(SUBSCRIPTION_FILTER_ID);
    this.filterName = names.subscriptionFilter;
  }
}

function trustPolicy({ place }: StreamSubscriptionProps): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'LogsWriteStream',
        Effect: 'Allow',
        // AWS has documented the Regional and the global name; which one calls is not promised.
        Principal: { Service: [`logs.${place.region}.${place.dnsSuffix}`, 'logs.amazonaws.com'] },
        Action: 'sts:AssumeRole',
        // AWS documents no narrower source than the account's Logs in this Region.
        Condition: { StringLike: { 'aws:SourceArn': place.arn('logs', '*') } },
      },
    ],
  });
}

function writePolicy({ names, place, dataKeyArn }: StreamSubscriptionProps): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'WriteStream',
        Effect: 'Allow',
        Action: 'kinesis:PutRecord',
        Resource: place.arn('kinesis', `stream/${names.stream}`),
      },
      {
        Sid: 'EncryptStream',
        Effect: 'Allow',
        Action: 'kms:GenerateDataKey',
        Resource: dataKeyArn,
        Condition: { StringEquals: { 'kms:ViaService': `kinesis.${place.region}.${place.dnsSuffix}` } },
      },
    ],
  });
}
