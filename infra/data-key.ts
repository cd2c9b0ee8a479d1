import { KmsAlias } from '@cdktf/provider-aws/lib/kms-alias/index.js';
import { KmsKey } from '@cdktf/provider-aws/lib/kms-key/index.js';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { Config } from './config.ts';
import type { Names } from './names.ts';
import type { Place } from './place.ts';
import { trailArn, trailOwner } from './trail.ts';

export interface DataKeyProps {
  readonly config: Config;
  readonly names: Names;
  readonly place: Place;
}

/**
 * The key of everything that holds records or what was in them: trail, buckets, log groups, stream, ledger and the queue
 * of undelivered findings, so that none of them falls with the key of the topics. Creates nothing when
 * `existingDataKeyArn` is set. Readers in the account are granted by IAM policies, through the account's statement.
 */
export class DataKey extends Construct {
  readonly arn: string;
  /** The JSON document the key needs, whoever owns it. */
  readonly policy: string;
  /** What must exist before CloudTrail and CloudWatch Logs check that they may use the key. */
  readonly dependencies: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: DataKeyProps) {
    super(scope, id);
    const { config, names, place } = props;
    this.policy = dataKeyPolicy(config, names, place);
    if (config.existingDataKeyArn !== undefined) {
      this.arn = config.existingDataKeyArn;
      this.dependencies = [];
      return;
    }
    const key = new KmsKey(this, 'key', {
      description: `${names.prefix}: CloudTrail records, wherever they rest`,
      enableKeyRotation: true,
      deletionWindowInDays: 30,
      policy: this.policy,
      // No bucket of the stack's own keeps this key from `destroy` here, and records in the other bucket need it.
      ...(writesToForeignBucket(config) && !config.destroyData && { lifecycle: { preventDestroy: true } }),
    });
    new KmsAlias(this, 'alias', { name: `alias/${names.prefix}-data`, targetKeyId: key.keyId });
    this.arn = key.arn;
    this.dependencies = [key];
  }
}

/**
 * The policy of the data key, the stack's own or an existing one: the account administers it, CloudWatch Logs encrypts
 * the stack's log groups alone, CloudTrail the stack's trail alone.
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
 */
function dataKeyPolicy(config: Config, names: Names, place: Place): string {
  const logGroups = [
    ...(config.trail === 'create' ? [names.logGroup] : []),
    `/aws/lambda/${names.function}`,
    ...(config.ledger ? [`/aws/lambda/${names.digestFunction}`] : []),
    ...(config.forwarder ? [`/aws/lambda/${names.forwarder.function}`] : []),
    ...(config.indexer ? [`/aws/lambda/${names.indexer.function}`] : []),
  ];
  return JSON.stringify({
    Version: '2012-10-17',
    // Resource "*" in a key policy is the key itself.
    Statement: [
      {
        Sid: 'AccountAdministersKey',
        Effect: 'Allow',
        Principal: { AWS: place.globalArn('iam', 'root') },
        Action: 'kms:*',
        Resource: '*',
      },
      {
        Sid: 'LogGroupsEncrypt',
        Effect: 'Allow',
        Principal: { Service: `logs.${place.region}.${place.dnsSuffix}` },
        Action: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'],
        Resource: '*',
        Condition: {
          ArnEquals: {
            'kms:EncryptionContext:aws:logs:arn': logGroups.map((name) => place.arn('logs', `log-group:${name}`)),
          },
        },
      },
      ...(config.trail === 'create' ? trailStatements(config, names, place) : []),
    ],
  });
}

function trailStatements(config: Config, names: Names, place: Place) {
  const owner = trailOwner(config, place);
  const cloudTrail = { Effect: 'Allow', Principal: { Service: 'cloudtrail.amazonaws.com' }, Resource: '*' };
  const forThisTrail = { 'aws:SourceArn': trailArn(config, names, place) };
  return [
    {
      Sid: 'TrailEncrypts',
      ...cloudTrail,
      Action: 'kms:GenerateDataKey*',
      Condition: {
        StringEquals: forThisTrail,
        // AWS leaves the Region open: a multi-Region trail encrypts in every one of them.
        StringLike: {
          'kms:EncryptionContext:aws:cloudtrail:arn': `arn:${place.partition}:cloudtrail:*:${owner}:trail/${names.trail}`,
        },
      },
    },
    {
      Sid: 'TrailChecksKey',
      ...cloudTrail,
      Action: 'kms:DescribeKey',
      Condition: { StringEquals: forThisTrail },
    },
    // A bucket that is not ours may use an S3 Bucket Key, and CreateTrail then asks for Decrypt.
    ...(writesToForeignBucket(config)
      ? [
          {
            Sid: 'TrailUsesBucketKey',
            ...cloudTrail,
            Action: 'kms:Decrypt',
            Condition: { StringEquals: forThisTrail },
          },
        ]
      : []),
  ];
}

function writesToForeignBucket({ trail, trailOptions }: Config): boolean {
  return trail === 'create' && trailOptions.existingBucket !== undefined;
}
