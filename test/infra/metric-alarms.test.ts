import { describe, expect, it } from 'vitest';
import { CIS_FILTERS, type MetricFilter } from '../../infra/cis-filters.ts';
import { EXTENDED_FILTERS } from '../../infra/extended-filters.ts';
import { assertFilterLimits, MetricAlarms } from '../../infra/metric-alarms.ts';
import { configWith, OPERATIONS, resources, synthesise } from './monitoring-stack.ts';

function alarmsFor(metricAlarms: object, settings: object = {}) {
  const config = configWith({ ...settings, metricAlarms });
  return synthesise(config, (stack, names) => {
    new MetricAlarms(stack, 'metric-alarms', {
      config,
      names,
      logGroupName: 'records',
      operationsTopicArn: OPERATIONS,
    });
  });
}

describe('metric alarms', () => {
  it('are off unless asked for', () => {
    expect(alarmsFor({}).resource).toBeUndefined();
  });

  it.each([
    [{ cis: true }, CIS_FILTERS],
    [{ extended: true }, EXTENDED_FILTERS],
    [{ cis: true, extended: true }, [...CIS_FILTERS, ...EXTENDED_FILTERS]],
  ])('of %j are one filter and one alarm each', (sets, filters) => {
    const stack = alarmsFor(sets);
    const patterns = resources(stack, 'aws_cloudwatch_log_metric_filter').map(({ pattern }) => pattern);
    expect(patterns.toSorted()).toEqual(filters.map(({ pattern }) => pattern).toSorted());
    expect(resources(stack, 'aws_cloudwatch_metric_alarm')).toHaveLength(filters.length);
  });

  it('count each matching record once and go to operations', () => {
    const stack = alarmsFor({ cis: true });
    const [filter] = resources(stack, 'aws_cloudwatch_log_metric_filter').filter(
      ({ name }) => name === 'trailbell-cis-root-usage',
    );
    expect(filter).toMatchObject({
      log_group_name: 'records',
      metric_transformation: {
        namespace: 'LogMetrics',
        name: 'trailbell-cis-root-usage',
        value: '1',
        default_value: '0',
      },
    });
    const [alarm] = resources(stack, 'aws_cloudwatch_metric_alarm').filter(
      ({ metric_name }) => metric_name === 'trailbell-cis-root-usage',
    );
    expect(alarm).toMatchObject({
      alarm_name: 'trailbell-cis-root-usage',
      namespace: 'LogMetrics',
      statistic: 'Sum',
      threshold: 1,
      comparison_operator: 'GreaterThanOrEqualToThreshold',
      treat_missing_data: 'notBreaching',
      alarm_actions: [OPERATIONS],
    });
    expect(alarm?.['dimensions']).toBeUndefined();
  });

  it('have an alarm on the metric of every filter, by names of this stack', () => {
    const stack = alarmsFor({ cis: true, extended: true }, { name: 'second' });
    const metrics = resources(stack, 'aws_cloudwatch_log_metric_filter').map(({ name }) => name);
    expect(resources(stack, 'aws_cloudwatch_metric_alarm').map(({ metric_name }) => metric_name)).toEqual(metrics);
    for (const name of metrics) expect(name).toMatch(/^second-/);
  });

  it('keep their addresses when the other set is added', () => {
    const both = Object.keys(alarmsFor({ cis: true, extended: true }).resource?.['aws_cloudwatch_metric_alarm'] ?? {});
    const one = Object.keys(alarmsFor({ cis: true }).resource?.['aws_cloudwatch_metric_alarm'] ?? {});
    expect(both).toEqual(expect.arrayContaining(one));
  });
});

describe('the limits of metric filters', () => {
  const filters = (count: number): MetricFilter[] =>
    Array.from({ length: count }, (_, index) => ({ id: `f${index}`, title: '', threshold: 1, pattern: '{ $.a = 1 }' }));

  it('allow 100 on a log group', () => {
    expect(() => assertFilterLimits(filters(100), 'records')).not.toThrow();
  });

  it('refuse 101, saying that others count too', () => {
    expect(() => assertFilterLimits(filters(101), 'records')).toThrow(
      /101 metric filters for records, expected at most 100, and those others have on this log group count too/,
    );
  });

  it('name every pattern AWS would refuse', () => {
    const long = { ...filters(1)[0]!, id: 'long', pattern: `{ $.a = "${'x'.repeat(1024)}" }` };
    const wild = { ...filters(1)[0]!, id: 'wild', pattern: '{ $.a[*].b[*] = 1 }' };
    expect(() => assertFilterLimits([long, ...filters(1), wild], 'records')).toThrow(
      /long: characters is 1036, expected at most 1024; wild: wildcardSelectorsPerSelector is 2, expected at most 1/,
    );
  });
});
