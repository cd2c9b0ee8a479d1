import type { Config } from './config.ts';
import type { Names } from './names.ts';
import type { Place } from './place.ts';

/** What reads CloudTrail's files: each hears of new ones by itself. */
export type ObjectReader = 'alerts' | 'forwarder' | 'indexer' | 'workerQueue';

/**
 * Who tells of new files: the `bucket` itself, which takes a notification of the stack's; an existing `topic`; or a `rule`
 * on the bucket's events.
 */
export type Teller = 'bucket' | 'topic' | 'rule';

/** The readers a configuration switches on, in the order of the schema. */
export function objectReaders({ alerts, forwarder, indexer, workerQueue }: Config): readonly ObjectReader[] {
  return [
    ...(alerts.from.includes('bucket') ? (['alerts'] as const) : []),
    ...(forwarder ? (['forwarder'] as const) : []),
    ...(indexer ? (['indexer'] as const) : []),
    ...(workerQueue ? (['workerQueue'] as const) : []),
  ];
}

/** The readers that have no queue of somebody else's: the stack must hear of files for them. */
export function readersToTell(config: Config): readonly ObjectReader[] {
  const { alerts, indexer } = config;
  return objectReaders(config).filter(
    (reader) => (reader === 'alerts' ? alerts : reader === 'indexer' ? indexer : undefined)?.queueArn === undefined,
  );
}

/** Who tells, as configured; the checks refuse `bucket` for one that is not the stack's own. */
export function tellerOf({ objects }: Config): Teller {
  if (objects.topicArn !== undefined) return 'topic';
  return objects.eventBridge ? 'rule' : 'bucket';
}

/** True when the stack makes a topic: its bucket tells more than one reader, or a queue. */
export function hasOwnTopic(config: Config): boolean {
  const { from, via } = config.alerts;
  const isDirect = from.includes('bucket') && via === 'direct';
  return tellerOf(config) === 'bucket' && readersToTell(config).length > 0 && !isDirect;
}

/** True when the stack creates the bucket of files: nobody else's notifications can be on it. */
export function ownsBucket({ trail, trailOptions, objects }: Config): boolean {
  return trail === 'create' && trailOptions.existingBucket === undefined && objects.bucketName === undefined;
}

/** The bucket of files; undefined when nothing names one. */
export function bucketOf({ trail, trailOptions, objects }: Config, names: Names): string | undefined {
  if (objects.bucketName !== undefined) return objects.bucketName;
  return trail === 'create' ? (trailOptions.existingBucket ?? names.trailBucket) : undefined;
}

/** What every key of a log file begins with. */
export function keysOf({ trail, trailOptions, objects }: Config): string {
  const ofTrail = trail === 'create' && objects.bucketName === undefined ? trailOptions.keyPrefix : undefined;
  const prefix = objects.keyPrefix ?? ofTrail;
  return `${prefix === undefined ? '' : `${prefix}/`}AWSLogs/`;
}

/** ARNs of the bucket of files, of the files in it, and of the keys they are encrypted with. */
export interface ObjectArns {
  readonly bucket: string;
  readonly files: string;
  readonly keys: readonly string[];
}

/** @throws {Error} when no bucket is named, which the checks refuse */
export function objectArns(config: Config, names: Names, place: Place, dataKeyArn: string): ObjectArns {
  const name = bucketOf(config, names);
  if (name === undefined) throw new Error('files are to be read of no bucket, expected objects.bucketName');
  const bucket = `arn:${place.partition}:s3:::${name}`;
  const isOfTrail = config.trail === 'create' && config.objects.bucketName === undefined;
  return {
    bucket,
    files: `${bucket}/${keysOf(config)}*`,
    keys: [...(isOfTrail ? [dataKeyArn] : []), ...config.objects.keyArns],
  };
}
