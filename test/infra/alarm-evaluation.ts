interface Query {
  readonly id: string;
  readonly expression?: string;
  readonly return_data: boolean;
  readonly metric?: Watched & { readonly stat: string };
}
/** One metric as synthesised. */
export interface Watched {
  readonly namespace: string;
  readonly metric_name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly period: number;
}
/** An alarm as synthesised, on one metric or on an expression over several. */
export interface Alarm extends Watched {
  readonly alarm_name: string;
  readonly alarm_description: string;
  readonly metric_query?: readonly Query[];
  readonly evaluation_periods: number;
  readonly datapoints_to_alarm: number;
  readonly threshold: number;
  readonly comparison_operator: string;
  readonly treat_missing_data: string;
  readonly alarm_actions: readonly string[];
  readonly ok_actions?: readonly string[];
}

/** Every metric an alarm looks at. */
export function watchedBy(alarm: Alarm): readonly Watched[] {
  return alarm.metric_query?.flatMap(({ metric }) => metric ?? []) ?? [alarm];
}

/** Values by metric name, by name and topic, or by queue or function and name. */
export type Figures = Readonly<Record<string, number>>;

/** Whether an alarm fires when each of its periods sees the same figures; a metric that is not given has no data. */
export function fires(alarm: Alarm, figures: Figures): boolean {
  const data = ({ namespace, metric_name, dimensions }: Watched): number | undefined =>
    figures[`${metric_name} ${dimensions['TopicName']}`] ??
    figures[`${dimensions['QueueName'] ?? dimensions['FunctionName']} ${metric_name}`] ??
    figures[`${namespace} ${metric_name}`] ??
    figures[metric_name];
  const value = alarm.metric_query === undefined ? data(alarm) : evaluate(alarm.metric_query, data);
  if (value === undefined) return alarm.treat_missing_data === 'breaching';
  return alarm.comparison_operator === 'LessThanThreshold' ? value < alarm.threshold : value >= alarm.threshold;
}

/** Metric math as far as these alarms use it: `FILL` fills, anything else on missing data is missing. */
function evaluate(queries: readonly Query[], data: (metric: Watched) => number | undefined): number | undefined {
  const values = new Map(queries.flatMap(({ id, metric }) => (metric === undefined ? [] : [[id, data(metric)]])));
  const math = (expression: string): number | undefined => {
    const summed = /^SUM\(\[(.*)\]\)$/.exec(expression)?.[1]?.split(', ');
    if (summed !== undefined) {
      const parts = summed.flatMap((id) => values.get(id) ?? []);
      return parts.length === 0 ? undefined : parts.reduce((sum, part) => sum + part, 0);
    }
    const filled = expression.replace(/FILL\((\w+), 0\)/g, (_, id: string) => String(values.get(id) ?? 0));
    const numbers = filled.replace(/\b[a-z]+\b/g, (id) => String(values.get(id)));
    if (numbers.includes('undefined')) return undefined;
    const script = numbers.replace(/\bIF\((.*), 1, 0\)$/, '(($1) ? 1 : 0)').replace(/\bAND\b/g, '&&');
    return Number(new Function('ABS', `return ${script}`)(Math.abs));
  };
  for (const { id, expression } of queries) {
    if (expression?.startsWith('SUM')) values.set(id, math(expression));
  }
  return math(queries.find(({ return_data }) => return_data)?.expression ?? '');
}
