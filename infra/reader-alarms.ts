import type { ToolAlarm } from './tool-alarms.ts';

const waiting = { metric: 'ApproximateNumberOfMessagesVisible', statistic: 'Maximum', tellsRecovery: true } as const;
const oldest = { metric: 'ApproximateAgeOfOldestMessage', statistic: 'Maximum', tellsRecovery: true } as const;

const missing = {
  first:
    "Search the log's warnings for missing_object: it names the file. Look at the bucket's lifecycle rules and at who may delete.",
  of: 'figures',
  metric: 'objectsMissing',
} as const;

/** Alarms on the forwarder. @see https://docs.aws.amazon.com/streams/latest/dev/monitoring-with-cloudwatch.html */
export const FORWARD_ALARMS: readonly ToolAlarm[] = [
  {
    id: 'forward-silent',
    means:
      'The forward function was not invoked for 60 minutes: no file is told of. A quiet account may do that by night.',
    first: "Look at the trail's latest delivery, then at the bucket's notification and the topic's subscription.",
    of: 'function',
    metric: 'Invocations',
    periods: 12,
    below: true,
    tellsRecovery: true,
  },
  {
    id: 'forward-errors',
    means: 'An invocation failed: the stream, the bucket or a key refused it. It is tried again twice.',
    first: "Read the error in the forward function's log; it names a code.",
    of: 'function',
    metric: 'Errors',
  },
  {
    id: 'forward-throttles',
    means: 'Invocations are refused for lack of concurrency; records are late.',
    first: "Raise the account's concurrency.",
    of: 'function',
    metric: 'Throttles',
    periods: 2,
  },
  {
    id: 'forward-oversized',
    means: 'A record is larger than a record of the stream may be. It is in its file, not in the stream.',
    first: 'Search the log for oversized_record: it names bucket, key, position and eventID.',
    of: 'figures',
    metric: 'oversized',
  },
  {
    id: 'forward-unreadable',
    means: 'Something in a file is no JSON object. It is in its file, not in the stream.',
    first: 'Search the log for the file; look whether something else than CloudTrail writes to the bucket.',
    of: 'figures',
    metric: 'unreadable',
  },
  {
    id: 'forward-missing',
    means: 'A file was gone before it was read: its records are not in the stream.',
    ...missing,
  },
  {
    id: 'forward-refused',
    means: 'The stream refuses writes for lack of throughput for 15 minutes. They are tried again, and late.',
    first: 'Add shards, or take "on-demand"; with partitionBy "account" one account fills one shard.',
    of: 'stream',
    metric: 'WriteProvisionedThroughputExceeded',
    periods: 3,
  },
  {
    id: 'forward-waiting',
    means: 'Notices wait over 15 minutes for the forward function.',
    first: 'Look at errors and throttles first: they make events wait. Age 6 hours is the end of the queue.',
    of: 'function',
    metric: 'AsyncEventAge',
    statistic: 'Maximum',
    threshold: 900_000,
  },
  {
    id: 'forward-failures-not-stored',
    means: 'Lambda could not put a notice it gave up on into the queue of failures: its files are only in the bucket.',
    first: "Look at the role's access to the queue and its key; find the files by the time of the alarm.",
    of: 'function',
    metric: 'DestinationDeliveryFailures',
  },
  {
    id: 'forward-dead-letters',
    means: 'Notices of files that failed for good wait in the queue of failures. It keeps them for 14 days.',
    first:
      'Mend what the log says; then bring their files by trailbell backfill --to kinesis, and delete the messages.',
    of: 'failed',
    ...waiting,
  },
];

/** Alarms on the indexer. @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html */
export const INDEX_ALARMS: readonly ToolAlarm[] = [
  {
    id: 'index-silent',
    means:
      'The index function was not invoked for 60 minutes: no file is told of. A quiet account may do that by night.',
    first: "Look at the trail's latest delivery, then at who fills the queue, and at the event source mapping's state.",
    of: 'function',
    metric: 'Invocations',
    periods: 12,
    below: true,
    tellsRecovery: true,
  },
  {
    id: 'index-errors',
    means: 'An invocation failed as a whole. Its messages come again.',
    first: "Read the error in the index function's log; it names a code.",
    of: 'function',
    metric: 'Errors',
  },
  {
    id: 'index-throttles',
    means: 'Invocations are refused for lack of concurrency; records are late.',
    first: "Raise the account's concurrency.",
    of: 'function',
    metric: 'Throttles',
    periods: 2,
  },
  {
    id: 'index-left',
    means: 'The output did not take records for 15 minutes. Their messages come again.',
    first: 'Search the log for unindexed_records: it has the answer of the output, such as 403 or 429.',
    of: 'figures',
    metric: 'left',
    periods: 3,
    tellsRecovery: true,
  },
  {
    id: 'index-missing',
    means: 'A file was gone before it was read: its records are not in the index.',
    ...missing,
  },
  {
    id: 'index-waiting',
    means: 'Notices wait over 15 minutes in the queue.',
    first: 'Look at index-left and index-errors; then raise maximumConcurrency as far as the output bears it.',
    of: 'queue',
    threshold: 900,
    ...oldest,
  },
  {
    id: 'index-refused',
    means:
      'The output refuses records for good. They wait, with its reason, in the queue of refused records for 14 days.',
    first: 'Read a message: reason says what, position says where the record is.',
    of: 'refused',
    ...waiting,
  },
  {
    id: 'index-dead-letters',
    means: 'Notices of files that failed five times wait among the dead letters. They are kept for 14 days.',
    first: 'Mend what the log says, then start the redrive of the dead-letter queue.',
    of: 'failed',
    ...waiting,
  },
];

/** Alarms on the queue of a long-running worker. */
export const WORKER_ALARMS: readonly ToolAlarm[] = [
  {
    id: 'worker-waiting',
    means: 'Notices wait over an hour in the queue: no worker runs, or it is too slow.',
    first: 'Look at the worker; start more of them, or raise its concurrency.',
    of: 'queue',
    threshold: 3600,
    ...oldest,
  },
  {
    id: 'worker-dead-letters',
    means: 'The worker gave back or lost the same notice too often; it waits among the dead letters for 14 days.',
    first: 'Mend what the log of the worker says, then start the redrive of the dead-letter queue.',
    of: 'failed',
    ...waiting,
  },
];

/** Alarms on the alert function's way from the bucket. */
export const OBJECT_ALARMS: readonly ToolAlarm[] = [
  {
    id: 'objects-silent',
    means: 'The alert function read no file for 60 minutes. A quiet account may do that by night.',
    first: "Look at the trail's latest delivery, then at who tells of files.",
    of: 'figures',
    metric: 'objectsRead',
    periods: 12,
    below: true,
    tellsRecovery: true,
  },
  {
    id: 'objects-missing',
    means: 'A file was gone before it was read: its records were not rated.',
    ...missing,
  },
  {
    id: 'objects-waiting',
    means: 'Notices of files wait over 15 minutes for the alert function.',
    first: 'Look at function-errors and function-throttles first.',
    of: 'queue',
    threshold: 900,
    ...oldest,
  },
  {
    id: 'objects-dead-letters',
    means:
      'Notices of files that failed five times, or could not be handed over, wait among the dead letters: their records were not rated.',
    first:
      'Mend what the log says (denied_object, a key), then start the redrive of the dead-letter queue. Without a queue, bring the files back by trailbell reconcile.',
    of: 'failed',
    ...waiting,
  },
];

/** The alarm on the stream of other accounts' log groups. */
export const SENDER_ALARMS: readonly ToolAlarm[] = [
  {
    id: 'senders-waiting',
    means: 'Records of other accounts wait over 15 minutes in their stream.',
    first: 'Look at function-errors and function-throttles: a failing batch holds its shard.',
    of: 'stream',
    metric: 'GetRecords.IteratorAgeMilliseconds',
    statistic: 'Maximum',
    threshold: 900_000,
  },
  {
    id: 'senders-silent',
    means: 'No other account sent records for 60 minutes.',
    first: "Look at the senders' subscription filters: each names the destination.",
    of: 'stream',
    metric: 'IncomingRecords',
    periods: 12,
    below: true,
    tellsRecovery: true,
  },
];
