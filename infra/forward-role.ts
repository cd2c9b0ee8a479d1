import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { Config } from './config.ts';
import { executionRole, type Permission } from './execution-role.ts';
import type { Names } from './names.ts';
import { objectArns } from './object-readers.ts';
import type { Place } from './place.ts';

type Resource =
  | 'own log streams'
  | 'log files'
  | 'bucket of log files'
  | 'keys of log files'
  | 'stream'
  | 'key of the stream'
  | 'queue of failures'
  | 'key of the queue';

/** Everything the forward function may do; its policy is made of this and nothing else. */
export const forwardPermissions: readonly Permission<Resource>[] = [
  { sid: 'WriteOwnLog', actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], on: ['own log streams'] },
  { sid: 'ReadFiles', actions: ['s3:GetObject', 's3:GetObjectVersion'], on: ['log files'] },
  // Without it S3 calls a file that is gone denied.
  { sid: 'FindFiles', actions: ['s3:ListBucket'], on: ['bucket of log files'] },
  { sid: 'DecryptFiles', actions: ['kms:Decrypt'], on: ['keys of log files'], provided: 'through s3' },
  { sid: 'PutRecords', actions: ['kinesis:PutRecords'], on: ['stream'] },
  { sid: 'EncryptRecords', actions: ['kms:GenerateDataKey'], on: ['key of the stream'], provided: 'through kinesis' },
  { sid: 'KeepFailures', actions: ['sqs:SendMessage'], on: ['queue of failures'] },
  {
    sid: 'EncryptFailures',
    actions: ['kms:GenerateDataKey', 'kms:Decrypt'],
    on: ['key of the queue'],
    provided: 'through sqs',
  },
];

export interface ForwardRoleProps {
  readonly config: Config;
  readonly names: Names;
  readonly place: Place;
  readonly dataKeyArn: string;
  readonly noticeKeyArn: string;
  /** Undefined for the key AWS manages: whoever may use the stream may use that. */
  readonly streamKeyArn: string | undefined;
  readonly failuresArn: string;
}

/** The role of the forward function: it may do what `forwardPermissions` says, and only Lambda may take it on. */
export class ForwardRole extends Construct {
  readonly arn: string;
  /** Lambda checks some permissions when it is configured: wait for these. */
  readonly dependencies: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: ForwardRoleProps) {
    super(scope, id);
    const { config, names, place, dataKeyArn, noticeKeyArn, streamKeyArn, failuresArn } = props;
    const { bucket, files, keys } = objectArns(config, names, place, dataKeyArn);
    const { role, policy } = executionRole(this, {
      config,
      place,
      name: names.forwarder.role,
      policyName: 'forward',
      permissions: forwardPermissions,
      arns: {
        // Lambda names the streams.
        'own log streams': place.arn('logs', `log-group:/aws/lambda/${names.forwarder.function}:log-stream:*`),
        'log files': files,
        'bucket of log files': bucket,
        'keys of log files': keys,
        stream: place.arn('kinesis', `stream/${names.forwarder.stream}`),
        'key of the stream': streamKeyArn,
        'queue of failures': failuresArn,
        'key of the queue': noticeKeyArn,
      },
    });
    this.arn = role.arn;
    this.dependencies = [policy];
  }
}
