import { describe, expect, test } from 'vitest';
import { parseForwardSettings } from '../../function/forward-settings.ts';
import { parseIndexSettings } from '../../function/index-settings.ts';
import { type Attributes, arn, REGION, resolve, resourceOf, resources } from './iam.ts';
import { synthesise, type WholeStack, wholeConfig } from './synth.ts';
import { FOREIGN } from './synth-options.ts';

const NOTIFICATION = 'aws_s3_bucket_notification';
const SUBSCRIPTION = 'aws_sns_topic_subscription';
const MAPPING = 'aws_lambda_event_source_mapping';
const stackOf = (parts: object) => synthesise(wholeConfig(parts as never));
const indexer = { endpoint: 'https://index.example.com', authorization: 'none' };
const jsonOf = (value: unknown) => JSON.parse(String(value)) as Record<string, unknown>;
const environmentOf = (stack: WholeStack, id: RegExp) => {
  const { variables } = resourceOf(stack, 'aws_lambda_function', id)['environment'] as { variables: Attributes };
  return Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, resolve(stack, String(value))]));
};
const output = (stack: WholeStack, name: string) => resolve(stack, String(stack.output[name]?.value));

describe('who tells of files', () => {
  test.each([
    ['alerts', { alerts: { from: ['bucket'] } }],
    ['every reader', { alerts: { from: ['log-group', 'bucket'] }, forwarder: {}, indexer, workerQueue: {} }],
  ])('is one notification of the stack’s own bucket, to one topic: %s', (_, parts) => {
    const stack = stackOf({ trailOptions: { keyPrefix: 'audit' }, ...parts });
    expect(resourceOf(stack, NOTIFICATION)).toMatchObject({
      bucket: expect.stringMatching(/^\$\{aws_s3_bucket\.records_bucket_\w+\.bucket\}$/),
      topic: [{ events: ['s3:ObjectCreated:*'], filter_prefix: 'audit/AWSLogs/', filter_suffix: '.json.gz' }],
      depends_on: [expect.stringMatching(/^aws_sns_topic_policy\.notices_/)],
    });
    expect(output(stack, 'objects_topic_arn')).toBe(arn('sns', 'trailbell-objects'));
  });

  test('is the bucket itself where alerts alone want it so', () => {
    const stack = stackOf({ alerts: { from: ['bucket'], via: 'direct' } });
    expect(resourceOf(stack, NOTIFICATION)).toMatchObject({
      lambda_function: [{ lambda_function_arn: expect.stringMatching(/aws_lambda_alias\.alert_/) }],
      depends_on: expect.arrayContaining([expect.stringMatching(/^aws_lambda_permission\.notices_/)]),
    });
    const permission = resourceOf(stack, 'aws_lambda_permission', /^notices_/);
    expect(permission).toMatchObject({ principal: 's3.amazonaws.com', qualifier: expect.any(String) });
    expect(permission['source_account']).toBeDefined();
    expect([...resources(stack, 'aws_sns_topic').keys()].filter((id) => id.startsWith('notices'))).toEqual([]);
  });

  test.each([...FOREIGN].filter(([, parts]) => 'objects' in parts))(
    'never writes the configuration of a bucket that is not the stack’s: %s',
    (_, parts) => {
      const stack = stackOf(parts);
      expect(resources(stack, NOTIFICATION).size).toBe(0);
      expect(JSON.stringify(resources(stack, 'aws_s3_bucket'))).not.toContain('example-org-archive');
    },
  );

  test('is a rule that matches new log files of that bucket', () => {
    const stack = stackOf(FOREIGN.get('a rule on a bucket’s events')!);
    expect(jsonOf(resourceOf(stack, 'aws_cloudwatch_event_rule', /^notices/)['event_pattern'])).toEqual({
      source: ['aws.s3'],
      'detail-type': ['Object Created'],
      detail: { bucket: { name: ['example-org-archive'] }, object: { key: [{ prefix: 'AWSLogs/' }] } },
    });
    const targets = [...resources(stack, 'aws_cloudwatch_event_target')].filter(([id]) => id.startsWith('notices'));
    expect(targets).toHaveLength(4);
    for (const [, target] of targets) expect(target['dead_letter_config']).toEqual({ arn: expect.any(String) });
  });

  test('sends queues what S3 wrote, and keeps what it cannot deliver', () => {
    const stack = stackOf({ alerts: { from: ['bucket'] }, forwarder: {}, indexer, workerQueue: {} });
    const own = [...resources(stack, SUBSCRIPTION)].filter(([id]) => id.startsWith('notices_'));
    expect(own.map(([, { protocol }]) => protocol).sort()).toEqual(['lambda', 'sqs', 'sqs', 'sqs']);
    for (const [id, subscription] of own) {
      expect(subscription['raw_message_delivery'], id).toBe(subscription['protocol'] === 'sqs' ? true : undefined);
      expect(jsonOf(resolve(stack, String(subscription['redrive_policy'])))['deadLetterTargetArn']).toMatch(/-failed$/);
      expect(subscription).not.toHaveProperty('filter_policy');
    }
  });
});

describe('a queue of notices', () => {
  const stack = stackOf({
    alerts: { from: ['bucket'] },
    function: { timeoutSeconds: 120 },
    indexer: { ...indexer, timeoutSeconds: 200 },
    workerQueue: { visibilitySeconds: 600, maxReceives: 3 },
  });
  test.each([
    ['trailbell-alert-objects', 720, 5],
    ['trailbell-index', 1200, 5],
    ['trailbell-worker', 600, 3],
  ])('%s hides a message %s seconds and gives it out %s times', (name, visibility, receives) => {
    const queue = [...resources(stack, 'aws_sqs_queue').values()].find((each) => each['name'] === name)!;
    expect(queue['visibility_timeout_seconds']).toBe(visibility);
    expect(jsonOf(resolve(stack, String(queue['redrive_policy'])))).toEqual({
      deadLetterTargetArn: arn('sqs', `${name}-failed`),
      maxReceiveCount: receives,
    });
    const failed = [...resources(stack, 'aws_sqs_queue').values()].find((each) => each['name'] === `${name}-failed`)!;
    expect(failed['message_retention_seconds']).toBeGreaterThan(Number(queue['message_retention_seconds']));
    expect(jsonOf(resolve(stack, String(failed['redrive_allow_policy'])))['sourceQueueArns']).toEqual([
      arn('sqs', name),
    ]);
  });

  test('is read by a mapping that reports single failures', () => {
    const mappings = [...resources(stack, MAPPING).values()];
    expect(mappings).toHaveLength(2);
    for (const mapping of mappings) expect(mapping['function_response_types']).toEqual(['ReportBatchItemFailures']);
    expect(resourceOf(stack, MAPPING, /^indexer/)['scaling_config']).toEqual({ maximum_concurrency: 4 });
  });

  test('of somebody else’s is read as it is, and none is made', () => {
    const foreign = stackOf(FOREIGN.get('queues of somebody else’s')!);
    const sources = [...resources(foreign, MAPPING).values()].map((mapping) => mapping['event_source_arn']);
    expect(sources.sort()).toEqual([
      `arn:aws:sqs:${REGION}:123456789012:files-for-alerts`,
      `arn:aws:sqs:${REGION}:123456789012:files-for-index`,
    ]);
    expect(resources(foreign, SUBSCRIPTION).size).toBe(2);
  });
});

describe('the forwarder', () => {
  const stack = stackOf({ forwarder: {} });
  const RUNTIME = { AWS_LAMBDA_FUNCTION_NAME: 'trailbell-forward' };

  test('has the defaults of the module it replaces', () => {
    expect(resourceOf(stack, 'aws_kinesis_stream')).toMatchObject({
      name: 'trailbell-forwarded',
      shard_count: 4,
      retention_period: 7 * 24,
      kms_key_id: 'alias/aws/kinesis',
      stream_mode_details: { stream_mode: 'PROVISIONED' },
    });
    expect(resourceOf(stack, 'aws_lambda_function', /^forwarder/)).toMatchObject({ memory_size: 512 });
    expect(resourceOf(stack, 'aws_cloudwatch_log_group', /^forwarder/)).toMatchObject({ retention_in_days: 7 });
    expect(resourceOf(stack, 'aws_lambda_function_event_invoke_config', /^forwarder/)).toMatchObject({
      maximum_retry_attempts: 2,
      destination_config: { on_failure: { destination: expect.stringMatching(/^\$\{aws_sqs_queue\.forwarder_/) } },
    });
  });

  test('says where records are, and who tells of files', () => {
    expect(output(stack, 'forward_stream_arn')).toBe(arn('kinesis', 'stream/trailbell-forwarded'));
    expect(output(stack, 'forward_stream_name')).toBe('trailbell-forwarded');
    expect(output(stack, 'objects_topic_arn')).toBe(arn('sns', 'trailbell-objects'));
    expect(output(stack, 'objects_topic_name')).toBe('trailbell-objects');
    const existing = stackOf(FOREIGN.get('a topic of somebody else’s')!);
    expect(output(existing, 'objects_topic_name')).toBe('org-files');
    expect(stackOf(FOREIGN.get('a rule on a bucket’s events')!).output).not.toHaveProperty('objects_topic_name');
  });

  test.each<[object, object]>([
    [{}, { format: 'file', recordsPerPack: 100, partitionBy: 'record', maxRecordBytes: 1_048_576 }],
    [
      { format: 'file-gzip', recordsPerPack: 500, maxRecordKib: 2048 },
      { recordsPerPack: 500, maxRecordBytes: 2_097_152 },
    ],
    [
      { format: 'record', partitionBy: 'account' },
      { format: 'record', partitionBy: 'account' },
    ],
  ])('tells the function what %j says', (forwarder, settings) => {
    const variables = environmentOf(stackOf({ forwarder }), /^forwarder/);
    expect(parseForwardSettings({ ...variables, ...RUNTIME })).toMatchObject({
      ...settings,
      stream: { name: 'trailbell-forwarded', region: REGION },
    });
  });

  test('takes a stream on demand, of another name and size', () => {
    const other = stackOf({
      forwarder: { shards: 'on-demand', streamName: 'all-records', maxRecordKib: 4096, streamRetentionDays: 1 },
      objects: { topicName: 'cloudtrail-files' },
    });
    const stream = resourceOf(other, 'aws_kinesis_stream');
    expect(stream).toMatchObject({
      name: 'all-records',
      retention_period: 24,
      max_record_size_in_kib: 4096,
      stream_mode_details: { stream_mode: 'ON_DEMAND' },
    });
    expect(stream).not.toHaveProperty('shard_count');
    expect(resourceOf(other, 'aws_sns_topic', /^notices/)['name']).toBe('cloudtrail-files');
  });

  test('draws volume, errors and age on a dashboard of its own', () => {
    const { widgets } = jsonOf(resourceOf(stack, 'aws_cloudwatch_dashboard', /^forwarder/)['dashboard_body']) as {
      widgets: { properties: { title: string; metrics: string[][] } }[];
    };
    const titles = widgets.map(({ properties }) => properties.title).join(' ');
    for (const word of ['Volume', 'Errors', 'Age']) expect(titles).toContain(word);
    const metrics = widgets.flatMap(({ properties }) => properties.metrics.map(([, name]) => name));
    expect(metrics).toContain('NumberOfCloudTrailRecordsShippedToKinesis');
  });
});

describe('the indexer', () => {
  const RUNTIME = { AWS_REGION: REGION, AWS_LAMBDA_FUNCTION_NAME: 'trailbell-index' };
  const secretArn = arn('secretsmanager', 'secret:index-AbCdEf');
  test.each<[object, object]>([
    [{}, { output: 'bulk', authorization: 'none', prefix: 'cloudtrail', raw: false, maxBatchRecords: 1000 }],
    [
      { authorization: 'secret', secretArn, raw: true },
      { authorization: 'secret', secretArn, raw: true },
    ],
    [
      { output: 'http-lines', indexPrefix: 'audit', maxBatchBytes: 65_536 },
      { output: 'http-lines', prefix: 'audit' },
    ],
  ])('tells the function what %j says', (settings, understood) => {
    const variables = environmentOf(stackOf({ indexer: { ...indexer, ...settings } }), /^indexer/);
    expect(parseIndexSettings({ ...variables, ...RUNTIME })).toMatchObject({
      ...understood,
      deadLetterQueueUrl: expect.stringMatching(/\/trailbell-index-refused$/),
    });
  });
});

describe('records of other accounts', () => {
  const stack = stackOf(FOREIGN.get('other accounts alone')!);

  test('come by a destination that only they may subscribe to, into a stream of its own', () => {
    const policy = jsonOf(
      resolve(stack, String(resourceOf(stack, 'aws_cloudwatch_log_destination_policy')['access_policy'])),
    );
    expect(policy['Statement']).toEqual([
      {
        Sid: 'SendersSubscribe',
        Effect: 'Allow',
        Principal: { AWS: ['123456789012'] },
        Action: 'logs:PutSubscriptionFilter',
        Resource: arn('logs', 'destination:trailbell-senders'),
      },
    ]);
    expect(resourceOf(stack, 'aws_cloudwatch_log_destination')['depends_on']).toEqual([
      expect.stringMatching(/^aws_iam_role_policy\.log-destination_/),
    ]);
    expect(resourceOf(stack, MAPPING)).toMatchObject({
      bisect_batch_on_function_error: true,
      destination_config: { on_failure: expect.anything() },
    });
  });

  test('need no trail, log group or subscription in this account', () => {
    for (const type of ['aws_cloudtrail', 'aws_cloudwatch_log_subscription_filter', NOTIFICATION]) {
      expect(resources(stack, type).size, type).toBe(0);
    }
    expect([...resources(stack, 'aws_cloudwatch_log_group').keys()].filter((id) => id.startsWith('records'))).toEqual(
      [],
    );
    expect(stack.output).not.toHaveProperty('log_group_name');
    const alarms = [...resources(stack, 'aws_cloudwatch_metric_alarm').values()].map((alarm) => JSON.stringify(alarm));
    expect(alarms.filter((alarm) => alarm.includes('AWS/Logs'))).toEqual([]);
    expect(JSON.stringify(resourceOf(stack, 'aws_cloudwatch_dashboard'))).not.toContain('AWS/Logs');
  });
});
