import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { configProblems } from '../../infra/checks.ts';
import { type Config, configSchema } from '../../infra/config.ts';
import { jsonOf, ROOT } from '../house/source-files.ts';
import { ACCOUNT, arn, REGION } from './iam.ts';
import { SEVERITIES, wholeConfig } from './synth.ts';

const EXISTING_KEY = arn('kms', 'key/1234abcd-12ab-34cd-56ef-1234567890ab');
const INDEXER = {
  endpoint: 'https://search-trail.eu-central-1.es.amazonaws.com',
  authorization: 'es',
  targetArn: arn('es', 'domain/trail'),
};
const TEAM = {
  name: 'payments',
  subscriptions: [
    { protocol: 'email', endpoint: 'payments@example.com' },
    { protocol: 'sqs', endpoint: arn('sqs', 'payments-findings') },
  ],
};
const CHAT_TEAM = {
  name: 'on-call',
  minimumSeverity: 'critical',
  interests: { accounts: ['123456789012'], services: ['iam.amazonaws.com'] },
  subscriptions: [
    { protocol: 'chat', endpoint: `arn:aws:chatbot::${ACCOUNT}:chat-configuration/slack-channel/security` },
    { protocol: 'lambda', endpoint: arn('lambda', 'function:page') },
    { protocol: 'https', endpoint: 'https://events.example.com/trailbell' },
  ],
};

/** Options that change something of a stack and take nothing of it away, but for the ledger. */
export const OPTIONS: ReadonlyMap<string, Readonly<Record<string, unknown>>> = new Map(
  Object.entries({
    'another state': { state: { backend: 's3', bucket: 'example-terraform-state', region: 'eu-west-1' } },
    'a role to assume': { assumeRole: `arn:aws:iam::${ACCOUNT}:role/deploy` },
    'a permissions boundary': { permissionsBoundary: `arn:aws:iam::${ACCOUNT}:policy/boundary` },
    tags: { tags: { owner: 'platform' } },
    'more accounts': { allowedAccountIds: [ACCOUNT, '123456789012'] },
    'an organization': { trailOptions: { organizationId: 'o-exampleorgid' } },
    'a delegated administrator': {
      trailOptions: { organizationId: 'o-exampleorgid', managementAccountId: '123456789012' },
    },
    'a key prefix': { trailOptions: { keyPrefix: 'audit' } },
    'an object lock': { trailOptions: { objectLock: { mode: 'COMPLIANCE', days: 90 } } },
    'another retention of files': { trailOptions: { bucketRetentionDays: 731 } },
    'another retention of records': { logRetentionDays: 30 },
    pushdown: { pushdown: true },
    'another function': {
      function: {
        memoryMb: 1024,
        timeoutSeconds: 120,
        reservedConcurrency: 5,
        tracing: true,
        includeRecord: false,
        logRetentionDays: 30,
      },
    },
    chat: { chat: true },
    teams: { teams: [TEAM] },
    'teams that chat': { chat: true, teams: [TEAM, CHAT_TEAM] },
    'another catch-all': { catchAll: { subscriptions: [{ protocol: 'https', endpoint: 'https://example.com/all' }] } },
    'more who operate': { operations: { subscriptions: [{ protocol: 'sqs', endpoint: arn('sqs', 'operations') }] } },
    'the CIS alarms': { metricAlarms: { cis: true } },
    'all metric alarms': { metricAlarms: { cis: true, extended: true } },
    'data that goes on destroy': { destroyData: true },
    kinesis: { delivery: 'kinesis' },
    'another storm': { storm: { windowMinutes: 15, messagesPerMinute: 300 } },
    'no ledger': { ledger: false },
    'alerts from files': { alerts: { from: ['log-group', 'bucket'] } },
    'alerts from files by the topic': { alerts: { from: ['log-group', 'bucket'], via: 'topic' } },
    'alerts from files, told by the bucket': { alerts: { from: ['log-group', 'bucket'], via: 'direct' } },
    'alerts from other accounts': {
      alerts: { from: ['log-group', 'destination'], senderAccountIds: ['123456789012'] },
    },
    'a forwarder': { forwarder: {} },
    'an indexer': { indexer: INDEXER },
    'a worker queue': { workerQueue: {} },
  }),
);

const FOREIGN_FILES = { bucketName: 'example-org-archive', keyArns: [EXISTING_KEY] };
const EVERY_READER = {
  alerts: { from: ['bucket'] },
  forwarder: { shards: 'on-demand', format: 'record', streamKey: EXISTING_KEY },
  indexer: INDEXER,
  workerQueue: { targetArns: [INDEXER.targetArn] },
};

/** Ways to hear of files in buckets that are not the stack's. */
export const FOREIGN: ReadonlyMap<string, Readonly<Record<string, unknown>>> = new Map(
  Object.entries({
    'a topic of somebody else’s': {
      trail: 'none',
      objects: { ...FOREIGN_FILES, topicArn: `arn:aws:sns:${REGION}:123456789012:org-files` },
      ...EVERY_READER,
    },
    'a rule on a bucket’s events': { trail: 'none', objects: { ...FOREIGN_FILES, eventBridge: true }, ...EVERY_READER },
    'a rule that invokes the alert function': {
      trail: { logGroupName: 'aws-cloudtrail-logs' },
      objects: { ...FOREIGN_FILES, eventBridge: true },
      alerts: { from: ['log-group', 'bucket'], via: 'direct' },
    },
    'queues of somebody else’s': {
      trail: 'none',
      objects: FOREIGN_FILES,
      alerts: { from: ['bucket'], queueArn: `arn:aws:sqs:${REGION}:123456789012:files-for-alerts` },
      indexer: { ...INDEXER, queueArn: `arn:aws:sqs:${REGION}:123456789012:files-for-index` },
    },
    'other accounts alone': { trail: 'none', alerts: { from: ['destination'], senderAccountIds: ['123456789012'] } },
    'files alone of a trail of the stack’s': { alerts: { from: ['bucket'] } },
  }),
);

/** Options that put something of the user's in the place of something of the stack's. */
export const BRING_YOUR_OWN: ReadonlyMap<string, Readonly<Record<string, unknown>>> = new Map(
  Object.entries({
    'an existing trail': { trail: { logGroupName: 'aws-cloudtrail-logs' } },
    'an existing bucket': { trailOptions: { existingBucket: 'example-audit-archive' } },
    'an existing key': { existingDataKeyArn: EXISTING_KEY },
    'an existing topic of mails': { existingTopics: { alerts: arn('sns', 'security-mail') } },
    'an existing topic of findings': { existingTopics: { findings: arn('sns', 'security-findings') } },
    'an existing topic of operations': { existingTopics: { operations: arn('sns', 'platform-alarms') } },
  }),
);

const merged = (names: readonly string[]): Config =>
  wholeConfig(...names.map((name) => OPTIONS.get(name) ?? BRING_YOUR_OWN.get(name) ?? {}));

/** The configuration of these options, undefined when the checks refuse it. */
export function configOfOptions(names: readonly string[]): Config | undefined {
  const config = merged(names);
  return configProblems(config, SEVERITIES).length === 0 ? config : undefined;
}

const examples = readdirSync(join(ROOT, 'infra', 'examples')).map((file) => `infra/examples/${file}`);
const COMBINED = [
  ['an existing trail', 'kinesis', 'a permissions boundary'],
  ['an existing bucket', 'an existing key', 'a delegated administrator', 'a permissions boundary'],
  ['an existing key', 'kinesis', 'another function', 'pushdown', 'a permissions boundary'],
  ['an existing topic of mails', 'an existing topic of operations', 'teams that chat', 'all metric alarms'],
  ['an existing trail', 'an existing key', 'all metric alarms', 'tags', 'data that goes on destroy'],
  ['no ledger', 'an existing key', 'kinesis', 'chat', 'a permissions boundary'],
  ['alerts from files', 'a forwarder', 'an indexer', 'a worker queue', 'a permissions boundary', 'a key prefix'],
  ['alerts from other accounts', 'kinesis', 'a forwarder', 'no ledger', 'an existing key'],
];

/** Every example the checkout ships, every option by itself, and some together. */
export const CONFIGS: ReadonlyMap<string, Config> = new Map([
  ...['infra/config.example.json', ...examples].map((file): [string, Config] => [
    file,
    configSchema.parse(jsonOf(file)),
  ]),
  ['the smallest', wholeConfig()] as const,
  ...[...OPTIONS, ...BRING_YOUR_OWN, ...FOREIGN].map(([name, parts]): [string, Config] => [name, wholeConfig(parts)]),
  ...COMBINED.map((names): [string, Config] => [names.join(', '), merged(names)]),
]);
