import { LambdaEventSourceMapping } from '@cdktf/provider-aws/lib/lambda-event-source-mapping/index.js';
import { Construct } from 'constructs';
import type { AlertFunction } from './alert-function.ts';
import type { Config } from './config.ts';
import type { Names } from './names.ts';
import { deadLetterQueue, NoticeQueue, type OpenQueue } from './notice-queue.ts';
import type { Notices } from './notices.ts';
import type { Place } from './place.ts';

export interface ObjectSourceProps {
  readonly config: Config;
  readonly names: Names;
  readonly place: Place;
  readonly notices: Notices;
  readonly alertFunction: Pick<AlertFunction, 'functionName' | 'aliasName' | 'aliasArn' | 'dependencies'>;
}

/** Times AWS advises to give a message out, at least, before it is a dead letter. @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html */
export const MAX_RECEIVES = 5;

/**
 * The alert function reads CloudTrail's files, too, or instead of a log group: by a queue, whose messages fail one by one;
 * by the topic; or told by the bucket or rule itself. A record that comes by two ways alerts once, where there is a ledger.
 */
export class ObjectSource extends Construct {
  /** The stack's own queue; undefined where the function is told itself, or reads a queue of somebody else's. */
  readonly queue: OpenQueue | undefined;
  /** Undefined with a queue of somebody else's, whose redrive is theirs. */
  readonly deadLetters: OpenQueue | undefined;

  constructor(scope: Construct, id: string, props: ObjectSourceProps) {
    super(scope, id);
    const { config, names, place, notices, alertFunction } = props;
    const { alertsFailed, alerts } = names.objects.queues;
    const { via, queueArn } = config.alerts;
    if (via === 'queue' && queueArn !== undefined) {
      this.#read(queueArn, props, []);
      return;
    }
    if (via === 'queue') {
      const queue = new NoticeQueue(this, 'queue', {
        place,
        name: alerts,
        deadLettersName: alertsFailed,
        keyArn: notices.keyArn,
        // AWS advises six times the function's timeout.
        visibilitySeconds: 6 * config.function.timeoutSeconds,
        retentionDays: 7,
        maxReceives: MAX_RECEIVES,
        sender: notices.sender,
      });
      this.#read(queue.arn, props, queue.dependencies);
      notices.tellQueue('alerts', queue);
      this.queue = queue;
      this.deadLetters = queue.deadLetters;
      return;
    }
    const { functionName, aliasName: qualifier, aliasArn: arn, dependencies } = alertFunction;
    this.deadLetters = deadLetterQueue(this, 'failed', {
      name: alertsFailed,
      keyArn: notices.keyArn,
      sender: notices.sender,
    });
    notices.tellFunction('alerts', { functionName, qualifier, arn, deadLetters: this.deadLetters, dependencies });
  }

  #read(eventSourceArn: string, { alertFunction }: ObjectSourceProps, ready: OpenQueue['dependencies']) {
    new LambdaEventSourceMapping(this, 'mapping', {
      eventSourceArn,
      functionName: alertFunction.aliasArn,
      batchSize: 10,
      functionResponseTypes: ['ReportBatchItemFailures'],
      dependsOn: [...alertFunction.dependencies, ...ready],
    });
  }
}
