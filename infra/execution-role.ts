import { IamRole } from '@cdktf/provider-aws/lib/iam-role/index.js';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy/index.js';
import type { Construct } from 'constructs';
import { WINDOWS } from '../function/sinks/ledger/held.ts';
import type { Config } from './config.ts';
import type { Place } from './place.ts';

type Service = 'sns' | 's3' | 'kinesis' | 'dynamodb' | 'sqs' | 'secretsmanager';

/** One statement of a function's policy, in the words of the README's table. */
export interface Permission<Resource extends string> {
  readonly sid: string;
  readonly actions: readonly string[];
  /** What does not exist is left out, and the statement with it when nothing is left. */
  readonly on: readonly Resource[];
  /** `through` a service: not with the key directly. */
  readonly provided?: `through ${Service}` | 'in this account' | 'open windows alone';
  /** @default always */
  readonly only?: 'delivery kinesis' | 'function.tracing' | 'ledger' | 'alerts.from bucket' | 'alerts.from destination';
}

/**
 * What reading and writing a table takes of its key. AWS documents this set, and says of no call which part it needs.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
 */
export const TABLE_KEY_ACTIONS: readonly string[] = [
  'kms:Decrypt',
  'kms:DescribeKey',
  'kms:Encrypt',
  'kms:GenerateDataKey*',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
];

/** What Lambda does with a queue that a function reads. @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html */
export const QUEUE_ACTIONS: readonly string[] = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];

export interface ExecutionRoleProps<Resource extends string> {
  readonly config: Config;
  readonly place: Place;
  readonly name: string;
  readonly policyName: string;
  readonly permissions: readonly Permission<Resource>[];
  readonly arns: Readonly<Record<Resource, string | readonly string[] | undefined>>;
}

/** The role of one function: it may do what `permissions` say, and only Lambda may take it on. */
export function executionRole<Resource extends string>(scope: Construct, props: ExecutionRoleProps<Resource>) {
  const { config, name, policyName } = props;
  const role = new IamRole(scope, 'role', {
    name,
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
  const policy = new IamRolePolicy(scope, 'policy', {
    name: policyName,
    role: role.name,
    policy: JSON.stringify({ Version: '2012-10-17', Statement: statements(props) }),
  });
  return { role, policy };
}

function statements<Resource extends string>(props: ExecutionRoleProps<Resource>): readonly object[] {
  const { config, place, permissions, arns } = props;
  const present = {
    'delivery kinesis': config.delivery === 'kinesis',
    'function.tracing': config.function.tracing,
    ledger: config.ledger,
    'alerts.from bucket': config.alerts.from.includes('bucket'),
    'alerts.from destination': config.alerts.from.includes('destination'),
  };
  return permissions
    .filter(({ only }) => only === undefined || present[only])
    .map(({ sid, actions, on, provided }) => ({
      Sid: sid,
      Effect: 'Allow',
      Action: actions,
      Resource: on.flatMap((resource) => arns[resource] ?? []),
      ...(provided && { Condition: conditionOf(provided, place) }),
    }))
    .filter(({ Resource }) => Resource.length > 0);
}

function conditionOf(provided: NonNullable<Permission<string>['provided']>, place: Place): object {
  if (provided === 'in this account') return { StringEquals: { 's3:ResourceAccount': place.account } };
  // Every row a call writes has the partition key of open windows: none says that a finding was sent.
  if (provided === 'open windows alone') {
    return {
      'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': [WINDOWS] },
      // All of no values are equal to anything.
      Null: { 'dynamodb:LeadingKeys': 'false' },
    };
  }
  const service = provided.replace('through ', '');
  return { StringEquals: { 'kms:ViaService': `${service}.${place.region}.${place.dnsSuffix}` } };
}
