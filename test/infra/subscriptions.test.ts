import { describe, expect, test } from 'vitest';
import { alertingStack, DATA_KEY, LOG_GROUP } from './alerting-stack.ts';
import {
  ACCOUNT,
  ACCOUNT_KEY_POLICY,
  arn,
  decide,
  policyOf,
  REGION,
  resolve,
  resourceOf,
  resources,
  roleArn,
  type Synthesised,
} from './iam.ts';

const direct = alertingStack().stack;
const stream = alertingStack({ delivery: 'kinesis' }).stack;
const FILTER = 'aws_cloudwatch_log_subscription_filter';
const STREAM = arn('kinesis', 'stream/trailbell-records');
const destinationOf = (stack: Synthesised) => resolve(stack, String(resourceOf(stack, FILTER)['destination_arn']));
const idOf = (stack: Synthesised, type: string) => `${type}.${[...resources(stack, type).keys()].join()}`;

describe('either subscription', () => {
  // The destination of a filter cannot change, and one of the same name would be deleted with the old one.
  test('has one filter at one address, and switching makes the new one before the old one goes', () => {
    for (const [stack, name] of [
      [direct, 'trailbell'],
      [stream, 'trailbell.stream'],
    ] as const) {
      expect([...resources(stack, FILTER).keys()]).toEqual(['subscription-filter']);
      expect(resourceOf(stack, FILTER)).toMatchObject({
        name,
        lifecycle: { create_before_destroy: true },
        log_group_name: LOG_GROUP.name,
        filter_pattern: '',
      });
    }
  });

  test('keeps what the filter needs until the filter has moved', () => {
    const kept = [
      resourceOf(direct, 'aws_lambda_permission'),
      resourceOf(stream, 'aws_kinesis_stream'),
      resourceOf(stream, 'aws_iam_role', 'subscription'),
      resourceOf(stream, 'aws_iam_role_policy', 'subscription'),
    ];
    for (const each of kept) expect(each['lifecycle']).toEqual({ create_before_destroy: true });
  });
});

describe('the direct subscription', () => {
  test('lets this log group of this account, and nothing else, invoke the alias', () => {
    const { source_arn, source_account, principal, qualifier, function_name, ...rest } = resourceOf(
      direct,
      'aws_lambda_permission',
    );
    expect(rest).toEqual({
      action: 'lambda:InvokeFunction',
      statement_id_prefix: 'trailbell-logs-',
      lifecycle: { create_before_destroy: true },
    });
    expect(resolve(direct, String(principal))).toBe(`logs.${REGION}.amazonaws.com`);
    expect(source_arn).toBe(`${LOG_GROUP.arn}:*`);
    expect(resolve(direct, String(source_account))).toBe(ACCOUNT);
    expect(resolve(direct, String(qualifier))).toBe('live');
    expect(resolve(direct, String(function_name))).toBe('trailbell-alert');
  });

  test('is made when permission and failure destination are, without role or distribution', () => {
    const filter = resourceOf(direct, FILTER);
    expect(destinationOf(direct)).toBe(arn('lambda', 'function:trailbell-alert:live'));
    expect(filter['depends_on']).toEqual([
      idOf(direct, 'aws_lambda_permission'),
      idOf(direct, 'aws_lambda_function_event_invoke_config'),
    ]);
    expect(filter).not.toHaveProperty('role_arn');
    expect(filter).not.toHaveProperty('distribution');
    expect(
      resources(direct, 'aws_kinesis_stream').size + resources(direct, 'aws_lambda_event_source_mapping').size,
    ).toBe(0);
  });
});

describe('the subscription through a stream', () => {
  test('spreads over an encrypted stream that scales itself', () => {
    expect(resourceOf(stream, 'aws_kinesis_stream')).toMatchObject({
      name: 'trailbell-records',
      stream_mode_details: { stream_mode: 'ON_DEMAND' },
      encryption_type: 'KMS',
      kms_key_id: DATA_KEY,
    });
    expect(destinationOf(stream)).toBe(STREAM);
    expect(resourceOf(stream, FILTER)['distribution']).toBe('Random');
    expect(resourceOf(stream, FILTER)['depends_on']).toEqual([
      expect.stringMatching(/^aws_kinesis_stream\.subscription/),
      expect.stringMatching(/^aws_iam_role_policy\.subscription/),
    ]);
    expect(resources(stream, 'aws_lambda_permission').size).toBe(0);
  });

  test('lets no bad payload block its shard and loses none', () => {
    const mapping = resourceOf(stream, 'aws_lambda_event_source_mapping');
    expect(mapping).toMatchObject({
      starting_position: 'TRIM_HORIZON',
      bisect_batch_on_function_error: true,
      maximum_retry_attempts: 5,
      maximum_record_age_in_seconds: 21_600,
      function_response_types: ['ReportBatchItemFailures'],
      batch_size: 10,
    });
    expect(resolve(stream, String(mapping['function_name']))).toBe(arn('lambda', 'function:trailbell-alert:live'));
    const { on_failure } = mapping['destination_config'] as { on_failure: { destination_arn: string } };
    expect(resolve(stream, on_failure.destination_arn)).toBe(`arn:aws:s3:::trailbell-failed-${ACCOUNT}-${REGION}`);
    expect(mapping['depends_on']).toContain(idOf(stream, 'aws_lambda_function_event_invoke_config'));
  });

  test('has a role that CloudWatch Logs of this account and Region takes on', async () => {
    const resourcePolicy = policyOf(stream, 'aws_iam_role', 'subscription', 'assume_role_policy');
    const assume = (principal: string, source: string) =>
      decide({
        principal,
        action: 'sts:AssumeRole',
        resource: roleArn('trailbell-logs-to-stream'),
        context: { 'aws:SourceArn': source },
        resourcePolicy,
      });
    for (const principal of ['logs.amazonaws.com', `logs.${REGION}.amazonaws.com`]) {
      expect(await assume(principal, LOG_GROUP.arn)).toBe('Allowed');
      expect(await assume(principal, 'arn:aws:logs:eu-central-1:123456789012:log-group:x')).toBe('ImplicitlyDenied');
    }
    expect(await assume('firehose.amazonaws.com', LOG_GROUP.arn)).toBe('ImplicitlyDenied');
  });

  test.each([
    ['kinesis:PutRecord', STREAM, {}, 'Allowed'],
    ['kms:GenerateDataKey', DATA_KEY, { 'kms:ViaService': `kinesis.${REGION}.amazonaws.com` }, 'Allowed'],
    ['kms:GenerateDataKey', DATA_KEY, {}, 'ImplicitlyDenied'],
    ['kms:Decrypt', DATA_KEY, { 'kms:ViaService': `kinesis.${REGION}.amazonaws.com` }, 'ImplicitlyDenied'],
    ['kinesis:GetRecords', STREAM, {}, 'ImplicitlyDenied'],
    ['kinesis:DeleteStream', STREAM, {}, 'ImplicitlyDenied'],
    ['kinesis:PutRecord', arn('kinesis', 'stream/another'), {}, 'ImplicitlyDenied'],
  ] as const)('writes the stream and nothing else: %s on %s %j is %s', async (action, resource, context, decision) => {
    const identityPolicy = policyOf(stream, 'aws_iam_role_policy', 'subscription');
    expect(
      await decide({
        principal: roleArn('trailbell-logs-to-stream'),
        action,
        resource,
        context,
        identityPolicy,
        ...(action.startsWith('kms:') && { resourcePolicy: ACCOUNT_KEY_POLICY }),
      }),
    ).toBe(decision);
  });
});
