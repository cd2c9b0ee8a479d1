import { IamRole } from '@cdktf/provider-aws/lib/iam-role/index.js';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy/index.js';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { Config } from './config.ts';
import type { FailureStore } from './failure-store.ts';
import type { Names } from './names.ts';
import type { Place } from './place.ts';
import type { Topics } from './topics.ts';

export interface FunctionRoleProps {
  readonly config: Config;
  readonly names: Names;
  readonly place: Place;
  readonly topics: Pick<Topics, 'alerts' | 'findings' | 'chat' | 'operations'>;
  readonly failureStore: Pick<FailureStore, 'bucketArn'>;
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
  | '*';

/** One statement of the function's policy, in the words of the README's table. */
export interface FunctionPermission {
  readonly sid: string;
  readonly actions: readonly string[];
  /** A topic that does not exist is left out. */
  readonly on: readonly Resource[];
  /** `through` a service: not with the key directly. */
  readonly provided?: 'through sns' | 'through s3' | 'through kinesis' | 'in this account';
  /** @default always */
  readonly only?: 'delivery kinesis' | 'function.tracing';
}

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
    const { config, names } = props;
    const role = new IamRole(this, 'role', {
      name: names.functionRole,
      assumeRolePolicy: JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          {
            Sid: 'LambdaRuns',
            Effect: 'Allow',
            Principal: { Service: 'lambda.amazonaws.com' },
            Action: 'sts:AssumeRole',
          },
        ],
      }),
      ...(config.permissionsBoundary !== undefined && { permissionsBoundary: config.permissionsBoundary }),
    });
    const policy = new IamRolePolicy(this, 'policy', {
      name: 'alert',
      role: role.name,
      policy: JSON.stringify({ Version: '2012-10-17', Statement: statements(props) }),
    });
    this.arn = role.arn;
    this.dependencies = [policy];
  }
}

function statements(props: FunctionRoleProps): readonly object[] {
  const { config, place } = props;
  const arns = resourceArns(props);
  const conditions: Readonly<Record<NonNullable<FunctionPermission['provided']>, object>> = {
    'through sns': { StringEquals: { 'kms:ViaService': `sns.${place.region}.${place.dnsSuffix}` } },
    'through s3': { StringEquals: { 'kms:ViaService': `s3.${place.region}.${place.dnsSuffix}` } },
    'through kinesis': { StringEquals: { 'kms:ViaService': `kinesis.${place.region}.${place.dnsSuffix}` } },
    'in this account': { StringEquals: { 's3:ResourceAccount': place.account } },
  };
  const applies = ({ only }: FunctionPermission) =>
    only === undefined || (only === 'delivery kinesis' ? config.delivery === 'kinesis' : config.function.tracing);
  return functionPermissions.filter(applies).map(({ sid, actions, on, provided }) => ({
    Sid: sid,
    Effect: 'Allow',
    Action: actions,
    Resource: on.flatMap((resource) => arns[resource] ?? []),
    ...(provided && { Condition: conditions[provided] }),
  }));
}

function resourceArns({
  names,
  place,
  topics,
  failureStore,
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
    '*': '*',
  };
}
