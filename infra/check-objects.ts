import { shortJson } from '../function/core/severities/problem.ts';
import type { ConfigProblem } from './checks.ts';
import type { Config } from './config.ts';
import { hasOwnTopic, objectReaders, ownsBucket, readersToTell, tellerOf } from './object-readers.ts';

/** Readers of files without a bucket, a teller, or a way between them; above all whatever would erase others' notifications. */
export function objectProblems(config: Config): ConfigProblem[] {
  const { objects, trail, trailOptions } = config;
  const readers = objectReaders(config);
  if (readers.length === 0) {
    const given = Object.entries(objects).filter(([, value]) => value !== false && !isEmptyList(value));
    const expected = 'nothing: no file is read without forwarder, indexer, workerQueue or "bucket" in alerts.from';
    return given.map(([name, value]) => ({ pointer: `/objects/${name}`, found: shortJson(value), expected }));
  }
  if (trail !== 'create' && objects.bucketName === undefined) {
    const expected = `the bucket of CloudTrail's files, for ${readers.join(', ')}: the stack makes none here`;
    return [{ pointer: '/objects/bucketName', found: 'nothing', expected }];
  }
  const bucket = objects.bucketName ?? trailOptions.existingBucket;
  return [...tellerProblems(config, bucket), ...regionProblems(config), ...topicNameProblems(config)];
}

function tellerProblems(config: Config, bucket: string | undefined): ConfigProblem[] {
  const { objects } = config;
  const toTell = readersToTell(config);
  if (objects.topicArn !== undefined && objects.eventBridge) {
    const expected = 'false: the topic tells already, and every file would be read twice';
    return [{ pointer: '/objects/eventBridge', found: 'true', expected }];
  }
  if (objects.eventBridge && ownsBucket(config)) {
    const expected = "false: the stack's own bucket tells the stack's topic";
    return [{ pointer: '/objects/eventBridge', found: 'true', expected }];
  }
  if (toTell.length === 0 || tellerOf(config) !== 'bucket' || ownsBucket(config)) return [];
  const expected =
    `topicArn or "eventBridge": true, for ${toTell.join(', ')}: a bucket has one notification configuration, and one ` +
    `of the stack's would erase what ${bucket} has`;
  return [{ pointer: '/objects', found: 'neither a topic nor EventBridge', expected }];
}

function topicNameProblems(config: Config): ConfigProblem[] {
  const { topicName } = config.objects;
  if (topicName === undefined || hasOwnTopic(config)) return [];
  return [
    { pointer: '/objects/topicName', found: shortJson(topicName), expected: 'nothing: the stack makes no topic' },
  ];
}

/** S3, SNS and Lambda reach no queue, topic or key of another Region here. */
function regionProblems({ region, objects, alerts, indexer, forwarder }: Config): ConfigProblem[] {
  const arns: [string, string | undefined][] = [
    ['/objects/topicArn', objects.topicArn],
    ...objects.keyArns.map((arn, index): [string, string] => [`/objects/keyArns/${index}`, arn]),
    ['/alerts/queueArn', alerts.queueArn],
    ['/indexer/queueArn', indexer?.queueArn],
    ['/indexer/targetArn', indexer?.targetArn],
    ['/indexer/secretArn', indexer?.secretArn],
    ['/forwarder/streamKey', forwarder?.streamKey.startsWith('arn:') ? forwarder.streamKey : undefined],
  ];
  return arns.flatMap(([pointer, arn]) => {
    if (arn === undefined || arn.split(':')[3] === region) return [];
    return [{ pointer, found: shortJson(arn), expected: `an ARN in ${region}, the stack's Region` }];
  });
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}
