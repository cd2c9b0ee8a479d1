import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { executionRole, type Permission, TABLE_KEY_ACTIONS } from './execution-role.ts';
import type { FunctionRoleProps } from './function-role.ts';

export type DigestRoleProps = Omit<FunctionRoleProps, 'failureStore'>;

type Resource =
  | 'own log streams'
  | 'topic alerts'
  | 'topic findings'
  | 'topic chat'
  | 'alert key'
  | 'ledger'
  | 'data key';

/** Everything the digest function may do; its policy is made of this and nothing else. */
export const digestPermissions: readonly Permission<Resource>[] = [
  { sid: 'WriteOwnLog', actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], on: ['own log streams'] },
  { sid: 'Publish', actions: ['sns:Publish'], on: ['topic alerts', 'topic findings', 'topic chat'] },
  {
    sid: 'EncryptForTopics',
    actions: ['kms:GenerateDataKey*', 'kms:Decrypt'],
    on: ['alert key'],
    provided: 'through sns',
  },
  { sid: 'ReadLedger', actions: ['dynamodb:Query', 'dynamodb:GetItem'], on: ['ledger'] },
  {
    sid: 'CloseWindows',
    actions: ['dynamodb:PutItem', 'dynamodb:DeleteItem'],
    on: ['ledger'],
    provided: 'open windows alone',
  },
  { sid: 'UseLedgerKey', actions: TABLE_KEY_ACTIONS, on: ['data key'], provided: 'through dynamodb' },
];

/** The role of the digest function: it may do what `digestPermissions` says, and only Lambda may take it on. */
export class DigestRole extends Construct {
  readonly arn: string;
  /** What must be in place before the function runs. */
  readonly dependencies: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: DigestRoleProps) {
    super(scope, id);
    const { names, place, topics, fates, alertKeyArn, dataKeyArn } = props;
    const { role, policy } = executionRole(this, {
      ...props,
      name: names.digestRole,
      policyName: 'digest',
      permissions: digestPermissions,
      arns: {
        // Lambda names the streams.
        'own log streams': place.arn('logs', `log-group:/aws/lambda/${names.digestFunction}:log-stream:*`),
        'topic alerts': topics.alerts,
        'topic findings': topics.findings,
        'topic chat': topics.chat,
        'alert key': alertKeyArn,
        ledger: fates.ledger.arn,
        'data key': dataKeyArn,
      },
    });
    this.arn = role.arn;
    this.dependencies = [policy];
  }
}
