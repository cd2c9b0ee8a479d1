import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js';
import { TerraformStack, Testing } from 'cdktf';
import { AlertFunction } from '../../infra/alert-function.ts';
import { type Config, configSchema } from '../../infra/config.ts';
import { DirectSubscription } from '../../infra/direct-subscription.ts';
import { FailureStore } from '../../infra/failure-store.ts';
import { Fates } from '../../infra/fates.ts';
import { namesOf } from '../../infra/names.ts';
import { Place } from '../../infra/place.ts';
import { StreamSubscription } from '../../infra/stream-subscription.ts';
import { TeamSubscriptions } from '../../infra/team-subscriptions.ts';
import { TopicKey } from '../../infra/topic-key.ts';
import { Topics } from '../../infra/topics.ts';
import { ACCOUNT, arn, REGION, type Synthesised } from './iam.ts';

export const DATA_KEY = arn('kms', 'key/data');
export const LOG_GROUP = { name: '/trailbell/cloudtrail', arn: arn('logs', 'log-group:/trailbell/cloudtrail') };

const ZIP_FILE = join(mkdtempSync(join(tmpdir(), 'trailbell-')), 'trailbell.zip');
writeFileSync(ZIP_FILE, 'zip');

/** The smallest configuration, with what a test adds. */
export function configOf(parts: object = {}): Config {
  return configSchema.parse({
    allowedAccountIds: [ACCOUNT],
    region: REGION,
    state: { backend: 'local' },
    trail: 'create',
    catchAll: { subscriptions: [{ protocol: 'email', endpoint: 'security@example.com' }] },
    operations: { subscriptions: [{ protocol: 'email', endpoint: 'operations@example.com' }] },
    ...parts,
  });
}

/** The alerting side of a stack, synthesised, and its dead-letter queues. */
export function alertingStack(parts: object = {}): {
  readonly stack: Synthesised;
  readonly deadLetterQueueNames: readonly string[];
} {
  const config = configOf(parts);
  const scope = new TerraformStack(Testing.app(), 'test');
  new AwsProvider(scope, 'aws', { region: REGION });
  const place = new Place(scope, 'place');
  const names = namesOf(config, place);
  const functionRoleArn = place.globalArn('iam', `role/${names.functionRole}`);
  const key = (alias: string, servicePrincipals: ('sns.amazonaws.com' | 'cloudwatch.amazonaws.com')[]) =>
    new TopicKey(scope, alias, {
      place,
      alias: `${names.prefix}-${alias}`,
      description: alias,
      publisherRoleArns: [functionRoleArn],
      servicePrincipals,
    });
  const alertKey = key('alerts', ['sns.amazonaws.com']);
  const operationsKey = key('operations', ['sns.amazonaws.com', 'cloudwatch.amazonaws.com']);
  const keys = { alertKeyArn: alertKey.arn, operationsKeyArn: operationsKey.arn, dataKeyArn: DATA_KEY };
  const base = { config, names, place };
  const pipelineAlarmArnPattern = place.arn('cloudwatch', `alarm:${names.prefix}-*`);
  const topics = new Topics(scope, 'topics', {
    ...base,
    alertKey,
    operationsKey,
    functionRoleArn,
    digestRoleArn: config.ledger ? place.globalArn('iam', `role/${names.digestRole}`) : undefined,
    pipelineAlarmArnPattern,
  });
  const { deadLetterQueueNames } = new TeamSubscriptions(scope, 'subscriptions', { ...base, ...keys, topics });
  const failureStore = new FailureStore(scope, 'failures', { ...base, ...keys, dataKeyDependencies: [] });
  const fates = new Fates(scope, 'fates', { ...base, ...keys });
  const zip = { file: ZIP_FILE, sha256Base64: 'c2hhMjU2' };
  const alertFunction = new AlertFunction(scope, 'alert', { ...base, ...keys, topics, failureStore, fates, zip });
  const props = { ...base, ...keys, logGroup: LOG_GROUP, alertFunction, filterPattern: '', failureStore };
  if (config.delivery === 'direct') new DirectSubscription(scope, 'subscription', props);
  else new StreamSubscription(scope, 'subscription', props);
  return { stack: JSON.parse(Testing.synth(scope)) as Synthesised, deadLetterQueueNames };
}
