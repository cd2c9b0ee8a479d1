import type { Config } from './config.ts';

/**
 * Whose metric it is: fixes namespace and dimensions. `topic`, `topicFigures` and `queue` make one alarm for each topic
 * or queue; `findingTopics` is the sum over the topics that carry findings. Figures are what the function emits.
 */
type MetricOwner =
  | 'function'
  | 'alias'
  | 'figures'
  | 'logGroup'
  | 'filter'
  | 'topic'
  | 'topicFigures'
  | 'findingTopics'
  | 'queue'
  | 'undeliveredQueue'
  | 'digest'
  | 'digestFigures';

/** One metric of one owner. */
export interface WatchedMetric {
  readonly of: MetricOwner;
  readonly name: string;
  /** @default 'Sum' */
  readonly statistic?: 'Maximum';
}

/** One alarm on the pipeline, and what a person does about it. The README's table is made of these. */
export interface PipelineAlarm {
  /** Part of the state address and of the alarm's name; never changes. */
  readonly id: string;
  /** What has happened when it fires. */
  readonly means: string;
  /** What to do first. */
  readonly first: string;
  /** By the name each has in the expression; a single one needs no expression. */
  readonly metrics: Readonly<Record<string, WatchedMetric>>;
  /** Metric math over `metrics`; 1 is broken, 0 is whole, unless it says otherwise. */
  readonly expression?: string;
  readonly periodSeconds: number;
  /** Periods in a row that must breach. @default 1 */
  readonly periods?: number | ((config: Config) => number);
  /** Breached at or above, for `below` under it. @default 1 */
  readonly threshold?: number | ((config: Config) => number);
  readonly below?: true;
  /** What no data says. @default 'notBreaching': these metrics exist only when something happened */
  readonly missing?: 'breaching';
  /** Also tells when it is over. @default false, for alarms that count single mishaps */
  readonly tellsRecovery?: true;
  /** Only for this delivery; those of `direct` also where files are told of without a queue. @default both */
  readonly delivery?: Config['delivery'];
  /** Only where there is a ledger. @default everywhere */
  readonly ledgerOnly?: true;
  /** Only for topics that carry findings. @default for operations too */
  readonly findingTopicsOnly?: true;
}

const FIVE_MINUTES = 300;
const HALF_HOUR = 1800;
const FIFTEEN_MINUTES_MS = 900_000;
const incoming = { of: 'logGroup', name: 'IncomingLogEvents' } as const;
const forwarded = { of: 'filter', name: 'ForwardedLogEvents' } as const;
const invocations = { of: 'alias', name: 'Invocations' } as const;
const received = { of: 'figures', name: 'received' } as const;

function figure(name: string): WatchedMetric {
  return { of: 'figures', name };
}

/**
 * Every alarm on the pipeline itself. The first four compare neighbouring hops, so that the one that fires names the
 * hop that fell silent. They look at two half hours in a row: a record that crosses the border of one is made up for
 * in the next.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch-Logs-Monitoring-CloudWatch-Metrics.html
 * @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-monitoring-using-cloudwatch.html
 */
export const PIPELINE_ALARMS: readonly PipelineAlarm[] = [
  {
    id: 'silent-trail',
    means:
      'Nothing reached the log group for 60 minutes. It also fires right after the first deployment, until the trail delivers.',
    first: "Look at the trail's status (get-trail-status): logging on, latest CloudWatch Logs delivery and its error.",
    metrics: { incoming },
    periodSeconds: FIVE_MINUTES,
    periods: 12,
    below: true,
    missing: 'breaching',
    tellsRecovery: true,
  },
  {
    id: 'silent-subscription',
    means: 'The log group receives records and forwards none.',
    first: 'Look for the subscription filter on the log group (describe-subscription-filters), then deploy again.',
    metrics: { incoming, forwarded },
    expression: 'IF(FILL(incoming, 0) > 0 AND FILL(forwarded, 0) == 0, 1, 0)',
    periodSeconds: HALF_HOUR,
    // A pushed-down whitelist may rightly hold back all that a quiet account does in an hour.
    periods: ({ pushdown }) => (pushdown ? 12 : 2),
    missing: 'breaching',
    tellsRecovery: true,
  },
  {
    id: 'silent-function',
    means: 'The log group forwards records and the function is not invoked.',
    first:
      "Look at the function's concurrency and the permission on its alias; on Kinesis, at the event source mapping's state.",
    metrics: { forwarded, invocations },
    expression: 'IF(FILL(forwarded, 0) > 0 AND FILL(invocations, 0) == 0, 1, 0)',
    periodSeconds: HALF_HOUR,
    periods: 2,
    missing: 'breaching',
    tellsRecovery: true,
  },
  {
    id: 'missing-records',
    means: 'The function is invoked but receives fewer records than the log group forwards (over 1 % fewer).',
    first:
      "Search the function's log for errors and for its metrics lines; records that failed lie in the failure bucket.",
    metrics: { forwarded, invocations, received },
    expression: 'IF(FILL(invocations, 0) > 0 AND FILL(received, 0) < 0.99 * FILL(forwarded, 0), 1, 0)',
    periodSeconds: HALF_HOUR,
    periods: 2,
    missing: 'breaching',
    tellsRecovery: true,
  },
  {
    id: 'delivery-errors',
    means:
      'CloudWatch Logs could not hand records to their destination. On refusals it pauses up to 10 minutes and skips them.',
    first:
      'Look at the destination: it exists, and its permission names this log group. Skipped records are still in the log group.',
    metrics: { errors: { of: 'filter', name: 'DeliveryErrors' } },
    periodSeconds: FIVE_MINUTES,
  },
  {
    id: 'delivery-throttling',
    means: 'CloudWatch Logs is throttled by the destination. It retries for 24 hours, then drops.',
    first: 'Raise reserved concurrency, or deliver through Kinesis; on Kinesis look at how the stream is throttled.',
    metrics: { throttled: { of: 'filter', name: 'DeliveryThrottling' } },
    periodSeconds: FIVE_MINUTES,
    periods: 3,
  },
  {
    id: 'function-errors',
    means: 'An invocation failed. It is tried again twice; messages of a queue come again.',
    first: "Read the error in the function's log; it names a code.",
    metrics: { errors: { of: 'function', name: 'Errors' } },
    periodSeconds: FIVE_MINUTES,
  },
  {
    id: 'function-throttles',
    means: 'Invocations are refused for lack of concurrency; alerts are late.',
    first: "Raise the account's or the function's concurrency, or deliver through Kinesis.",
    metrics: { throttles: { of: 'function', name: 'Throttles' } },
    periodSeconds: FIVE_MINUTES,
    periods: 2,
  },
  {
    id: 'function-slow',
    means: 'An invocation took over 80 % of its timeout.',
    first: 'Raise memoryMb (it brings CPU) or timeoutSeconds, and look for SNS retries in the log.',
    metrics: { duration: { of: 'function', name: 'Duration', statistic: 'Maximum' } },
    periodSeconds: FIVE_MINUTES,
    threshold: ({ function: { timeoutSeconds } }) => timeoutSeconds * 800,
  },
  {
    id: 'events-waiting',
    means: 'Records wait over 15 minutes for the function.',
    first: 'Look at errors and throttles first: they make events wait. Age 6 hours is the end of the queue.',
    metrics: { age: { of: 'function', name: 'AsyncEventAge', statistic: 'Maximum' } },
    periodSeconds: FIVE_MINUTES,
    threshold: FIFTEEN_MINUTES_MS,
    delivery: 'direct',
  },
  {
    id: 'stream-waiting',
    means: 'Records wait over 15 minutes in the stream.',
    first:
      'Look at errors and throttles first: a failing batch holds its shard. Then raise the concurrency of the function.',
    metrics: { age: { of: 'function', name: 'IteratorAge', statistic: 'Maximum' } },
    periodSeconds: FIVE_MINUTES,
    threshold: FIFTEEN_MINUTES_MS,
    delivery: 'kinesis',
  },
  {
    id: 'events-dropped',
    means: 'Lambda gave up on an event; its records are in the failure bucket, not alerted.',
    first: 'Mend what failed, then redrive the failure bucket.',
    metrics: { dropped: { of: 'function', name: 'AsyncEventsDropped' } },
    periodSeconds: FIVE_MINUTES,
    delivery: 'direct',
  },
  {
    id: 'failures-not-stored',
    means:
      'Lambda could not write a failed event to the failure bucket: those records are only in the log group and the trail.',
    first:
      "Look at the function role's access to the failure bucket and its key, then read the records from the log group.",
    metrics: { failures: { of: 'function', name: 'DestinationDeliveryFailures' } },
    periodSeconds: FIVE_MINUTES,
  },
  {
    id: 'undecodable-deliveries',
    means: 'A payload could not be decoded at all, or a file not be read: denied, damaged or not in time.',
    first:
      "Search the function's log for the error. The bytes of a payload are in the failure bucket; the notice of a file comes again, and ends among the dead letters.",
    metrics: { failed: figure('deliveriesFailed') },
    periodSeconds: FIVE_MINUTES,
  },
  {
    id: 'unknown-messages',
    means:
      'CloudWatch Logs, or who tells of files, sent a message that trailbell does not know; what it held was not rated.',
    first: 'Upgrade trailbell, or report the type the log names.',
    metrics: { unknown: figure('unknownMessages') },
    periodSeconds: FIVE_MINUTES,
  },
  {
    id: 'rejected-records',
    means: 'A record was no CloudTrail record and was not rated. A notice names its position.',
    first: 'Look whether something else than CloudTrail writes to the log group or the bucket.',
    metrics: { rejected: figure('rejected') },
    periodSeconds: FIVE_MINUTES,
  },
  {
    id: 'balance-broken',
    means: 'Received is not whitelisted + quiet + logged + published + rejected: a record was lost or counted twice.',
    first: 'Report it with the metrics line of that minute; classify the same records with the command line.',
    metrics: {
      received,
      whitelisted: figure('whitelisted'),
      quiet: figure('quiet'),
      logged: figure('logged'),
      published: figure('published'),
      rejected: figure('rejected'),
    },
    expression: 'ABS(received - whitelisted - quiet - logged - published - rejected)',
    periodSeconds: FIVE_MINUTES,
  },
  {
    id: 'findings-unbalanced',
    means: 'Findings of a topic are not delivered + repeated + held back + undelivered: one has no known fate.',
    first: 'Report it with the metrics line of that minute; compare published records in the log with the topic.',
    metrics: {
      findings: { of: 'topicFigures', name: 'findings' },
      delivered: { of: 'topicFigures', name: 'delivered' },
      repeated: { of: 'topicFigures', name: 'repeated' },
      heldback: { of: 'topicFigures', name: 'heldBack' },
      undelivered: { of: 'topicFigures', name: 'undelivered' },
    },
    expression: 'ABS(findings - delivered - repeated - heldback - undelivered)',
    periodSeconds: FIVE_MINUTES,
    findingTopicsOnly: true,
  },
  {
    id: 'undelivered-findings',
    means:
      'SNS refused a finding for good. It waits in the undelivered queue; where that refused it as well, function-errors fires too.',
    first:
      "Run trailbell redrive --dry-run: it lists topic, finding and SNS's error code. What no queue took is in the function's log under undelivered_findings.",
    metrics: { undelivered: figure('undelivered') },
    periodSeconds: FIVE_MINUTES,
  },
  {
    id: 'undelivered-waiting',
    means: 'Findings that nobody was sent wait in the undelivered queue. It keeps them for 14 days.',
    first: 'Run trailbell redrive --dry-run, mend what it says refused them, then run trailbell redrive.',
    metrics: { visible: { of: 'undeliveredQueue', name: 'ApproximateNumberOfMessagesVisible', statistic: 'Maximum' } },
    periodSeconds: FIVE_MINUTES,
    tellsRecovery: true,
  },
  {
    id: 'ledger-failures',
    means:
      'Calls to the ledger failed for ten minutes. Alerts go out, but repeats and storms are not held back, and counts see one invocation.',
    first:
      "Search the function's log for ledger_not_available: it names the error, such as throttling, permission or key; look at the table's metrics.",
    metrics: { failures: figure('ledgerFailures') },
    periodSeconds: FIVE_MINUTES,
    // One slow answer harms nothing and mends itself.
    periods: 2,
    tellsRecovery: true,
    ledgerOnly: true,
  },
  {
    id: 'digest-errors',
    means:
      'The digest function failed, or SNS or the ledger refused it: a digest of what a storm held back is late. It tries again every 5 minutes.',
    first:
      "Search the digest function's log for digest_not_delivered and ledger_not_available. Held back findings are in the alert function's log meanwhile.",
    metrics: { errors: { of: 'digest', name: 'Errors' }, failed: { of: 'digestFigures', name: 'digestsFailed' } },
    expression: 'FILL(errors, 0) + FILL(failed, 0)',
    periodSeconds: FIVE_MINUTES,
    ledgerOnly: true,
  },
  {
    id: 'silent-digest',
    means:
      'The digest function has not run for 15 minutes: nobody hears what storms held back. It may also fire right after its first deployment, until the first run.',
    first: "Look at the rule that invokes it (enabled, its target), the function's permission and its throttles.",
    metrics: { invocations: { of: 'digest', name: 'Invocations' } },
    periodSeconds: FIVE_MINUTES,
    periods: 3,
    below: true,
    missing: 'breaching',
    tellsRecovery: true,
    ledgerOnly: true,
  },
  {
    id: 'notices-failed',
    means: 'A notice about rejected records did not reach the operations topic.',
    first: "Look at the operations topic's policy and key; what the notice said is in the function's log.",
    metrics: { failed: figure('noticesFailed') },
    periodSeconds: FIVE_MINUTES,
  },
  {
    id: 'topic-failures',
    means: 'SNS could not deliver to a subscriber of this topic.',
    first: "Look at the subscriber's dead-letter queue: the message and the reason are there.",
    metrics: { failed: { of: 'topic', name: 'NumberOfNotificationsFailed' } },
    periodSeconds: FIVE_MINUTES,
  },
  {
    id: 'topic-redrive-failures',
    means: 'SNS could not deliver to a subscriber nor to its dead-letter queue: that copy is lost.',
    first: "Look at the dead-letter queue's policy and key; the finding is in the function's log.",
    metrics: { failed: { of: 'topic', name: 'NumberOfNotificationsFailedToRedriveToDlq' } },
    periodSeconds: FIVE_MINUTES,
  },
  {
    id: 'topic-invalid-attributes',
    means: 'SNS dropped a message because its attributes did not parse; no subscriber with a filter saw it.',
    first: 'Report it with the finding: trailbell writes these attributes.',
    metrics: { filtered: { of: 'topic', name: 'NumberOfNotificationsFilteredOut-InvalidAttributes' } },
    periodSeconds: FIVE_MINUTES,
    findingTopicsOnly: true,
  },
  {
    id: 'nobody-heard',
    means:
      'Findings were published for an hour and no subscriber got one: none is confirmed, or filters drop them all.',
    first:
      'Run trailbell verify: it names pending subscriptions. Then compare filter policies with alertAt and the teams.',
    metrics: {
      published: { of: 'findingTopics', name: 'NumberOfMessagesPublished' },
      delivered: { of: 'findingTopics', name: 'NumberOfNotificationsDelivered' },
      failed: { of: 'findingTopics', name: 'NumberOfNotificationsFailed' },
    },
    expression: 'IF(FILL(published, 0) > 0 AND FILL(delivered, 0) + FILL(failed, 0) == 0, 1, 0)',
    periodSeconds: 3600,
    tellsRecovery: true,
  },
  {
    id: 'dead-letters',
    means: 'A subscriber could not be reached; what it missed waits in its dead-letter queue.',
    first: 'Mend the subscriber, then hand it the messages and delete them: SQS cannot move them back to a topic.',
    metrics: { visible: { of: 'queue', name: 'ApproximateNumberOfMessagesVisible', statistic: 'Maximum' } },
    periodSeconds: FIVE_MINUTES,
    tellsRecovery: true,
  },
];
