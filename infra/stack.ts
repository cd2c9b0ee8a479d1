import { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js';
import { TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { pushdownPattern } from '../function/core/pushdown.ts';
import type { FunctionZips } from './bundle.ts';
import type { Config } from './config.ts';
import { DataKey } from './data-key.ts';
import { FailureStore } from './failure-store.ts';
import { Fates } from './fates.ts';
import { functions } from './functions.ts';
import { Monitoring } from './monitoring.ts';
import { namesOf } from './names.ts';
import { Place } from './place.ts';
import { Records } from './records.ts';
import { keepState } from './state.ts';
import { subscribe } from './subscription.ts';
import { TeamSubscriptions } from './team-subscriptions.ts';
import { noticesFor, tools } from './tools.ts';
import { topicKeys } from './topic-keys.ts';
import { Topics } from './topics.ts';

export interface TrailbellStackProps {
  readonly config: Config;
  readonly zips: FunctionZips;
}

/** Everything `cdktf deploy` creates, from the trail to the teams; each construct is one task, wired here and nowhere else. */
export class TrailbellStack extends TerraformStack {
  constructor(scope: Construct, id: string, { config, zips }: TrailbellStackProps) {
    super(scope, id);
    keepState(this, config);
    const { assumeRole, allowedAccountIds, region, tags } = config;
    new AwsProvider(this, 'aws', {
      region,
      allowedAccountIds,
      defaultTags: [{ tags: { application: 'trailbell', stack: config.name, ...tags } }],
      ...(assumeRole && { assumeRole: [{ roleArn: assumeRole }] }),
    });
    const place = new Place(this, 'place');
    const names = namesOf(config, place);
    const base = { config, names, place };

    const dataKey = new DataKey(this, 'data-key', base);
    const dataKeyArn = dataKey.arn;
    const records = new Records(this, 'records', { ...base, dataKey });
    const dataKeyDependencies = dataKey.dependencies;
    const failureStore = new FailureStore(this, 'failure-store', { ...base, dataKeyArn, dataKeyDependencies });
    const fates = new Fates(this, 'fates', { ...base, dataKeyArn });

    const publishers = {
      functionRoleArn: place.globalArn('iam', `role/${names.functionRole}`),
      digestRoleArn: config.ledger ? place.globalArn('iam', `role/${names.digestRole}`) : undefined,
    };
    const { alertKey, operationsKey } = topicKeys(this, { names, place, ...publishers });
    const pipelineAlarmArnPattern = place.arn('cloudwatch', `alarm:${names.prefix}-*`);
    const reached = { ...base, alertKey, operationsKey, ...publishers, pipelineAlarmArnPattern };
    const topics = new Topics(this, 'topics', reached);
    const keys = { alertKeyArn: alertKey.arn, operationsKeyArn: operationsKey.arn };
    const teams = new TeamSubscriptions(this, 'teams', { config, names, topics, ...keys });

    const reach = { ...base, topics, failureStore, fates, dataKeyArn };
    const notices = noticesFor(this, { ...base, records });
    const alertFunction = functions(this, { ...reach, ...keys, zips, noticeKeyArn: notices?.keyArn });
    const { policy, detections } = zips.alert.severities;
    const filterPattern = config.pushdown ? pushdownPattern(policy, detections).pattern : '';
    const { logGroup } = records;
    const isSubscribed = config.alerts.from.includes('log-group') && logGroup !== undefined;
    const subscription = isSubscribed
      ? subscribe(this, { ...reach, logGroup, alertFunction, filterPattern })
      : undefined;
    const told = { ...reach, notices, alertFunction, operationsTopicArn: topics.operations, zips };
    const { outputs, policies } = tools(this, told);
    const watched = { topics, teams, records, alertFunction, subscription, failureStore, fates, dataKey };
    new Monitoring(this, 'monitoring', { ...base, ...watched, outputs, policies });
  }
}
