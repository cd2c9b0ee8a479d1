/** Namespace of every metric trailbell emits. */
export const METRIC_NAMESPACE = 'trailbell';

const SECONDS = new Set(['oldestRecordAge']);

/**
 * One Embedded Metric Format line: `{"_aws":{"Timestamp":…,"CloudWatchMetrics":[…]},"functionName":"…","received":1,…}`.
 * One dimension, the function's name, so that the number of metrics stays what one function has. `properties` are
 * searchable in the log and make no metric.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function metricsLine(
  functionName: string,
  figures: Readonly<Record<string, number>>,
  properties: Readonly<Record<string, string>>,
  now: Date,
): Record<string, unknown> {
  return {
    _aws: {
      Timestamp: now.getTime(),
      CloudWatchMetrics: [
        {
          Namespace: METRIC_NAMESPACE,
          Dimensions: [['functionName']],
          Metrics: Object.keys(figures).map((Name) => ({ Name, Unit: SECONDS.has(Name) ? 'Seconds' : 'Count' })),
        },
      ],
    },
    functionName,
    ...properties,
    ...figures,
  };
}
