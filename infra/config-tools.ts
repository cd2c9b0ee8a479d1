import * as z from 'zod';
import { accountId, arn, bucketName, keyArn, queueArn, text, topicArn } from './config-patterns.ts';

const logDays = z.union([1, 3, 5, 7, 14, 30, 60, 90, 180, 365, 400].map((days) => z.literal(days)));
const prefixOfKeys = z
  .string()
  .regex(/^[A-Za-z0-9!_.*'()/-]{1,200}(?<!\/)$/, 'a prefix of keys that does not end in /');

/** `alerts`: where the alert function's records come from. */
export const alertSources = z
  .strictObject({
    from: z
      .array(z.enum(['log-group', 'bucket', 'destination']))
      .min(1)
      .default(['log-group']),
    /** How it hears of files. A queue lets one bad message fail alone. */
    via: z.enum(['queue', 'topic', 'direct']).default('queue'),
    /** A queue that the bucket's owner fills, in place of the stack's. */
    queueArn: queueArn.optional(),
    /** Owners of log groups elsewhere that may send to the destination. */
    senderAccountIds: z.array(accountId).default([]),
  })
  .prefault({});

/** `objects`: the bucket of CloudTrail's files, and who tells of new ones. */
export const objects = z
  .strictObject({
    bucketName: bucketName.optional(),
    keyPrefix: prefixOfKeys.optional(),
    keyArns: z.array(keyArn).default([]),
    topicArn: topicArn.optional(),
    eventBridge: z.boolean().default(false),
    topicName: z
      .string()
      .regex(/^[A-Za-z0-9_-]{1,256}$/, 'the name of a standard topic')
      .optional(),
  })
  .prefault({});

/** `forwarder`: bucket to stream, with the settings and defaults of the module it replaces. */
export const forwarder = z.strictObject({
  streamName: z
    .string()
    .regex(/^[A-Za-z0-9_.-]{1,128}$/, 'the name of a stream')
    .optional(),
  shards: z.union([z.literal('on-demand'), z.int().min(1).max(500)]).default(4),
  streamRetentionDays: z.int().min(1).max(365).default(7),
  /** `alias/aws/kinesis`, which costs nothing and keeps other accounts out, or a key that can let them in. */
  streamKey: z.union([z.literal('alias/aws/kinesis'), keyArn]).default('alias/aws/kinesis'),
  format: z.enum(['file', 'file-gzip', 'record']).default('file'),
  recordsPerPack: z.int().min(1).max(10_000).default(100),
  maxRecordKib: z.int().min(1024).max(10_240).default(1024),
  partitionBy: z.enum(['record', 'account']).default('record'),
  memoryMb: z.int().min(256).max(3008).default(512),
  timeoutSeconds: z.int().min(30).max(900).default(300),
  logRetentionDays: logDays.default(7),
});

/** `indexer`: bucket to queue to index. */
export const indexer = z.strictObject({
  endpoint: z.url({ protocol: /^https$/ }),
  output: z.enum(['bulk', 'http-lines']).default('bulk'),
  /** No default: `none` sends records to whoever answers there. */
  authorization: z.enum(['es', 'aoss', 'secret', 'none']),
  /** The domain, or the serverless collection. */
  targetArn: z.union([arn('es'), arn('aoss')]).optional(),
  secretArn: arn('secretsmanager').optional(),
  secretKeyArn: keyArn.optional(),
  queueArn: queueArn.optional(),
  indexPrefix: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,99}$/, 'lower-case letters, digits and hyphens')
    .default('cloudtrail'),
  raw: z.boolean().default(false),
  maxBatchBytes: z.int().min(65_536).max(33_554_432).default(4_194_304),
  maxBatchRecords: z.int().min(1).max(10_000).default(1000),
  messagesPerInvocation: z.int().min(1).max(10).default(5),
  maximumConcurrency: z.int().min(2).max(1000).default(4),
  memoryMb: z.int().min(512).max(3008).default(512),
  timeoutSeconds: z.int().min(30).max(900).default(300),
  logRetentionDays: logDays.default(30),
});

/** `workerQueue`: a queue for the long-running poller. */
export const workerQueue = z.strictObject({
  /** Seconds a message is the worker's; it asks for more while it works. */
  visibilitySeconds: z.int().min(30).max(43_200).default(300),
  retentionDays: z.int().min(1).max(14).default(7),
  maxReceives: z.int().min(1).max(1000).default(5),
  /** Outputs the worker is to reach; they go into the policy that is printed for it. */
  targetArns: z
    .array(text.regex(/^arn:aws[a-z-]*:(?:es|aoss|kinesis|sns):/, 'a domain, collection, stream or topic'))
    .default([]),
});
