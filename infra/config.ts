import * as z from 'zod';
import { SEVERITIES } from '../function/core/severity.ts';
import {
  accountId,
  arn,
  bucketName,
  functionArn,
  keyArn,
  logGroupName,
  queueArn,
  region,
  text,
  topicArn,
} from './config-patterns.ts';
import { alertSources, forwarder, indexer, objects, workerQueue } from './config-tools.ts';

const tagKey = z.string().regex(/^(?![aA][wW][sS]:).{1,128}$/, 'at most 128 characters, not beginning with aws:');
const severity = z.enum(SEVERITIES);
/** As strict as the strictest of AWS's rules, those of trails. @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-trail-naming-requirements.html */
const name = z
  .string()
  .regex(
    /^(?=.{3,32}$)[a-z][a-z0-9]*(-[a-z0-9]+)*$/,
    '3 to 32 lower-case letters, digits and single hyphens, the first a letter and the last no hyphen',
  );
const teamName = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'lower-case letters, digits and hyphens, at most 64');

/** Where a team hears: each becomes one subscription with a dead-letter queue of its own. */
const subscription = z.discriminatedUnion('protocol', [
  z.strictObject({ protocol: z.literal('email'), endpoint: z.email() }),
  z.strictObject({ protocol: z.literal('sqs'), endpoint: queueArn }),
  z.strictObject({ protocol: z.literal('https'), endpoint: z.url({ protocol: /^https$/ }) }),
  z.strictObject({ protocol: z.literal('lambda'), endpoint: functionArn }),
  z.strictObject({ protocol: z.literal('chat'), endpoint: arn('chatbot') }),
]);

const team = z.strictObject({
  name: teamName,
  minimumSeverity: severity.default('high'),
  interests: z
    .strictObject({
      accounts: z.array(accountId).optional(),
      services: z.array(z.string().regex(/^[A-Za-z0-9.-]+\.amazonaws\.com$/, 'an eventSource')).optional(),
      detections: z.array(text).optional(),
    })
    .optional(),
  subscriptions: z.array(subscription).default([]),
});

const stateBackend = z.discriminatedUnion('backend', [
  z.strictObject({
    backend: z.literal('s3'),
    bucket: text,
    region,
    key: text.optional(),
    kmsKeyArn: arn('kms').optional(),
  }),
  z.strictObject({ backend: z.literal('local') }),
]);

/** An existing log group that a trail writes to; the trail itself, where given, is only named in outputs. */
const existingTrail = z.strictObject({ logGroupName, trailArn: arn('cloudtrail').optional() });

/**
 * `infra/config.json`. Defaults are the safe choice; what costs money or changes ownership has none.
 * Every setting is explained in the README.
 */
export const configSchema = z.strictObject({
  $schema: z.string().optional(),
  /** Prefix of every resource and name of the stack: several stacks live in one account under different names. */
  name: name.default('trailbell'),
  /** Accounts Terraform may act in; any other is refused before anything is created. */
  allowedAccountIds: z.array(accountId).min(1),
  region,
  assumeRole: arn('iam').optional(),
  state: stateBackend,
  permissionsBoundary: arn('iam').optional(),
  tags: z.record(tagKey, z.string().max(256)).default({}),
  /** `"create"`, the log group an existing trail writes to, or `"none"`: a second trail is billed per record. */
  trail: z.union([z.literal('create'), z.literal('none'), existingTrail]),
  /** Only with `"trail": "create"`. */
  trailOptions: z
    .strictObject({
      /** The organization's id: the trail then covers every account. Needs the management or a delegated account. */
      organizationId: z
        .string()
        .regex(/^o-[a-z0-9]{10,32}$/, 'an organization id such as o-exampleorgid')
        .optional(),
      /** The management account, where the stack is deployed by a delegated one. */
      managementAccountId: accountId.optional(),
      existingBucket: bucketName.optional(),
      keyPrefix: z
        .string()
        .regex(/^[A-Za-z0-9!_.*'()-]{1,200}$/, 'an S3 prefix without slashes')
        .optional(),
      objectLock: z
        .strictObject({ mode: z.enum(['GOVERNANCE', 'COMPLIANCE']), days: z.int().min(1).max(36500) })
        .optional(),
      bucketRetentionDays: z.int().min(90).max(36500).default(400),
    })
    .prefault({}),
  /** A key for trail, bucket and log group instead of one of the stack's own; its policy must already allow them. */
  existingDataKeyArn: keyArn.optional(),
  /** Days the log group keeps records. @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
  logRetentionDays: z
    .union(
      [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653].map(
        (days) => z.literal(days),
      ),
    )
    .default(365),
  /** `kinesis` for trails whose volume throttles direct invocation. */
  delivery: z.enum(['direct', 'kinesis']).default('direct'),
  /** Derives the subscription's filter pattern from the whitelist; such records then leave the balance. */
  pushdown: z.boolean().default(false),
  /** Where the alert function's records come from. */
  alerts: alertSources,
  /** The bucket of CloudTrail's files, and who tells of new ones. Of use with whatever reads files. */
  objects,
  function: z
    .strictObject({
      memoryMb: z.int().min(256).max(3008).default(512),
      timeoutSeconds: z.int().min(10).max(900).default(60),
      reservedConcurrency: z.int().min(1).max(1000).optional(),
      tracing: z.boolean().default(false),
      includeRecord: z.boolean().default(true),
      logRetentionDays: z.union([30, 60, 90, 180, 365, 400].map((days) => z.literal(days))).default(90),
    })
    .prefault({}),
  /** The table of fates. Without it nothing holds back repeats or storms. */
  ledger: z.boolean().default(true),
  storm: z
    .strictObject({
      windowMinutes: z.int().min(5).max(1440).default(60),
      messagesPerMinute: z.int().min(10).max(600).default(60),
    })
    .prefault({}),
  /** Topics of your own instead of the stack's; their policies and keys are then yours. */
  existingTopics: z
    .strictObject({ alerts: topicArn.optional(), findings: topicArn.optional(), operations: topicArn.optional() })
    .prefault({}),
  /** Creates the topic of chat notifications. */
  chat: z.boolean().default(false),
  teams: z.array(team).default([]),
  /** Hears every high and critical finding, whoever it concerns. */
  catchAll: z.strictObject({ subscriptions: z.array(subscription).min(1) }),
  /** Hears of the pipeline itself. */
  operations: z.strictObject({ subscriptions: z.array(subscription).min(1) }),
  /** CloudWatch metric filters and alarms beside the function: the CIS set as Security Hub checks it, and better variants. */
  metricAlarms: z.strictObject({ cis: z.boolean().default(false), extended: z.boolean().default(false) }).prefault({}),
  /** Puts every record into a Kinesis data stream. @default no forwarder */
  forwarder: forwarder.optional(),
  /** Puts every record into OpenSearch, Elasticsearch or anything that takes NDJSON. @default no indexer */
  indexer: indexer.optional(),
  /** A queue of new files for `trailbell run`. @default no queue */
  workerQueue: workerQueue.optional(),
  /** `true` lets `destroy` empty and delete the trail's bucket and delete the logs. */
  destroyData: z.boolean().default(false),
});

/** A validated configuration, defaults filled in. */
export type Config = z.infer<typeof configSchema>;
export type Team = Config['teams'][number];
export type Subscription = Team['subscriptions'][number];
