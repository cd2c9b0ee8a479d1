import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { Config } from './config.ts';
import { executionRole, type Permission, TABLE_KEY_ACTIONS } from './execution-role.ts';
import type { FailureStore } from './failure-store.ts';
import type { Fates } from './fates.ts';
import type { Names } from './names.ts';
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
  | '*';

/** One statement of the alert function's policy. */
export type FunctionPermission = Permission<Resource> & {
  readonly provided?: Exclude<Permission<Resource>['provided'], 'open windows alone' | undefined>;
};

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
    actions: [
      'kinesis:DescribeStream',
      'kinesis:DescribeStreamSummary',
      'kinesis:GetRecords',
      'kinesis:GetShardIterator',
      'kinesis:ListShards',
    ],
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

function resourceArns({
  names,
  place,
  topics,
  failureStore,
  fates,
  alertKeyArn,
  operationsKeyArn,
  dataKeyArn,
}: FunctionRoleProps): Readonly<Record<Resource, string | undefined>> {
  return {
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
    '*': '*',
  };
}
