import { CloudwatchLogMetricFilter } from '@cdktf/provider-aws/lib/cloudwatch-log-metric-filter/index.js';
import { CloudwatchMetricAlarm } from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm/index.js';
import { Construct } from 'constructs';
import { brokenAwsLimits } from '../function/core/filter-pattern/aws-limits.ts';
import { CIS_FILTERS, type MetricFilter } from './cis-filters.ts';
import type { Config } from './config.ts';
import { EXTENDED_FILTERS } from './extended-filters.ts';
import type { Names } from './names.ts';

/** Metric filters a log group holds, whoever made them. @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html */
export const MAX_METRIC_FILTERS = 100;

/** The namespace Security Hub's remediation and the checks modelled on it name. */
const NAMESPACE = 'LogMetrics';

export interface MetricAlarmsProps {
  readonly config: Config;
  readonly names: Names;
  readonly logGroupName: string;
  readonly operationsTopicArn: string;
}

/**
 * Metric filters on the trail's log group, each with an alarm to operations. They tell that something happened, never
 * who did it. Creates nothing while `config.metricAlarms` is off; neither set changes what the other creates.
 */
export class MetricAlarms extends Construct {
  readonly alarmNames: readonly string[];

  constructor(scope: Construct, id: string, { config, names, logGroupName, operationsTopicArn }: MetricAlarmsProps) {
    super(scope, id);
    const { cis, extended } = config.metricAlarms;
    const filters = [...(cis ? CIS_FILTERS : []), ...(extended ? EXTENDED_FILTERS : [])];
    assertFilterLimits(filters, names.logGroup);
    this.alarmNames = filters.map((filter) => {
      const name = `${names.prefix}-${filter.id}`;
      new CloudwatchLogMetricFilter(this, `${filter.id}-filter`, {
        name,
        logGroupName,
        pattern: filter.pattern,
        metricTransformation: { name, namespace: NAMESPACE, value: '1', defaultValue: '0' },
      });
      new CloudwatchMetricAlarm(this, filter.id, {
        alarmName: name,
        alarmDescription: descriptionOf(filter),
        namespace: NAMESPACE,
        metricName: name,
        // An average would be diluted by the zeros of records that do not match.
        statistic: 'Sum',
        period: 300,
        evaluationPeriods: 1,
        threshold: filter.threshold,
        comparisonOperator: 'GreaterThanOrEqualToThreshold',
        treatMissingData: 'notBreaching',
        alarmActions: [operationsTopicArn],
      });
      return name;
    });
  }
}

/**
 * Checks what CloudWatch Logs would only refuse at apply. Filters other people made on the log group are not known here.
 * @throws {Error} naming every filter over a limit, or the number of filters over {@link MAX_METRIC_FILTERS}.
 */
export function assertFilterLimits(filters: readonly MetricFilter[], logGroup: string): void {
  if (filters.length > MAX_METRIC_FILTERS) {
    throw new Error(
      `metricAlarms: ${filters.length} metric filters for ${logGroup}, expected at most ${MAX_METRIC_FILTERS}, and those others have on this log group count too`,
    );
  }
  const problems = filters.flatMap(({ id, pattern }) =>
    brokenAwsLimits(pattern).map(
      ({ limit, found, allowed }) => `${id}: ${limit} is ${found}, expected at most ${allowed}`,
    ),
  );
  if (problems.length > 0) throw new Error(`metricAlarms: CloudWatch Logs would refuse ${problems.join('; ')}`);
}

function descriptionOf({ title, control, section, threshold }: MetricFilter): string {
  const basis = [control && `Security Hub ${control}`, section && `CIS AWS Foundations ${section}`].filter(Boolean);
  const count = threshold === 1 ? '' : ` (${threshold} or more in five minutes)`;
  return `${title}${count}.${basis.length > 0 ? ` ${basis.join(', ')}.` : ''} See trailbell's finding or the log group for who did it.`;
}
