import { SnsTopic } from '@cdktf/provider-aws/lib/sns-topic/index.js';
import { SnsTopicPolicy } from '@cdktf/provider-aws/lib/sns-topic-policy/index.js';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { Config } from './config.ts';
import type { Names } from './names.ts';
import { bucketOf } from './object-readers.ts';
import type { Place } from './place.ts';

export interface NoticeTopicProps {
  readonly config: Config;
  readonly names: Names;
  readonly place: Place;
  readonly keyArn: string;
}

/**
 * The topic that the stack's own bucket tells of new files. Only that bucket publishes to it; subscribers besides the
 * stack's come in by IAM.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/grant-destinations-permissions-to-s3.html
 */
export class NoticeTopic extends Construct {
  readonly arn: string;
  /** S3 checks that it may publish when a notification is made. */
  readonly dependencies: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, { config, names, place, keyArn }: NoticeTopicProps) {
    super(scope, id);
    const { arn } = new SnsTopic(this, 'topic', {
      name: names.objects.topic,
      kmsMasterKeyId: keyArn,
      signatureVersion: 2,
    });
    const policy = new SnsTopicPolicy(this, 'policy', {
      arn,
      policy: JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          {
            Sid: 'DenyWithoutTls',
            Effect: 'Deny',
            Principal: '*',
            Action: 'sns:Publish',
            Resource: arn,
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          },
          {
            Sid: 'BucketPublishes',
            Effect: 'Allow',
            Principal: { Service: 's3.amazonaws.com' },
            Action: 'sns:Publish',
            Resource: arn,
            Condition: {
              StringEquals: { 'aws:SourceAccount': place.account },
              ArnEquals: { 'aws:SourceArn': `arn:${place.partition}:s3:::${bucketOf(config, names)}` },
            },
          },
        ],
      }),
    });
    this.arn = arn;
    this.dependencies = [policy];
  }
}
