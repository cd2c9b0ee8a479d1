import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { Config } from './config.ts';
import { executionRole, type Permission, QUEUE_ACTIONS } from './execution-role.ts';
import type { Names } from './names.ts';
import { objectArns } from './object-readers.ts';
import type { Place } from './place.ts';

type Resource =
  | 'own log streams'
  | 'log files'
  | 'bucket of log files'
  | 'keys of log files'
  | 'queue of notices'
  | 'key of the queue of notices'
  | '_bulk of the domain'
  | 'serverless collection'
  | 'secret'
  | 'key of the secret'
  | 'queue of refused records'
  | 'key of the queue of refused records';

/** Everything the index function may do; its policy is made of this and nothing else. */
export const indexPermissions: readonly Permission<Resource>[] = [
  { sid: 'WriteOwnLog', actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], on: ['own log streams'] },
  { sid: 'ReadFiles', actions: ['s3:GetObject', 's3:GetObjectVersion'], on: ['log files'] },
  // Without it S3 calls a file that is gone denied.
  { sid: 'FindFiles', actions: ['s3:ListBucket'], on: ['bucket of log files'] },
  { sid: 'DecryptFiles', actions: ['kms:Decrypt'], on: ['keys of log files'], provided: 'through s3' },
  { sid: 'ReadNotices', actions: QUEUE_ACTIONS, on: ['queue of notices'] },
  { sid: 'DecryptNotices', actions: ['kms:Decrypt'], on: ['key of the queue of notices'], provided: 'through sqs' },
  { sid: 'IndexIntoDomain', actions: ['es:ESHttpPost'], on: ['_bulk of the domain'] },
  { sid: 'IndexIntoCollection', actions: ['aoss:APIAccessAll'], on: ['serverless collection'] },
  { sid: 'ReadSecret', actions: ['secretsmanager:GetSecretValue'], on: ['secret'] },
  { sid: 'DecryptSecret', actions: ['kms:Decrypt'], on: ['key of the secret'], provided: 'through secretsmanager' },
  { sid: 'KeepRefused', actions: ['sqs:SendMessage'], on: ['queue of refused records'] },
  {
    sid: 'EncryptRefused',
    actions: ['kms:GenerateDataKey', 'kms:Decrypt'],
    on: ['key of the queue of refused records'],
    provided: 'through sqs',
  },
];

export interface IndexRoleProps {
  readonly config: Config;
  readonly settings: NonNullable<Config['indexer']>;
  readonly names: Names;
  readonly place: Place;
  readonly dataKeyArn: string;
  readonly noticeKeyArn: string;
}

/** The role of the index function: it may do what `indexPermissions` says, and only Lambda may take it on. */
export class IndexRole extends Construct {
  readonly arn: string;
  /** Lambda checks some permissions when it is configured: wait for these. */
  readonly dependencies: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: IndexRoleProps) {
    super(scope, id);
    const { config, settings, names, place, dataKeyArn, noticeKeyArn } = props;
    const { authorization, targetArn, secretArn, secretKeyArn, queueArn } = settings;
    const { bucket, files, keys } = objectArns(config, names, place, dataKeyArn);
    const { role, policy } = executionRole(this, {
      config,
      place,
      name: names.indexer.role,
      policyName: 'index',
      permissions: indexPermissions,
      arns: {
        // Lambda names the streams.
        'own log streams': place.arn('logs', `log-group:/aws/lambda/${names.indexer.function}:log-stream:*`),
        'log files': files,
        'bucket of log files': bucket,
        'keys of log files': keys,
        'queue of notices': queueArn ?? place.arn('sqs', names.objects.queues.index),
        'key of the queue of notices': queueArn === undefined ? noticeKeyArn : keys,
        '_bulk of the domain': authorization === 'es' ? `${targetArn}/_bulk` : undefined,
        'serverless collection': authorization === 'aoss' ? targetArn : undefined,
        secret: secretArn,
        'key of the secret': secretKeyArn,
        'queue of refused records': place.arn('sqs', names.indexer.refusedQueue),
        'key of the queue of refused records': noticeKeyArn,
      },
    });
    this.arn = role.arn;
    this.dependencies = [policy];
  }
}
