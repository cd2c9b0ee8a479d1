import { describe, expect, test } from 'vitest';
import { runInvocation } from '../../function/invocation.ts';
import { METRIC_NAMESPACE } from '../../function/sinks/metrics.ts';
import { noSns, testEnvironment } from '../support/environment.ts';
import { eventOf, record } from '../support/payloads.ts';

interface Directive {
  readonly Namespace: string;
  readonly Dimensions: readonly (readonly string[])[];
  readonly Metrics: readonly { readonly Name: string; readonly Unit: string }[];
}

async function metricsOf(...messages: unknown[]) {
  const { environment, text, lines } = testEnvironment(noSns);
  await runInvocation(environment, eventOf(messages), { remaining: () => 60_000 });
  const line = lines().at(-1) ?? {};
  const { Timestamp, CloudWatchMetrics } = line['_aws'] as { Timestamp: number; CloudWatchMetrics: Directive[] };
  return {
    line,
    raw: text.at(-1) ?? '',
    Timestamp,
    directives: CloudWatchMetrics,
    metrics: lines().filter((one) => '_aws' in one),
  };
}

const low = (eventTime: unknown) => record('RunInstances', { eventTime });

describe('the metrics line', () => {
  test('is one an invocation, and the last', async () => {
    const { metrics, line } = await metricsOf(record('RunInstances'), record('StopInstances'));
    expect(metrics).toEqual([line]);
  });

  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
  test('keeps to the Embedded Metric Format', async () => {
    const { line, raw, directives, Timestamp } = await metricsOf(record('RunInstances'));
    expect(Buffer.byteLength(raw)).toBeLessThan(1_000_000);
    expect(raw.trimEnd()).not.toContain('\n');
    expect(Timestamp).toBe(Date.parse('2026-11-20T12:00:00Z'));
    expect(directives).toHaveLength(1);
    const [{ Namespace, Dimensions, Metrics }] = directives as [Directive];
    expect(Namespace).toBe(METRIC_NAMESPACE);
    expect(Dimensions).toEqual([['functionName']]);
    expect(line['functionName']).toBe('trailbell-alert');
    expect(Metrics.length).toBeLessThanOrEqual(100);
    expect(new Set(Metrics.map(({ Name }) => Name)).size).toBe(Metrics.length);
    for (const { Name, Unit } of Metrics) {
      expect(Name).toMatch(/^[\x21-\x7e]{1,255}$/);
      expect(['Count', 'Seconds']).toContain(Unit);
      expect(Object.hasOwn(line, Name), `${Name} is a member of the root`).toBe(true);
      expect(Number.isFinite(line[Name])).toBe(true);
    }
  });

  test('has the balance, every severity and every topic’s fates, zeros included', async () => {
    const { line, directives } = await metricsOf(
      record('RunInstances'),
      record('Decrypt'),
      record('DescribeInstances'),
    );
    expect(line).toMatchObject({ received: 3, whitelisted: 1, quiet: 1, logged: 1, published: 0, rejected: 0 });
    expect(line).toMatchObject({ informational: 1, low: 1, medium: 0, high: 0, critical: 0, undelivered: 0 });
    const names = directives[0]?.Metrics.map(({ Name }) => Name);
    for (const topic of ['alerts', 'findings', 'chat']) {
      for (const fate of ['findings', 'delivered', 'repeated', 'heldBack', 'undelivered'])
        expect(names).toContain(`${topic}/${fate}`);
    }
  });

  test('names the severities it was made with, as a property and not as a metric', async () => {
    const { line, directives } = await metricsOf(record('RunInstances'));
    expect(line['policyVersion']).toBe('0123456789ab');
    expect(directives[0]?.Metrics).not.toContainEqual(expect.objectContaining({ Name: 'policyVersion' }));
  });

  test.each([
    ['of the oldest record, in seconds', ['2026-11-20T11:59:50Z', '2026-11-20T11:58:00Z', '2026-11-20T11:59:00Z'], 120],
    ['which a fraction of a second does not upset', ['2026-11-20T11:59:00.250Z'], 60],
    ['which is never negative', ['2026-11-20T12:10:00Z'], 0],
    [
      'which times that are none do not hide',
      ['!', '0000', '2000-99-99T00:00:00Z', 7, null, '2026-11-20T11:59:00Z', ''],
      60,
    ],
    ['which later nonsense does not change', ['2026-11-20T11:59:00Z', ' ', '1', 'z'], 60],
    ['and none where no record has a time', ['yesterday', undefined], undefined],
  ])('has the age %s', async (_, times, age) => {
    const { line, directives } = await metricsOf(...times.map(low));
    expect(line['oldestRecordAge']).toBe(age);
    const named = directives[0]?.Metrics.find(({ Name }) => Name === 'oldestRecordAge');
    expect(named).toEqual(age === undefined ? undefined : { Name: 'oldestRecordAge', Unit: 'Seconds' });
  });

  test('and no age where there is no record', async () => {
    expect((await metricsOf()).line).not.toHaveProperty('oldestRecordAge');
  });
});
