import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { Config } from './config.ts';
import { executionRole, type Permission, QUEUE_ACTIONS, TABLE_KEY_ACTIONS } from './execution-role.ts';
import type { FailureStore } from './failure-store.ts';
import type { Fates } from './fates.ts';
import type { Names } from './names.ts';
import { objectArns } from './object-readers.ts';
import type { Place } from './place.ts';
import type { Topics } from './topics.ts';

export interface FunctionRoleProps {
  readonly config: Config;
  readonly names: Names;
  readonly place: Place;
  readonly topics: Pick<Topics, 'alerts' | 'findings' | 'chat' | 'operations'>;
  readonly failureStore: Pick<FailureStore, 'bucketArn'>;
  readonly fates: Pick<Fates, 'ledger' | 'undelivered'>;
  readonly alertKeyArn: string;
  readonly operationsKeyArn: string;
  readonly dataKeyArn: string;
  /** The key of the stack's own queues of notices; undefined where nothing reads files. */
  readonly noticeKeyArn?: string | undefined;
}

type Resource =
  | 'own log streams'
  | 'topic alerts'
  | 'topic findings'
  | 'topic chat'
  | 'topic operations'
  | 'alert key'
  | 'operations key'
  | 'data key'
  | 'failure bucket'
  | 'objects in the failure bucket'
  | 'record stream'
  | 'ledger'
  | 'undelivered queue'
  | 'log files'
  | 'bucket of log files'
  | 'keys of log files'
  | 'queue of notices'
  | 'key of the queue of notices'
  | 'stream of other accounts'
  | '*';

/** One statement of the alert function's policy. */
export type FunctionPermission = Permission<Resource> & {
  readonly provided?: Exclude<Permission<Resource>['provided'], 'open windows alone' | undefined>;
};

/** What Lambda does with a stream that a function reads. @see https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html */
const STREAM_ACTIONS: readonly string[] = [
  'kinesis:DescribeStream',
  'kinesis:DescribeStreamSummary',
  'kinesis:GetRecords',
  'kinesis:GetShardIterator',
  'kinesis:ListShards',
];

/**
 * Everything the alert function may do; its policy is made of this and nothing else.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
 */
export const functionPermissions: readonly FunctionPermission[] = [
  { sid: 'WriteOwnLog', actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], on: ['own log streams'] },
  {
    sid: 'Publish',
    actions: ['sns:Publish'],
    on: ['topic alerts', 'topic findings', 'topic chat', 'topic operations'],
  },
  {
    sid: 'EncryptForTopics',
    actions: ['kms:GenerateDataKey*', 'kms:Decrypt'],
    on: ['alert key', 'operations key'],
    provided: 'through sns',
  },
  {
    sid: 'KeepFailures',
    actions: ['s3:PutObject'],
    on: ['objects in the failure bucket'],
    provided: 'in this account',
  },
  { sid: 'FindFailureBucket', actions: ['s3:ListBucket'], on: ['failure bucket'], provided: 'in this account' },
  { sid: 'EncryptFailures', actions: ['kms:GenerateDataKey'], on: ['data key'], provided: 'through s3' },
  {
    sid: 'ReadStream',
    actions: STREAM_ACTIONS,
    on: ['record stream'],
    only: 'delivery kinesis',
  },
  {
    sid: 'DecryptStream',
    actions: ['kms:Decrypt'],
    on: ['data key'],
    provided: 'through kinesis',
    only: 'delivery kinesis',
  },
  { sid: 'KeepUndelivered', actions: ['sqs:SendMessage'], on: ['undelivered queue'] },
  {
    sid: 'EncryptUndelivered',
    actions: ['kms:GenerateDataKey', 'kms:Decrypt'],
    on: ['data key'],
    provided: 'through sqs',
  },
  {
    sid: 'KeepLedger',
    actions: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:BatchWriteItem'],
    on: ['ledger'],
    only: 'ledger',
  },
  {
    sid: 'UseLedgerKey',
    actions: TABLE_KEY_ACTIONS,
    on: ['data key'],
    provided: 'through dynamodb',
    only: 'ledger',
  },
  { sid: 'ReadFiles', actions: ['s3:GetObject', 's3:GetObjectVersion'], on: ['log files'], only: 'alerts.from bucket' },
  // Without it S3 calls a file that is gone denied.
  { sid: 'FindFiles', actions: ['s3:ListBucket'], on: ['bucket of log files'], only: 'alerts.from bucket' },
  {
    sid: 'DecryptFiles',
    actions: ['kms:Decrypt'],
    on: ['keys of log files'],
    provided: 'through s3',
    only: 'alerts.from bucket',
  },
  { sid: 'ReadNotices', actions: QUEUE_ACTIONS, on: ['queue of notices'], only: 'alerts.from bucket' },
  {
    sid: 'DecryptNotices',
    actions: ['kms:Decrypt'],
    on: ['key of the queue of notices'],
    provided: 'through sqs',
    only: 'alerts.from bucket',
  },
  {
    sid: 'ReadSenders',
    actions: STREAM_ACTIONS,
    on: ['stream of other accounts'],
    only: 'alerts.from destination',
  },
  {
    sid: 'DecryptSenders',
    actions: ['kms:Decrypt'],
    on: ['data key'],
    provided: 'through kinesis',
    only: 'alerts.from destination',
  },
  {
    sid: 'Trace',
    actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
    // X-Ray has no resources to name.
    on: ['*'],
    only: 'function.tracing',
  },
];

/** The role of the alert function: it may do what `functionPermissions` says, and only Lambda may take it on. */
export class FunctionRole extends Construct {
  readonly arn: string;
  /** Lambda checks some permissions when it is configured: wait for these. */
  readonly dependencies: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: FunctionRoleProps) {
    super(scope, id);
    const { role, policy } = executionRole(this, {
      ...props,
      name: props.names.functionRole,
      policyName: 'alert',
      permissions: functionPermissions,
      arns: resourceArns(props),
    });
    this.arn = role.arn;
    this.dependencies = [policy];
  }
}

type Arns = Readonly<Record<Resource, string | readonly string[] | undefined>>;

function resourceArns(props: FunctionRoleProps): Arns {
  const { names, place, topics, failureStore, fates, alertKeyArn, operationsKeyArn, dataKeyArn } = props;
  return {
    ...fileArns(props),
    // Lambda names the streams.
    'own log streams': place.arn('logs', `log-group:/aws/lambda/${names.function}:log-stream:*`),
    'topic alerts': topics.alerts,
    'topic findings': topics.findings,
    'topic chat': topics.chat,
    'topic operations': topics.operations,
    'alert key': alertKeyArn,
    'operations key': operationsKeyArn,
    'data key': dataKeyArn,
    'failure bucket': failureStore.bucketArn,
    // Lambda names the objects, and takes a destination only when all of the bucket may be written.
    'objects in the failure bucket': `${failureStore.bucketArn}/*`,
    'record stream': place.arn('kinesis', `stream/${names.stream}`),
    ledger: fates.ledger.arn,
    'undelivered queue': fates.undelivered.arn,
    'stream of other accounts': place.arn('kinesis', `stream/${names.destination.stream}`),
    '*': '*',
  };
}

function fileArns({ config, names, place, dataKeyArn, noticeKeyArn }: FunctionRoleProps) {
  const { from, via, queueArn } = config.alerts;
  const files = from.includes('bucket') ? objectArns(config, names, place, dataKeyArn) : undefined;
  const hasQueue = files !== undefined && via === 'queue';
  return {
    'log files': files?.files,
    'bucket of log files': files?.bucket,
    'keys of log files': files?.keys,
    'queue of notices': hasQueue ? (queueArn ?? place.arn('sqs', names.objects.queues.alerts)) : undefined,
    'key of the queue of notices': hasQueue ? (queueArn === undefined ? noticeKeyArn : files.keys) : undefined,
  };
}
