import type { Construct } from 'constructs';
import type { AlertFunction } from './alert-function.ts';
import type { FunctionZips } from './bundle.ts';
import type { Config } from './config.ts';
import type { FailureStore } from './failure-store.ts';
import { Forwarder } from './forwarder.ts';
import { Indexer } from './indexer.ts';
import { LogDestination } from './log-destination.ts';
import type { Names } from './names.ts';
import { Notices } from './notices.ts';
import { objectReaders } from './object-readers.ts';
import { ObjectSource } from './object-source.ts';
import type { Place } from './place.ts';
import { objectPolicies } from './policies-to-attach.ts';
import { OBJECT_ALARMS, SENDER_ALARMS } from './reader-alarms.ts';
import type { Records } from './records.ts';
import { senderPolicies, targetPolicies } from './target-policies.ts';
import { toolAlarms } from './tool-alarms.ts';
import type { ToolOutput } from './tool-outputs.ts';
import { WorkerQueue } from './worker-queue.ts';

interface Base {
  readonly config: Config;
  readonly names: Names;
  readonly place: Place;
}

/** Tells of new files where anything reads them; else nothing is made. */
export function noticesFor(
  scope: Construct,
  { records, ...base }: Base & { readonly records: Pick<Records, 'ownBucketName'> },
): Notices | undefined {
  if (objectReaders(base.config).length === 0) return undefined;
  return new Notices(scope, 'notices', { ...base, bucketName: records.ownBucketName });
}

export interface ToolsProps extends Base {
  readonly notices: Notices | undefined;
  readonly alertFunction: AlertFunction;
  readonly failureStore: FailureStore;
  readonly dataKeyArn: string;
  readonly operationsTopicArn: string;
  readonly zips: Pick<FunctionZips, 'forward' | 'indexRecords'>;
}

/** What is switched on beside alerts from the log group. Each is a construct of its own, and none needs another. */
export function tools(
  scope: Construct,
  props: ToolsProps,
): { readonly outputs: readonly ToolOutput[]; readonly policies: Readonly<Record<string, string>> } {
  const { config, zips, notices, ...rest } = props;
  const { forwarder, indexer, workerQueue } = config;
  const outputs: ToolOutput[] = [];
  if (notices) {
    const base = { ...rest, config, notices };
    outputs.push(...noticeOutputs(notices));
    if (config.alerts.from.includes('bucket')) outputs.push(...alertsFromBucket(scope, { ...props, notices }));
    if (forwarder) {
      const made = new Forwarder(scope, 'forwarder', { ...base, settings: forwarder, zip: zips.forward() });
      outputs.push(...made.outputs);
    }
    if (indexer) {
      const made = new Indexer(scope, 'indexer', { ...base, settings: indexer, zip: zips.indexRecords() });
      outputs.push(...made.outputs);
    }
    if (workerQueue) outputs.push(...new WorkerQueue(scope, 'worker', { ...base, settings: workerQueue }).outputs);
  }
  if (config.alerts.from.includes('destination')) outputs.push(...alertsFromSenders(scope, props));
  return { outputs, policies: { ...objectPolicies(props), ...targetPolicies(props), ...senderPolicies(props) } };
}

function noticeOutputs({ topicArn, topicName }: Notices): readonly ToolOutput[] {
  if (topicArn === undefined || topicName === undefined) return [];
  return [
    ['objects_topic_arn', 'Tells of new files; more may subscribe.', topicArn],
    ['objects_topic_name', 'Its name.', topicName],
  ];
}

function alertsFromBucket(scope: Construct, props: ToolsProps & { readonly notices: Notices }): readonly ToolOutput[] {
  const { names, alertFunction, operationsTopicArn } = props;
  const { queue, deadLetters } = new ObjectSource(scope, 'object-source', props);
  toolAlarms(scope, {
    prefix: names.prefix,
    operationsTopicArn,
    alarms: OBJECT_ALARMS,
    watched: {
      function: alertFunction.functionName,
      ...(queue && { queue: queue.name }),
      ...(deadLetters && { failed: deadLetters.name }),
    },
  });
  return [
    ...(queue ? ([['objects_queue_url', 'Notices of files for the alert function.', queue.url]] as const) : []),
    ...(deadLetters
      ? ([['objects_dead_letter_queue_url', 'Notices of files that it failed on.', deadLetters.url]] as const)
      : []),
  ];
}

function alertsFromSenders(scope: Construct, props: ToolsProps): readonly ToolOutput[] {
  const { names, operationsTopicArn } = props;
  const { arn } = new LogDestination(scope, 'log-destination', props);
  const watched = { stream: names.destination.stream };
  toolAlarms(scope, { prefix: names.prefix, operationsTopicArn, alarms: SENDER_ALARMS, watched });
  return [['log_destination_arn', 'Senders name it in their subscription filters.', arn]];
}
