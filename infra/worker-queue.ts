import { Construct } from 'constructs';
import type { Config } from './config.ts';
import { QUEUE_ACTIONS } from './execution-role.ts';
import type { Names } from './names.ts';
import { NoticeQueue } from './notice-queue.ts';
import type { Notices } from './notices.ts';
import { objectArns } from './object-readers.ts';
import type { Place } from './place.ts';
import { WORKER_ALARMS } from './reader-alarms.ts';
import { toolAlarms } from './tool-alarms.ts';
import type { ToolOutput } from './tool-outputs.ts';

export interface WorkerQueueProps {
  readonly config: Config;
  readonly names: Names;
  readonly place: Place;
  readonly settings: NonNullable<Config['workerQueue']>;
  readonly notices: Notices;
  readonly dataKeyArn: string;
  readonly operationsTopicArn: string;
}

/**
 * Bucket -> topic (or rule) -> queue, for `trailbell run`. The stack makes no role for the worker, which may run anywhere:
 * the policy its role needs is an output.
 */
export class WorkerQueue extends Construct {
  readonly outputs: readonly ToolOutput[];

  constructor(scope: Construct, id: string, props: WorkerQueueProps) {
    super(scope, id);
    const { names, place, settings, notices, operationsTopicArn } = props;
    const { worker, workerFailed } = names.objects.queues;
    const queue = new NoticeQueue(this, 'queue', {
      place,
      name: worker,
      deadLettersName: workerFailed,
      keyArn: notices.keyArn,
      visibilitySeconds: settings.visibilitySeconds,
      retentionDays: settings.retentionDays,
      maxReceives: settings.maxReceives,
      sender: notices.sender,
    });
    notices.tellQueue('worker', queue);
    toolAlarms(this, {
      prefix: names.prefix,
      operationsTopicArn,
      alarms: WORKER_ALARMS,
      watched: { queue: queue.name, failed: queue.deadLetters.name },
    });
    this.outputs = [
      ['worker_queue_url', 'For trailbell run --queue.', queue.url],
      ['worker_dead_letter_queue_url', 'Notices of files that failed wait here.', queue.deadLetters.url],
      ['worker_policy', 'What the role of the worker must be allowed.', workerPolicy(props)],
    ];
  }
}

const OUTPUT_ACTIONS: readonly (readonly [service: string, action: string, suffix: string])[] = [
  ['es', 'es:ESHttpPost', '/_bulk'],
  ['aoss', 'aoss:APIAccessAll', ''],
  ['kinesis', 'kinesis:PutRecords', ''],
  ['sns', 'sns:Publish', ''],
];

/** The worker's whole policy: it takes messages off the queue, reads the files they name and writes to its outputs. */
function workerPolicy({ config, names, place, settings, notices, dataKeyArn }: WorkerQueueProps): string {
  const { bucket, files, keys } = objectArns(config, names, place, dataKeyArn);
  const through = (service: string) => ({
    Condition: { StringEquals: { 'kms:ViaService': `${service}.${place.region}.${place.dnsSuffix}` } },
  });
  const allow = (Sid: string, Action: string | readonly string[], Resource: string | readonly string[]) => ({
    Sid,
    Effect: 'Allow',
    Action,
    Resource,
  });
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      allow(
        'ReadNotices',
        [...QUEUE_ACTIONS, 'sqs:ChangeMessageVisibility'],
        place.arn('sqs', names.objects.queues.worker),
      ),
      { ...allow('DecryptNotices', 'kms:Decrypt', notices.keyArn), ...through('sqs') },
      allow('ReadFiles', ['s3:GetObject', 's3:GetObjectVersion'], files),
      allow('FindFiles', 's3:ListBucket', bucket),
      ...(keys.length > 0 ? [{ ...allow('DecryptFiles', 'kms:Decrypt', keys), ...through('s3') }] : []),
      ...OUTPUT_ACTIONS.flatMap(([service, action, suffix]) => {
        const targets = settings.targetArns.filter((arn) => arn.split(':')[2] === service);
        if (targets.length === 0) return [];
        return [
          allow(
            `WriteTo${service}`,
            action,
            targets.map((arn) => `${arn}${suffix}`),
          ),
        ];
      }),
    ],
  });
}
