import { CloudwatchDashboard } from '@cdktf/provider-aws/lib/cloudwatch-dashboard/index.js';
import { Construct } from 'constructs';
import { consoleHost } from '../function/core/console-links.ts';
import { SEVERITIES } from '../function/core/severity.ts';
import { METRIC_NAMESPACE } from '../function/sinks/metrics.ts';
import type { Config } from './config.ts';
import type { Names } from './names.ts';
import type { PerTopic, Subscribed } from './pipeline-alarms.ts';

export interface DashboardProps {
  readonly config: Config;
  readonly names: Names;
  /** Undefined where the function reads no log group. */
  readonly subscribed: Subscribed | undefined;
  readonly functionName: string;
  readonly deadLetterQueueNames: readonly string[];
  readonly topicNames: PerTopic;
}

/** One line of a graph: namespace, metric, dimensions in pairs, then how it is drawn. */
type Line = readonly (string | Readonly<Record<string, string | boolean>>)[];

/** The pipeline at a glance, top to bottom as records flow; the last row is what is paid for. */
export class Dashboard extends Construct {
  readonly name: string;
  /** Where the console shows it; the bare name in partitions without a public console. */
  readonly url: string;

  constructor(scope: Construct, id: string, props: DashboardProps) {
    super(scope, id);
    const { config, names } = props;
    const dashboard = new CloudwatchDashboard(this, 'dashboard', {
      dashboardName: names.prefix,
      dashboardBody: JSON.stringify({ widgets: layOut(graphsOf(props), config.region) }),
    });
    this.name = dashboard.dashboardName;
    this.url = dashboardLink(config.region, names.prefix) ?? names.prefix;
  }
}

/** The dashboard in the console, undefined in partitions without a public one. */
function dashboardLink(region: string, name: string): string | undefined {
  const host = consoleHost(region);
  return host && `https://${host}/cloudwatch/home?region=${region}#dashboards/dashboard/${name}`;
}

function graphsOf(props: DashboardProps): readonly { readonly title: string; readonly lines: readonly Line[] }[] {
  const { config, names, subscribed, functionName, topicNames } = props;
  const figure = (name: string, drawn: Record<string, string | boolean> = {}, of = functionName): Line => [
    METRIC_NAMESPACE,
    name,
    'functionName',
    of,
    ...(Object.keys(drawn).length === 0 ? [] : [drawn]),
  ];
  const digestFigure = (name: string) => figure(name, {}, names.digestFunction);
  const lambda = (name: string, stat = 'Sum', of = functionName): Line => [
    'AWS/Lambda',
    name,
    'FunctionName',
    of,
    { stat },
  ];
  const waiting = (name: string): Line => [
    'AWS/SQS',
    'ApproximateNumberOfMessagesVisible',
    'QueueName',
    name,
    { stat: 'Maximum' },
  ];
  const withLedger = (...lines: readonly Line[]) => (config.ledger ? lines : []);
  const group = (name: string, ...more: readonly string[]): Line[] =>
    subscribed ? [['AWS/Logs', name, 'LogGroupName', subscribed.logGroupName, ...more]] : [];
  const filter = (name: string) =>
    subscribed ? group(name, 'DestinationType', subscribed.destinationType, 'FilterName', subscribed.filterName) : [];
  const topics = Object.values(topicNames).filter((name) => name !== undefined);
  const topic = (metric: string) => topics.map((name): Line => ['AWS/SNS', metric, 'TopicName', name]);
  const age = config.delivery === 'direct' ? 'AsyncEventAge' : 'IteratorAge';
  return [
    {
      title: 'Records, hop by hop',
      lines: [...group('IncomingLogEvents'), ...filter('ForwardedLogEvents'), figure('received')],
    },
    {
      title: 'What became of them',
      lines: ['whitelisted', 'quiet', 'logged', 'published', 'rejected'].map((name) => figure(name)),
    },
    {
      title: 'What became of findings for programs',
      lines: ['delivered', 'repeated', 'heldBack', 'undelivered'].map((name) => figure(`findings/${name}`)),
    },
    { title: 'By severity', lines: SEVERITIES.map((name) => figure(name)) },
    {
      title: 'Age of the oldest record, seconds',
      lines: [figure('oldestRecordAge', { stat: 'Maximum' }), figure('oldestRecordAge', { stat: 'p50' })],
    },
    { title: 'Waiting for the function, milliseconds', lines: [lambda(age, 'Maximum')] },
    {
      title: 'Errors',
      lines: [
        lambda('Errors'),
        lambda('Throttles'),
        lambda('AsyncEventsDropped'),
        lambda('DestinationDeliveryFailures'),
        ...filter('DeliveryErrors'),
        ...filter('DeliveryThrottling'),
        figure('deliveriesFailed'),
        figure('undelivered'),
        figure('noticesFailed'),
        ...withLedger(figure('ledgerFailures'), lambda('Errors', 'Sum', names.digestFunction)),
      ],
    },
    { title: 'Heard by subscribers', lines: topic('NumberOfNotificationsDelivered') },
    {
      title: 'Not heard: failed, filtered out',
      lines: [...topic('NumberOfNotificationsFailed'), ...topic('NumberOfNotificationsFilteredOut')],
    },
    {
      title: 'Waiting for a person: undelivered, dead letters',
      lines: [names.undeliveredQueue, ...props.deadLetterQueueNames].map(waiting),
    },
    {
      title: 'Digests: runs, digests, failed, findings they tell of',
      lines: withLedger(
        lambda('Invocations', 'Sum', names.digestFunction),
        ...['digests', 'digestsFailed', 'digested'].map(digestFigure),
      ),
    },
    {
      title: 'Cost: the ledger, units read and written',
      lines: withLedger(
        ['AWS/DynamoDB', 'ConsumedReadCapacityUnits', 'TableName', names.ledger],
        ['AWS/DynamoDB', 'ConsumedWriteCapacityUnits', 'TableName', names.ledger],
      ),
    },
    { title: 'Cost: bytes ingested', lines: group('IncomingBytes') },
    {
      title: 'Cost: invocations, and their milliseconds',
      lines: [
        lambda('Invocations'),
        ['AWS/Lambda', 'Duration', 'FunctionName', functionName, { stat: 'Sum', yAxis: 'right' }],
      ],
    },
    { title: 'Cost: messages published', lines: topic('NumberOfMessagesPublished') },
  ].filter(({ lines }) => lines.length > 0);
}

/** Three graphs a row on the console's 24 columns. */
function layOut(graphs: ReturnType<typeof graphsOf>, region: string) {
  return graphs.map(({ title, lines }, index) => ({
    type: 'metric',
    x: (index % 3) * 8,
    y: Math.floor(index / 3) * 6,
    width: 8,
    height: 6,
    properties: { title, region, view: 'timeSeries', stat: 'Sum', period: 300, metrics: lines },
  }));
}
