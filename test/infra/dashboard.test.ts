import { describe, expect, it } from 'vitest';
import type { DigestFigures } from '../../function/sinks/digests.ts';
import { figuresOf, newTally } from '../../function/tally.ts';
import { Dashboard } from '../../infra/dashboard.ts';
import { topicNamesOf } from '../../infra/pipeline-alarms.ts';
import { configWith, resources, synthesise } from './monitoring-stack.ts';

interface Widget {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly properties: { readonly title: string; readonly region: string; readonly metrics: readonly string[][] };
}

function dashboardFor(settings: object = {}, deadLetterQueueNames: readonly string[] = ['trailbell-a-email-00000000']) {
  const config = configWith(settings);
  let url = '';
  const stack = synthesise(config, (scope, names) => {
    const dashboard = new Dashboard(scope, 'dashboard', {
      config,
      names,
      subscribed: {
        logGroupName: 'records',
        filterName: 'trailbell',
        destinationType: config.delivery === 'direct' ? 'Lambda' : 'Kinesis',
      },
      functionName: 'trailbell-alert',
      deadLetterQueueNames,
      topicNames: topicNamesOf(config, names),
    });
    url = dashboard.url;
  });
  const [resource] = resources(stack, 'aws_cloudwatch_dashboard');
  const { widgets } = JSON.parse(String(resource?.['dashboard_body'])) as { widgets: readonly Widget[] };
  return { name: resource?.['dashboard_name'], widgets, url };
}

const metricsOf = ({ widgets }: { widgets: readonly Widget[] }) =>
  widgets.flatMap(({ properties }) => properties.metrics.map(([namespace, name]) => `${namespace} ${name}`));

describe('the dashboard', () => {
  it('shows what came, what became of it, errors and what is paid for', () => {
    expect(metricsOf(dashboardFor())).toEqual(
      expect.arrayContaining([
        ...['received', 'whitelisted', 'logged', 'published', 'rejected', 'oldestRecordAge'].map(
          (name) => `trailbell ${name}`,
        ),
        'AWS/Lambda Errors',
        'AWS/Logs IncomingBytes',
        'AWS/Lambda Invocations',
        'AWS/Lambda Duration',
        'AWS/SNS NumberOfMessagesPublished',
        'AWS/SNS NumberOfNotificationsFilteredOut',
      ]),
    );
  });

  it('draws only figures that the function emits', () => {
    const findings = {
      topic: 'findings',
      findings: 0,
      delivered: 0,
      repeated: 0,
      heldBack: 0,
      undelivered: 0,
      lost: [],
      handedOver: 0,
      possiblyRepeated: 0,
    } as const;
    const emitted = [...Object.keys(figuresOf(newTally(), [findings])), 'oldestRecordAge'];
    const digests = Object.keys({ digests: 0, digested: 0, digestsFailed: 0 } satisfies DigestFigures);
    const drawn = dashboardFor()
      .widgets.flatMap(({ properties }) => properties.metrics)
      .filter(([namespace]) => namespace === 'trailbell');
    for (const [, name = '', , functionName] of drawn) {
      expect(functionName === 'trailbell-digest' ? digests : emitted).toContain(name);
    }
    expect(drawn.length).toBeGreaterThan(20);
  });

  it.each([
    [{}, 'AsyncEventAge'],
    [{ delivery: 'kinesis' }, 'IteratorAge'],
  ])('shows for %j how long records wait by %s', (settings, metric) => {
    expect(metricsOf(dashboardFor(settings))).toContain(`AWS/Lambda ${metric}`);
  });

  it('lays graphs out side by side within 24 columns, none over another', () => {
    const { widgets } = dashboardFor();
    expect(new Set(widgets.map(({ x, y }) => `${x},${y}`)).size).toBe(widgets.length);
    for (const { x, width, properties } of widgets) {
      expect(x + width).toBeLessThanOrEqual(24);
      expect(properties.region).toBe('eu-central-1');
      expect(properties.metrics.length).toBeGreaterThan(0);
    }
  });

  it('shows what waits in the queue of the undelivered, also where there are no dead-letter queues', () => {
    const drawn = dashboardFor({}, []).widgets.flatMap(({ properties }) => properties.metrics);
    expect(drawn.filter(([, name]) => name === 'ApproximateNumberOfMessagesVisible')).toEqual([
      ['AWS/SQS', 'ApproximateNumberOfMessagesVisible', 'QueueName', 'trailbell-undelivered', { stat: 'Maximum' }],
    ]);
  });

  it('shows digests and the ledger where there is one, and no empty graph elsewhere', () => {
    const [withLedger, without] = [dashboardFor(), dashboardFor({ ledger: false })];
    expect(metricsOf(withLedger)).toEqual(
      expect.arrayContaining(['trailbell ledgerFailures', 'AWS/DynamoDB ConsumedWriteCapacityUnits']),
    );
    expect(JSON.stringify(withLedger.widgets)).toContain('trailbell-digest');
    expect(JSON.stringify(without.widgets)).not.toMatch(/trailbell-digest|DynamoDB|ledger/);
    for (const { properties } of without.widgets) expect(properties.metrics.length).toBeGreaterThan(0);
  });

  it.each([
    [
      'eu-central-1',
      'https://eu-central-1.console.aws.amazon.com/cloudwatch/home?region=eu-central-1#dashboards/dashboard/trailbell',
    ],
    [
      'cn-north-1',
      'https://cn-north-1.console.amazonaws.cn/cloudwatch/home?region=cn-north-1#dashboards/dashboard/trailbell',
    ],
    ['us-iso-east-1', 'trailbell'],
  ])('is found in %s at %s', (region, url) => {
    expect(dashboardFor({ region })).toMatchObject({ name: 'trailbell', url });
  });
});
