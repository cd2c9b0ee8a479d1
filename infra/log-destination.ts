import { CloudwatchLogDestination } from '@cdktf/provider-aws/lib/cloudwatch-log-destination/index.js';
import { CloudwatchLogDestinationPolicy } from '@cdktf/provider-aws/lib/cloudwatch-log-destination-policy/index.js';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role/index.js';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy/index.js';
import { KinesisStream } from '@cdktf/provider-aws/lib/kinesis-stream/index.js';
import { Construct } from 'constructs';
import type { AlertFunction } from './alert-function.ts';
import type { Config } from './config.ts';
import type { FailureStore } from './failure-store.ts';
import type { Names } from './names.ts';
import type { Place } from './place.ts';
import { readStream } from './read-stream.ts';

export interface LogDestinationProps {
  readonly config: Config;
  readonly names: Names;
  readonly place: Place;
  readonly alertFunction: Pick<AlertFunction, 'aliasArn' | 'dependencies'>;
  readonly dataKeyArn: string;
  readonly failureStore: Pick<FailureStore, 'bucketArn' | 'dependencies'>;
}

/**
 * Where log groups of other accounts send their records: a Logs destination before a stream of its own, which the alert
 * function reads. A subscription filter cannot reach a function in another account. The accounts of
 * `alerts.senderAccountIds` may subscribe their log groups in the stack's Region, and nobody else.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CrossAccountSubscriptions.html
 */
export class LogDestination extends Construct {
  /** What the other side names in its subscription filter. */
  readonly arn: string;

  constructor(scope: Construct, id: string, props: LogDestinationProps) {
    super(scope, id);
    const { config, names, place, dataKeyArn } = props;
    const stream = new KinesisStream(this, 'stream', {
      name: names.destination.stream,
      streamModeDetails: { streamMode: 'ON_DEMAND' },
      retentionPeriod: 24,
      encryptionType: 'KMS',
      kmsKeyId: dataKeyArn,
    });
    const role = new IamRole(this, 'role', {
      name: names.destination.role,
      description: 'Lets CloudWatch Logs put records of other accounts into the stream',
      assumeRolePolicy: trustPolicy(props),
      ...(config.permissionsBoundary !== undefined && { permissionsBoundary: config.permissionsBoundary }),
    });
    const policy = new IamRolePolicy(this, 'role-policy', {
      name: 'write-stream',
      role: role.name,
      policy: writePolicy(props),
    });
    readStream(this, { ...props, streamArn: stream.arn });
    const destination = new CloudwatchLogDestination(this, 'destination', {
      name: names.destination.name,
      roleArn: role.arn,
      targetArn: stream.arn,
      // It sends a test record when it is made.
      dependsOn: [policy],
    });
    new CloudwatchLogDestinationPolicy(this, 'destination-policy', {
      destinationName: destination.name,
      accessPolicy: JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          {
            Sid: 'SendersSubscribe',
            Effect: 'Allow',
            Principal: { AWS: config.alerts.senderAccountIds },
            Action: 'logs:PutSubscriptionFilter',
            Resource: place.arn('logs', `destination:${names.destination.name}`),
          },
        ],
      }),
    });
    this.arn = destination.arn;
  }
}

function trustPolicy({ config, place }: LogDestinationProps): string {
  const accounts = [...config.alerts.senderAccountIds, place.account];
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'LogsWriteStream',
        Effect: 'Allow',
        // AWS has documented the Regional and the global name; which one calls is not promised.
        Principal: { Service: [`logs.${place.region}.${place.dnsSuffix}`, 'logs.amazonaws.com'] },
        Action: 'sts:AssumeRole',
        // The source is the log group's account when records come, and the destination's when it is made.
        Condition: {
          StringLike: {
            'aws:SourceArn': accounts.map((account) => `arn:${place.partition}:logs:${place.region}:${account}:*`),
          },
        },
      },
    ],
  });
}

function writePolicy({ names, place, dataKeyArn }: LogDestinationProps): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'WriteStream',
        Effect: 'Allow',
        Action: 'kinesis:PutRecord',
        Resource: place.arn('kinesis', `stream/${names.destination.stream}`),
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
