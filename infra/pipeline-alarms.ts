import {
  CloudwatchMetricAlarm,
  type CloudwatchMetricAlarmMetricQuery,
} from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm/index.js';
import { Construct } from 'constructs';
import { METRIC_NAMESPACE } from '../function/sinks/metrics.ts';
import type { Config } from './config.ts';
import type { Names } from './names.ts';
import { PIPELINE_ALARMS, type PipelineAlarm, type WatchedMetric } from './pipeline-alarm-list.ts';

/** Something of each topic, by what the topic carries; `chat` only where it exists. */
export type PerTopic = Readonly<Record<'alerts' | 'findings' | 'operations', string>> & {
  readonly chat?: string | undefined;
};

/** The names of a stack's topics, its own or existing ones. */
export function topicNamesOf({ existingTopics, chat }: Config, { topics }: Names): PerTopic {
  const nameIn = (arn: string | undefined) => arn?.split(':').at(-1);
  return {
    alerts: nameIn(existingTopics.alerts) ?? topics.alerts,
    findings: nameIn(existingTopics.findings) ?? topics.findings,
    operations: nameIn(existingTopics.operations) ?? topics.operations,
    ...(chat && { chat: topics.chat }),
  };
}

/** A subscription filter, as CloudWatch names it in its metrics' dimensions. */
export interface Subscribed {
  readonly logGroupName: string;
  readonly filterName: string;
  readonly destinationType: 'Lambda' | 'Kinesis';
}

export interface PipelineAlarmsProps {
  readonly config: Config;
  readonly names: Names;
  /** The log group and the filter on it; undefined where the function reads none, and its hops have no alarms. */
  readonly subscribed: Subscribed | undefined;
  readonly functionName: string;
  readonly aliasName: string;
  readonly deadLetterQueueNames: readonly string[];
  readonly topicNames: PerTopic;
  readonly operationsTopicArn: string;
}

/** One topic or queue that an alarm is made for. */
interface Instance {
  readonly key: string;
  readonly name: string;
}

interface MetricId {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Record<string, string>;
}

/** The alarms on the pipeline itself, all to operations. Every alarm's name begins with the stack's. */
export class PipelineAlarms extends Construct {
  readonly alarmNames: readonly string[];

  constructor(scope: Construct, id: string, props: PipelineAlarmsProps) {
    super(scope, id);
    this.alarmNames = PIPELINE_ALARMS.filter(
      ({ delivery, ledgerOnly, metrics }) =>
        (delivery === undefined || deliveries(props.config).includes(delivery)) &&
        (!ledgerOnly || props.config.ledger) &&
        (props.subscribed !== undefined ||
          !Object.values(metrics).some(({ of }) => of === 'logGroup' || of === 'filter')),
    ).flatMap((alarm) => instancesOf(alarm, props).map((instance) => this.#add(alarm, instance, props)));
  }

  #add(alarm: PipelineAlarm, instance: Instance | undefined, props: PipelineAlarmsProps): string {
    const { config, names, operationsTopicArn } = props;
    const id = instance === undefined ? alarm.id : `${alarm.id}-${instance.key}`;
    const periods = numberFor(alarm.periods, config);
    const alarmName = `${names.prefix}-${id}`;
    new CloudwatchMetricAlarm(this, id, {
      alarmName,
      alarmDescription: `${alarm.means} First: ${alarm.first}${instance === undefined ? '' : ` (${instance.name})`}`,
      ...watchOf(alarm, instance, props),
      evaluationPeriods: periods,
      datapointsToAlarm: periods,
      threshold: numberFor(alarm.threshold, config),
      comparisonOperator: alarm.below ? 'LessThanThreshold' : 'GreaterThanOrEqualToThreshold',
      treatMissingData: alarm.missing ?? 'notBreaching',
      alarmActions: [operationsTopicArn],
      ...(alarm.tellsRecovery && { okActions: [operationsTopicArn] }),
    });
    return alarmName;
  }
}

/** A topic, a rule and a bucket invoke the function as the log group does: asynchronously. */
function deliveries({ delivery, alerts }: Config): readonly Config['delivery'][] {
  const isToldItself = alerts.from.includes('bucket') && alerts.via !== 'queue';
  return isToldItself ? [delivery, 'direct'] : [delivery];
}

function numberFor(value: number | ((config: Config) => number) | undefined, config: Config): number {
  return typeof value === 'function' ? value(config) : (value ?? 1);
}

/** One `undefined` for an alarm that is made once; none for one on queues where there are none. */
function instancesOf(alarm: PipelineAlarm, props: PipelineAlarmsProps): readonly (Instance | undefined)[] {
  const owners = Object.values(alarm.metrics).map(({ of }) => of);
  if (owners.includes('queue')) {
    const { prefix } = props.names;
    return props.deadLetterQueueNames.map((name) => ({
      key: name.startsWith(`${prefix}-`) ? name.slice(prefix.length + 1) : name,
      name,
    }));
  }
  if (!owners.includes('topic') && !owners.includes('topicFigures')) return [undefined];
  const topics = topicsIn(props.topicNames);
  return alarm.findingTopicsOnly ? topics.filter(({ key }) => key !== 'operations') : topics;
}

function topicsIn(topicNames: PerTopic): readonly Instance[] {
  return Object.entries(topicNames).flatMap(([key, name]) => (name === undefined ? [] : [{ key, name }]));
}

/** A single metric as such, several as a metric math expression. */
function watchOf(alarm: PipelineAlarm, instance: Instance | undefined, props: PipelineAlarmsProps) {
  const { metrics, expression, periodSeconds: period } = alarm;
  const entries = Object.entries(metrics);
  if (expression === undefined) {
    const [[, metric] = ['', undefined], ...others] = entries;
    if (metric === undefined || others.length > 0) {
      throw new Error(`pipeline alarm ${alarm.id}: ${entries.length} metrics without an expression, expected one`);
    }
    return { ...metricOf(metric, instance, props), statistic: metric.statistic ?? 'Sum', period };
  }
  const sources = entries.flatMap(([id, metric]) => queriesFor(id, metric, period, instance, props));
  return { metricQuery: [{ id: 'verdict', expression, label: alarm.id, returnData: true }, ...sources] };
}

function queriesFor(
  id: string,
  metric: WatchedMetric,
  period: number,
  instance: Instance | undefined,
  props: PipelineAlarmsProps,
): CloudwatchMetricAlarmMetricQuery[] {
  const query = (id: string, instance: Instance | undefined) => ({
    id,
    metric: { ...metricOf(metric, instance, props), period, stat: metric.statistic ?? 'Sum' },
    returnData: false,
  });
  if (metric.of !== 'findingTopics') return [query(id, instance)];
  const parts = topicsIn(props.topicNames)
    .filter(({ key }) => key !== 'operations')
    .map((topic) => query(`${id}_${topic.key}`, topic));
  return [{ id, expression: `SUM([${parts.map((part) => part.id).join(', ')}])`, returnData: false }, ...parts];
}

function metricOf({ of, name }: WatchedMetric, instance: Instance | undefined, props: PipelineAlarmsProps): MetricId {
  const { names, subscribed, functionName, aliasName } = props;
  switch (of) {
    case 'function':
      return { namespace: 'AWS/Lambda', metricName: name, dimensions: { FunctionName: functionName } };
    case 'alias':
      // A call of another version by hand must not hide that nothing comes through the alias.
      return {
        namespace: 'AWS/Lambda',
        metricName: name,
        dimensions: { FunctionName: functionName, Resource: `${functionName}:${aliasName}` },
      };
    case 'figures':
      return { namespace: METRIC_NAMESPACE, metricName: name, dimensions: { functionName } };
    case 'topicFigures':
      return { namespace: METRIC_NAMESPACE, metricName: `${instance?.key}/${name}`, dimensions: { functionName } };
    case 'logGroup':
      return { namespace: 'AWS/Logs', metricName: name, dimensions: { LogGroupName: subscribed?.logGroupName ?? '' } };
    case 'filter':
      return {
        namespace: 'AWS/Logs',
        metricName: name,
        dimensions: {
          LogGroupName: subscribed?.logGroupName ?? '',
          DestinationType: subscribed?.destinationType ?? '',
          FilterName: subscribed?.filterName ?? '',
        },
      };
    case 'topic':
    case 'findingTopics':
      return { namespace: 'AWS/SNS', metricName: name, dimensions: { TopicName: instance?.name ?? '' } };
    case 'queue':
      return { namespace: 'AWS/SQS', metricName: name, dimensions: { QueueName: instance?.name ?? '' } };
    case 'undeliveredQueue':
      return { namespace: 'AWS/SQS', metricName: name, dimensions: { QueueName: names.undeliveredQueue } };
    case 'digestFigures':
      return { namespace: METRIC_NAMESPACE, metricName: name, dimensions: { functionName: names.digestFunction } };
    case 'digest':
      return { namespace: 'AWS/Lambda', metricName: name, dimensions: { FunctionName: names.digestFunction } };
  }
}
