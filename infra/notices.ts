import { CloudwatchEventRule } from '@cdktf/provider-aws/lib/cloudwatch-event-rule/index.js';
import { CloudwatchEventTarget } from '@cdktf/provider-aws/lib/cloudwatch-event-target/index.js';
import { LambdaPermission } from '@cdktf/provider-aws/lib/lambda-permission/index.js';
import { S3BucketNotification } from '@cdktf/provider-aws/lib/s3-bucket-notification/index.js';
import { SnsTopicSubscription } from '@cdktf/provider-aws/lib/sns-topic-subscription/index.js';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { Config } from './config.ts';
import type { Names } from './names.ts';
import { NoticeKey } from './notice-key.ts';
import type { OpenQueue, Sender } from './notice-queue.ts';
import { NoticeTopic } from './notice-topic.ts';
import { bucketOf, hasOwnTopic, keysOf, ownsBucket, readersToTell, tellerOf } from './object-readers.ts';
import type { Place } from './place.ts';

export interface NoticesProps {
  readonly config: Config;
  readonly names: Names;
  readonly place: Place;
  /** The trail's bucket, where the stack makes it; its name as Terraform knows it once it is there. */
  readonly bucketName: string | undefined;
}

/** A function that is told itself, asynchronously. */
export interface ToldFunction {
  readonly functionName: string;
  /** The alias, where there is one. */
  readonly qualifier?: string;
  /** Of the function, or of the alias. */
  readonly arn: string;
  /** Keeps what the one who tells cannot hand over. */
  readonly deadLetters: OpenQueue;
  readonly dependencies: readonly ITerraformDependable[];
}

/** What S3 tells of. @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-event-types-and-destinations.html */
const EVENTS = ['s3:ObjectCreated:*'];
const SUFFIX = '.json.gz';

/**
 * Tells readers of new files. S3 keeps one notification configuration a bucket, and writing it erases what it held: so
 * one is made only for the bucket the stack itself makes, and once. For any other bucket there is an existing topic, or a
 * rule on the bucket's events, which leave its configuration alone.
 * @throws {Error} where it would have to write the configuration of a bucket that is not the stack's
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketNotificationConfiguration.html
 */
export class Notices extends Construct {
  readonly keyArn: string;
  /** The topic that tells; undefined where none does. */
  readonly topicArn: string | undefined;
  readonly #props: NoticesProps;
  readonly #rule: CloudwatchEventRule | undefined;

  constructor(scope: Construct, id: string, props: NoticesProps) {
    super(scope, id);
    this.#props = props;
    const { config, names, place } = props;
    this.keyArn = new NoticeKey(this, 'key', { config, names, place }).arn;
    if (readersToTell(config).length === 0) return;
    const teller = tellerOf(config);
    if (teller === 'topic') this.topicArn = config.objects.topicArn;
    if (teller === 'rule') {
      this.#rule = new CloudwatchEventRule(this, 'rule', {
        name: names.objects.rule,
        description: `New files of CloudTrail in ${bucketOf(config, names)}`,
        eventPattern: rulePattern(config, names),
      });
    }
    if (hasOwnTopic(config)) {
      const topic = new NoticeTopic(this, 'topic', { config, names, place, keyArn: this.keyArn });
      this.topicArn = topic.arn;
      this.#notify({ topic: [{ ...this.#filter(), topicArn: topic.arn }] }, topic.dependencies);
    }
  }

  /** Who sends to the readers' queues; undefined where the bucket tells a function itself. */
  get sender(): Sender | undefined {
    if (this.#rule) return { service: 'events.amazonaws.com', arn: this.#rule.arn };
    return this.topicArn === undefined ? undefined : { service: 'sns.amazonaws.com', arn: this.topicArn };
  }

  /** The name of that topic. */
  get topicName(): string | undefined {
    const { config, names } = this.#props;
    if (this.topicArn === undefined) return undefined;
    return config.objects.topicArn?.split(':').at(-1) ?? names.objects.topic;
  }

  /** Tells a queue: messages as S3 writes them, without an envelope of SNS. */
  tellQueue(id: string, queue: OpenQueue & { readonly deadLetters: OpenQueue }): void {
    const { arn, deadLetters, dependencies } = queue;
    if (this.#rule) this.#target(id, arn, deadLetters, dependencies);
    else this.#subscribe(id, 'sqs', arn, deadLetters, dependencies);
  }

  /** Tells a function: through the topic or the rule, else from the bucket straight away. */
  tellFunction(id: string, { functionName, qualifier, arn, deadLetters, dependencies }: ToldFunction): void {
    const { names, place, config } = this.#props;
    const bucketArn = `arn:${place.partition}:s3:::${bucketOf(config, names)}`;
    const [principal, sourceArn] = this.#rule
      ? ['events.amazonaws.com', this.#rule.arn]
      : this.topicArn !== undefined
        ? ['sns.amazonaws.com', this.topicArn]
        : ['s3.amazonaws.com', bucketArn];
    const permission = new LambdaPermission(this, `${id}-permission`, {
      statementIdPrefix: `${names.prefix}-objects-`,
      action: 'lambda:InvokeFunction',
      functionName,
      ...(qualifier && { qualifier }),
      principal,
      sourceArn,
      // A bucket's ARN names no account, and another could make a bucket of a name that is free again.
      ...(sourceArn === bucketArn && { sourceAccount: place.account }),
      lifecycle: { createBeforeDestroy: true },
    });
    const after = [permission, ...deadLetters.dependencies, ...dependencies];
    if (this.#rule) this.#target(id, arn, deadLetters, after);
    else if (this.topicArn !== undefined) this.#subscribe(id, 'lambda', arn, deadLetters, after);
    else this.#notify({ lambdaFunction: [{ ...this.#filter(), lambdaFunctionArn: arn }] }, after);
  }

  #subscribe(
    id: string,
    protocol: 'sqs' | 'lambda',
    endpoint: string,
    deadLetters: OpenQueue,
    dependsOn: readonly ITerraformDependable[],
  ) {
    if (this.topicArn === undefined) throw new Error(`no topic tells ${id}, expected one`);
    new SnsTopicSubscription(this, id, {
      topicArn: this.topicArn,
      protocol,
      endpoint,
      ...(protocol === 'sqs' && { rawMessageDelivery: true }),
      redrivePolicy: JSON.stringify({ deadLetterTargetArn: deadLetters.arn }),
      dependsOn: [...dependsOn],
    });
  }

  #target(id: string, arn: string, deadLetters: OpenQueue, dependsOn: readonly ITerraformDependable[]) {
    if (!this.#rule) throw new Error(`no rule tells ${id}, expected one`);
    new CloudwatchEventTarget(this, id, {
      rule: this.#rule.name,
      arn,
      deadLetterConfig: { arn: deadLetters.arn },
      dependsOn: [...dependsOn],
    });
  }

  #filter() {
    return { events: EVENTS, filterPrefix: keysOf(this.#props.config), filterSuffix: SUFFIX };
  }

  #notify(
    to: Pick<ConstructorParameters<typeof S3BucketNotification>[2], 'topic' | 'lambdaFunction'>,
    dependsOn: readonly ITerraformDependable[],
  ) {
    const { config, names, bucketName } = this.#props;
    if (!ownsBucket(config) || bucketName === undefined) {
      const bucket = bucketOf(config, names) ?? 'a bucket';
      throw new Error(
        `a notification would erase those of ${bucket}, expected objects.topicArn or objects.eventBridge`,
      );
    }
    new S3BucketNotification(this, 'notification', { bucket: bucketName, ...to, dependsOn: [...dependsOn] });
  }
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html */
function rulePattern(config: Config, names: Names): string {
  return JSON.stringify({
    source: ['aws.s3'],
    'detail-type': ['Object Created'],
    detail: { bucket: { name: [bucketOf(config, names)] }, object: { key: [{ prefix: keysOf(config) }] } },
  });
}
