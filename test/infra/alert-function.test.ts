import { describe, expect, test } from 'vitest';
import { parseSettings } from '../../function/settings.ts';
import { alertingStack, DATA_KEY } from './alerting-stack.ts';
import { arn, resolve, resourceOf, resources } from './iam.ts';

const { stack } = alertingStack();
const functionOf = (parts: object) => resourceOf(alertingStack(parts).stack, 'aws_lambda_function');

describe('the alert function', () => {
  test('runs the bundle on Node 24 and arm64, from the zip whose hash it states', () => {
    expect(resourceOf(stack, 'aws_lambda_function')).toMatchObject({
      function_name: 'trailbell-alert',
      runtime: 'nodejs24.x',
      architectures: ['arm64'],
      handler: 'index.handler',
      memory_size: 512,
      timeout: 60,
      publish: true,
      filename: expect.stringMatching(/^assets\/.*\/trailbell\.zip$/),
      source_code_hash: 'c2hhMjU2',
      tracing_config: { mode: 'PassThrough' },
    });
  });

  test('gets its options', () => {
    expect(
      functionOf({ function: { memoryMb: 1024, timeoutSeconds: 120, reservedConcurrency: 5, tracing: true } }),
    ).toMatchObject({
      memory_size: 1024,
      timeout: 120,
      reserved_concurrent_executions: 5,
      tracing_config: { mode: 'Active' },
    });
    expect(functionOf({})).not.toHaveProperty('reserved_concurrent_executions');
  });

  test('writes to an encrypted log group made before it, its lines left as they are', () => {
    const [id] = resources(stack, 'aws_cloudwatch_log_group').keys();
    expect(resourceOf(stack, 'aws_cloudwatch_log_group')).toEqual({
      name: '/aws/lambda/trailbell-alert',
      retention_in_days: 90,
      kms_key_id: DATA_KEY,
      skip_destroy: true,
    });
    expect(resourceOf(stack, 'aws_lambda_function')['logging_config']).toEqual({
      log_format: 'Text',
      log_group: `\${aws_cloudwatch_log_group.${id}.name}`,
    });
  });

  test.each([
    ['without chat', {}, undefined, true],
    [
      'with chat and without records',
      { chat: true, function: { includeRecord: false } },
      arn('sns', 'trailbell-chat'),
      false,
    ],
  ] as const)('has an environment that the function accepts, %s', (_, parts, chat, includeRecord) => {
    const { stack: own } = alertingStack(parts);
    const { variables } = resourceOf(own, 'aws_lambda_function')['environment'] as {
      variables: Record<string, string>;
    };
    const resolved = Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, resolve(own, value)]));
    expect(
      parseSettings({ ...resolved, AWS_REGION: 'eu-central-1', AWS_LAMBDA_FUNCTION_NAME: 'trailbell-alert' }),
    ).toMatchObject({
      topics: {
        alerts: arn('sns', 'trailbell-alerts'),
        findings: arn('sns', 'trailbell-findings'),
        chat,
        operations: arn('sns', 'trailbell-operations'),
      },
      includeRecord,
    });
  });

  test('waits for its permissions and for the policies of the topics', () => {
    const { depends_on } = resourceOf(stack, 'aws_lambda_function') as { depends_on: string[] };
    expect(depends_on.filter((each) => each.startsWith('aws_iam_role_policy.'))).toHaveLength(1);
    expect(depends_on.filter((each) => each.startsWith('aws_sns_topic_policy.'))).toHaveLength(3);
  });

  test('is reached through an alias that follows the published version', () => {
    const [id] = resources(stack, 'aws_lambda_function').keys();
    expect(resourceOf(stack, 'aws_lambda_alias')).toEqual({
      name: 'live',
      function_name: `\${aws_lambda_function.${id}.function_name}`,
      function_version: `\${aws_lambda_function.${id}.version}`,
    });
  });

  test('tries a failed event three times within six hours and then keeps its payload', () => {
    const config = resourceOf(stack, 'aws_lambda_function_event_invoke_config');
    expect(config).toMatchObject({ maximum_event_age_in_seconds: 21_600, maximum_retry_attempts: 2 });
    expect(resolve(stack, String(config['qualifier']))).toBe('live');
    const { on_failure } = config['destination_config'] as { on_failure: { destination: string } };
    expect(resolve(stack, on_failure.destination)).toBe('arn:aws:s3:::trailbell-failed-111122223333-eu-central-1');
    expect((config['depends_on'] as string[]).some((each) => each.startsWith('aws_iam_role_policy.'))).toBe(true);
  });
});
