import { KmsAlias } from '@cdktf/provider-aws/lib/kms-alias/index.js';
import { KmsKey } from '@cdktf/provider-aws/lib/kms-key/index.js';
import { Construct } from 'constructs';
import type { Config } from './config.ts';
import type { Names } from './names.ts';
import { bucketOf, hasOwnTopic, tellerOf } from './object-readers.ts';
import type { Place } from './place.ts';

export interface NoticeKeyProps {
  readonly config: Config;
  readonly names: Names;
  readonly place: Place;
}

/**
 * The key of everything that tells of files: the topic, the readers' queues and their dead letters. It lets in the one
 * that tells, as configured, and nobody else; the readers' roles come in through the account's statement. Records in the
 * queue of what an index refused rest under it, too.
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
 */
export class NoticeKey extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, props: NoticeKeyProps) {
    super(scope, id);
    const { names } = props;
    const key = new KmsKey(this, 'key', {
      description: `${names.prefix}: notices of CloudTrail's files, and what became of them`,
      enableKeyRotation: true,
      deletionWindowInDays: 30,
      policy: keyPolicy(props),
    });
    new KmsAlias(this, 'alias', { name: `alias/${names.prefix}-notices`, targetKeyId: key.keyId });
    this.arn = key.arn;
  }
}

function keyPolicy({ config, names, place }: NoticeKeyProps): string {
  const use = { Effect: 'Allow', Action: ['kms:GenerateDataKey*', 'kms:Decrypt'], Resource: '*' };
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
      ...(hasOwnTopic(config)
        ? [
            {
              Sid: 'BucketTellsTopic',
              ...use,
              Principal: { Service: 's3.amazonaws.com' },
              Condition: {
                // A bucket's ARN names no account.
                StringEquals: { 'aws:SourceAccount': place.account },
                ArnEquals: { 'aws:SourceArn': `arn:${place.partition}:s3:::${bucketOf(config, names)}` },
              },
            },
          ]
        : []),
      ...(hasOwnTopic(config) || config.objects.topicArn !== undefined
        ? [
            {
              Sid: 'TopicFillsQueues',
              ...use,
              Principal: { Service: 'sns.amazonaws.com' },
              Condition: {
                ArnEquals: { 'aws:SourceArn': config.objects.topicArn ?? place.arn('sns', names.objects.topic) },
              },
            },
          ]
        : []),
      ...(tellerOf(config) === 'rule'
        ? [
            {
              Sid: 'RuleFillsQueues',
              ...use,
              Principal: { Service: 'events.amazonaws.com' },
              // AWS shows this statement bare, and refuses the source of rules where topics are concerned. SQS names the
              // queue in every call.
              Condition: { ArnEquals: { 'kms:EncryptionContext:aws:sqs:arn': queueArns(names, place) } },
            },
          ]
        : []),
    ],
  });
}

function queueArns({ objects }: Names, place: Place): readonly string[] {
  return Object.values(objects.queues).map((name) => place.arn('sqs', name));
}
