import { Construct } from 'constructs';
import type { AlertFunction } from './alert-function.ts';
import type { Config } from './config.ts';
import { Dashboard } from './dashboard.ts';
import type { DataKey } from './data-key.ts';
import type { FailureStore } from './failure-store.ts';
import type { Fates } from './fates.ts';
import { MetricAlarms } from './metric-alarms.ts';
import type { Names } from './names.ts';
import { Outputs } from './outputs.ts';
import { PipelineAlarms, type Subscribed, topicNamesOf } from './pipeline-alarms.ts';
import type { Records } from './records.ts';
import type { TeamSubscriptions } from './team-subscriptions.ts';
import type { ToolOutput } from './tool-outputs.ts';
import type { Topics } from './topics.ts';

export interface MonitoringProps {
  readonly config: Config;
  readonly names: Names;
  readonly topics: Topics;
  readonly teams: TeamSubscriptions;
  readonly records: Records;
  readonly alertFunction: AlertFunction;
  /** Undefined where the function reads no log group. */
  readonly subscription: Omit<Subscribed, 'logGroupName'> | undefined;
  readonly failureStore: FailureStore;
  readonly fates: Fates;
  readonly dataKey: DataKey;
  readonly outputs: readonly ToolOutput[];
  /** What owners of others' buckets, keys, topics and queues attach. */
  readonly policies: Readonly<Record<string, string>>;
}

/** What watches the pipeline, and what tells people about it: alarms, dashboard, outputs, and metric alarms when asked for. */
export class Monitoring extends Construct {
  constructor(scope: Construct, id: string, props: MonitoringProps) {
    super(scope, id);
    const { config, names, topics, teams, records, alertFunction, subscription, failureStore, fates, dataKey } = props;
    const { deadLetterQueueNames } = teams;
    const logGroupName = records.logGroup?.name;
    const { functionName, aliasName, aliasArn: functionAliasArn, logGroupName: functionLogGroupName } = alertFunction;
    const topicNames = topicNamesOf(config, names);
    const hops = {
      config,
      names,
      subscribed: subscribedOf(subscription, logGroupName),
      functionName,
      deadLetterQueueNames,
      topicNames,
    };
    const operationsTopicArn = topics.operations;

    new PipelineAlarms(this, 'pipeline-alarms', { ...hops, aliasName, operationsTopicArn });
    if (logGroupName !== undefined && (config.metricAlarms.cis || config.metricAlarms.extended)) {
      new MetricAlarms(this, 'metric-alarms', { config, names, logGroupName, operationsTopicArn });
    }
    const { url: dashboardUrl } = new Dashboard(this, 'dashboard', hops);
    new Outputs(this, 'outputs', {
      config,
      names,
      fates,
      topics: { alerts: topics.alerts, findings: topics.findings, operations: topics.operations, chat: topics.chat },
      deadLetterQueueNames,
      logGroupName,
      functionName,
      functionAliasArn,
      functionLogGroupName,
      failureBucketName: names.failureBucket,
      failurePrefix: failureStore.prefix,
      dashboardUrl,
      outputs: props.outputs,
      ...(records.trailArn && { trailArn: records.trailArn }),
      policiesToAttach: {
        ...(records.bucketPolicy && { trailBucket: records.bucketPolicy }),
        ...(config.existingDataKeyArn && { dataKey: dataKey.policy }),
        ...props.policies,
      },
    });
  }
}

function subscribedOf(subscription: MonitoringProps['subscription'], logGroupName: string | undefined) {
  if (subscription === undefined || logGroupName === undefined) return undefined;
  const { filterName, destinationType } = subscription;
  return { logGroupName, filterName, destinationType };
}
