import { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue/index.js';
import { SqsQueuePolicy } from '@cdktf/provider-aws/lib/sqs-queue-policy/index.js';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { denyWithoutTls } from './deny-without-tls.ts';
import type { Names } from './names.ts';
import type { Place } from './place.ts';

export interface UndeliveredQueueProps {
  readonly names: Names;
  readonly place: Place;
  readonly dataKeyArn: string;
}

/** The longest SQS keeps a message. @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */
const FOURTEEN_DAYS = 14 * 24 * 60 * 60;

/**
 * The queue of findings that SNS refused for good. Its key is not the topics': a broken one is a reason to refuse. It has
 * no dead-letter queue, because nothing reads it but a person's `trailbell redrive`, which publishes what it finds: so
 * nobody but the alert function may write to it, whatever IAM allows them.
 */
export class UndeliveredQueue extends Construct {
  readonly url: string;
  readonly arn: string;
  /** What must be in place before the first finding. */
  readonly dependencies: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, { names, place, dataKeyArn }: UndeliveredQueueProps) {
    super(scope, id);
    const queue = new SqsQueue(this, 'queue', {
      name: names.undeliveredQueue,
      kmsMasterKeyId: dataKeyArn,
      messageRetentionSeconds: FOURTEEN_DAYS,
    });
    const policy = new SqsQueuePolicy(this, 'policy', {
      queueUrl: queue.url,
      policy: JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          denyWithoutTls('sqs', queue.arn),
          {
            Sid: 'DenyOtherWriters',
            Effect: 'Deny',
            Principal: '*',
            Action: 'sqs:SendMessage',
            Resource: queue.arn,
            // A string, not a reference: the role's policy names the queue.
            Condition: {
              ArnNotEquals: { 'aws:PrincipalArn': place.globalArn('iam', `role/${names.functionRole}`) },
            },
          },
        ],
      }),
    });
    this.url = queue.url;
    this.arn = queue.arn;
    this.dependencies = [policy];
  }
}
