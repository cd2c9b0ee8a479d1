import { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue/index.js';
import { SqsQueuePolicy } from '@cdktf/provider-aws/lib/sqs-queue-policy/index.js';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { Place } from './place.ts';

/** Who may send to a queue of notices: one topic, or one rule. */
export interface Sender {
  readonly service: 'sns.amazonaws.com' | 'events.amazonaws.com';
  readonly arn: string;
}

/** A queue, and what must be in place before anything is sent to it. */
export interface OpenQueue {
  readonly name: string;
  readonly url: string;
  readonly arn: string;
  readonly dependencies: readonly ITerraformDependable[];
}

export interface NoticeQueueProps {
  readonly place: Place;
  readonly name: string;
  readonly deadLettersName: string;
  readonly keyArn: string;
  readonly visibilitySeconds: number;
  readonly retentionDays: number;
  /** Times a message is given out before it is a dead letter. */
  readonly maxReceives: number;
  readonly sender: Sender | undefined;
}

const DAY = 24 * 60 * 60;
/** The longest SQS keeps a message. @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */
const FOURTEEN_DAYS = 14 * DAY;

/**
 * A queue of notices of files with dead letters of its own, which keep what failed `maxReceives` times. A message's age
 * counts from when it was first sent, in both queues.
 */
export class NoticeQueue extends Construct implements OpenQueue {
  readonly name: string;
  readonly url: string;
  readonly arn: string;
  readonly dependencies: readonly ITerraformDependable[];
  readonly deadLetters: OpenQueue;

  constructor(scope: Construct, id: string, props: NoticeQueueProps) {
    super(scope, id);
    const { place, name, deadLettersName, keyArn, sender, visibilitySeconds, retentionDays, maxReceives } = props;
    this.deadLetters = deadLetterQueue(this, 'failed', {
      name: deadLettersName,
      keyArn,
      sender,
      // A string: the queue names its dead letters.
      from: place.arn('sqs', name),
    });
    const queue = new SqsQueue(this, 'queue', {
      name,
      kmsMasterKeyId: keyArn,
      visibilityTimeoutSeconds: visibilitySeconds,
      messageRetentionSeconds: retentionDays * DAY,
      receiveWaitTimeSeconds: 20,
      redrivePolicy: JSON.stringify({ deadLetterTargetArn: this.deadLetters.arn, maxReceiveCount: maxReceives }),
    });
    const policy = new SqsQueuePolicy(this, 'policy', { queueUrl: queue.url, policy: queuePolicy(queue.arn, sender) });
    this.name = name;
    this.url = queue.url;
    this.arn = queue.arn;
    this.dependencies = [policy, ...this.deadLetters.dependencies];
  }
}

export interface DeadLetterQueueProps {
  readonly name: string;
  readonly keyArn: string;
  /** May leave here what it cannot deliver. @default nobody but roles of the account */
  readonly sender?: Sender | undefined;
  /** The ARN of the one queue whose dead letters these are. @default none */
  readonly from?: string;
}

/** A queue that keeps what failed for 14 days; nothing reads it but people. */
export function deadLetterQueue(scope: Construct, id: string, props: DeadLetterQueueProps): OpenQueue {
  const { name, keyArn, sender, from } = props;
  const queue = new SqsQueue(scope, `${id}-queue`, {
    name,
    kmsMasterKeyId: keyArn,
    messageRetentionSeconds: FOURTEEN_DAYS,
    ...(from && { redriveAllowPolicy: JSON.stringify({ redrivePermission: 'byQueue', sourceQueueArns: [from] }) }),
  });
  const policy = new SqsQueuePolicy(scope, `${id}-policy`, {
    queueUrl: queue.url,
    policy: queuePolicy(queue.arn, sender),
  });
  return { name, url: queue.url, arn: queue.arn, dependencies: [policy] };
}

function queuePolicy(queueArn: string, sender: Sender | undefined): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'DenyWithoutTls',
        Effect: 'Deny',
        Principal: '*',
        Action: 'sqs:*',
        Resource: queueArn,
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      },
      ...(sender
        ? [
            {
              Sid: 'TellerSends',
              Effect: 'Allow',
              Principal: { Service: sender.service },
              Action: 'sqs:SendMessage',
              Resource: queueArn,
              Condition: { ArnEquals: { 'aws:SourceArn': sender.arn } },
            },
          ]
        : []),
    ],
  });
}
