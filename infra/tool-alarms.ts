import { CloudwatchMetricAlarm } from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm/index.js';
import type { Construct } from 'constructs';
import { METRIC_NAMESPACE } from '../function/sinks/metrics.ts';

/** Whose metric it is: fixes namespace and dimension. Figures are what the function emits. */
type Owner = 'function' | 'figures' | 'stream' | 'queue' | 'failed' | 'refused';

/** One alarm on one metric of what reads files, and what a person does about it. The README's tables are made of these. */
export interface ToolAlarm {
  /** Part of the state address and of the alarm's name; never changes. */
  readonly id: string;
  /** What has happened when it fires. */
  readonly means: string;
  /** What to do first. */
  readonly first: string;
  readonly of: Owner;
  readonly metric: string;
  /** @default 'Sum' */
  readonly statistic?: 'Maximum';
  /** Five minutes each, all of which must breach. @default 1 */
  readonly periods?: number;
  /** Breached at or above, for `below` under it. @default 1 */
  readonly threshold?: number;
  /** Nothing at all breaches it, too. */
  readonly below?: true;
  /** Also tells when it is over. @default false, for alarms that count single mishaps */
  readonly tellsRecovery?: true;
}

export interface ToolAlarmsProps {
  readonly prefix: string;
  readonly operationsTopicArn: string;
  readonly alarms: readonly ToolAlarm[];
  /** Names of what is watched; an alarm on what does not exist is not made. */
  readonly watched: Readonly<Partial<Record<Exclude<Owner, 'figures'>, string>>>;
}

const DIMENSIONS: Readonly<Record<Owner, readonly [namespace: string, dimension: string]>> = {
  function: ['AWS/Lambda', 'FunctionName'],
  figures: [METRIC_NAMESPACE, 'functionName'],
  stream: ['AWS/Kinesis', 'StreamName'],
  queue: ['AWS/SQS', 'QueueName'],
  failed: ['AWS/SQS', 'QueueName'],
  refused: ['AWS/SQS', 'QueueName'],
};

/** Makes the alarms, all to operations, each named after the stack. @returns their names */
export function toolAlarms(scope: Construct, props: ToolAlarmsProps): readonly string[] {
  const { prefix, operationsTopicArn, alarms, watched } = props;
  return alarms.flatMap((alarm) => {
    const { id, means, first, of, metric, statistic = 'Sum', periods = 1, threshold = 1, below, tellsRecovery } = alarm;
    const name = watched[of === 'figures' ? 'function' : of];
    if (name === undefined) return [];
    const [namespace, dimension] = DIMENSIONS[of];
    const alarmName = `${prefix}-${id}`;
    new CloudwatchMetricAlarm(scope, id, {
      alarmName,
      alarmDescription: `${means} First: ${first}`,
      namespace,
      metricName: metric,
      dimensions: { [dimension]: name },
      statistic,
      period: 300,
      evaluationPeriods: periods,
      datapointsToAlarm: periods,
      threshold,
      comparisonOperator: below ? 'LessThanThreshold' : 'GreaterThanOrEqualToThreshold',
      treatMissingData: below ? 'breaching' : 'notBreaching',
      alarmActions: [operationsTopicArn],
      ...(tellsRecovery && { okActions: [operationsTopicArn] }),
    });
    return [alarmName];
  });
}
