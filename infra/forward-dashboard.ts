import { CloudwatchDashboard } from '@cdktf/provider-aws/lib/cloudwatch-dashboard/index.js';
import { Construct } from 'constructs';
import { SHIPPED_METRIC } from '../function/forwarding/tally.ts';
import { METRIC_NAMESPACE } from '../function/sinks/metrics.ts';
import type { Config } from './config.ts';
import type { Names } from './names.ts';

type Line = readonly (string | Readonly<Record<string, string>>)[];

/** The forwarder at a glance: volume, errors, age. A dashboard of its own, which comes and goes with it. */
export class ForwardDashboard extends Construct {
  constructor(scope: Construct, id: string, { config, names }: { readonly config: Config; readonly names: Names }) {
    super(scope, id);
    new CloudwatchDashboard(this, 'dashboard', {
      dashboardName: `${names.prefix}-forward`,
      dashboardBody: JSON.stringify({
        widgets: graphsOf(names).map(({ title, lines }, index) => ({
          type: 'metric',
          x: (index % 3) * 8,
          y: Math.floor(index / 3) * 6,
          width: 8,
          height: 6,
          properties: { title, region: config.region, view: 'timeSeries', stat: 'Sum', period: 300, metrics: lines },
        })),
      }),
    });
  }
}

function graphsOf({
  forwarder,
  objects,
}: Names): readonly { readonly title: string; readonly lines: readonly Line[] }[] {
  const figure = (name: string, stat = 'Sum'): Line => [
    METRIC_NAMESPACE,
    name,
    'functionName',
    forwarder.function,
    { stat },
  ];
  const lambda = (name: string, stat = 'Sum'): Line => [
    'AWS/Lambda',
    name,
    'FunctionName',
    forwarder.function,
    { stat },
  ];
  const stream = (name: string, stat = 'Sum'): Line => ['AWS/Kinesis', name, 'StreamName', forwarder.stream, { stat }];
  return [
    { title: 'Volume: CloudTrail records', lines: ['received', SHIPPED_METRIC].map((name) => figure(name)) },
    { title: 'Volume: files', lines: ['objectsRead', 'objectsSkipped', 'objectsMissing'].map((name) => figure(name)) },
    {
      title: 'Volume: the stream',
      lines: [figure('kinesisRecords'), stream('IncomingRecords'), stream('IncomingBytes')],
    },
    {
      title: 'Errors: not in the stream',
      lines: ['oversized', 'unreadable', 'unshipped', 'deliveriesFailed'].map((name) => figure(name)),
    },
    {
      title: 'Errors: the function',
      lines: ['Errors', 'Throttles', 'AsyncEventsDropped', 'DestinationDeliveryFailures'].map((name) => lambda(name)),
    },
    {
      title: 'Errors: the stream, and what is put again',
      lines: [stream('WriteProvisionedThroughputExceeded'), figure('retried'), figure('possiblyRepeated')],
    },
    { title: 'Age of the oldest record, seconds', lines: [figure('oldestRecordAge', 'Maximum')] },
    { title: 'Age of notices, milliseconds', lines: [lambda('AsyncEventAge', 'Maximum')] },
    {
      title: 'Age: how far readers are behind, milliseconds',
      lines: [stream('GetRecords.IteratorAgeMilliseconds', 'Maximum')],
    },
    {
      title: 'Waiting for a person',
      lines: [
        [
          'AWS/SQS',
          'ApproximateNumberOfMessagesVisible',
          'QueueName',
          objects.queues.forwarderFailed,
          { stat: 'Maximum' },
        ],
      ],
    },
  ];
}
