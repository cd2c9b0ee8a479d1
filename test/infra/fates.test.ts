import { describe, expect, test } from 'vitest';
import { alertingStack, DATA_KEY } from './alerting-stack.ts';
import { ACCOUNT, arn, decide, policyOf, resourceOf, resources, roleArn } from './iam.ts';

const { stack } = alertingStack();

describe('the ledger', () => {
  test('is one table on demand, encrypted with the key of the records, whose items expire', () => {
    expect(resourceOf(stack, 'aws_dynamodb_table')).toEqual({
      name: 'trailbell-ledger',
      billing_mode: 'PAY_PER_REQUEST',
      hash_key: 'pk',
      range_key: 'sk',
      attribute: [
        { name: 'pk', type: 'S' },
        { name: 'sk', type: 'S' },
      ],
      ttl: { attribute_name: 'expiresAt', enabled: true },
      server_side_encryption: { enabled: true, kms_key_arn: DATA_KEY },
      point_in_time_recovery: { enabled: false },
      deletion_protection_enabled: true,
    });
  });

  test('can be deleted only where data goes on destroy', () => {
    const { stack: own } = alertingStack({ destroyData: true });
    expect(resourceOf(own, 'aws_dynamodb_table')['deletion_protection_enabled']).toBe(false);
  });

  test('is not there when switched off, and the function is told of none', () => {
    const { stack: own } = alertingStack({ ledger: false });
    expect(resources(own, 'aws_dynamodb_table').size).toBe(0);
    const { variables } = resourceOf(own, 'aws_lambda_function')['environment'] as { variables: object };
    expect(variables).not.toHaveProperty('LEDGER_TABLE');
    expect(variables).toHaveProperty('UNDELIVERED_QUEUE_URL');
  });
});

describe('the queue of the undelivered', () => {
  const QUEUE = arn('sqs', 'trailbell-undelivered');
  const queue = resourceOf(stack, 'aws_sqs_queue', /^fates/);

  test('keeps a message for the longest SQS allows and hands none on: a person does', () => {
    expect(queue).toEqual({
      name: 'trailbell-undelivered',
      kms_master_key_id: DATA_KEY,
      message_retention_seconds: 1_209_600,
    });
  });

  test('is closed to who comes without TLS, and opens to nobody by itself', async () => {
    const resourcePolicy = policyOf(stack, 'aws_sqs_queue_policy', /^fates/);
    const request = { principal: roleArn('trailbell-alert'), action: 'sqs:SendMessage', resource: QUEUE };
    const identityPolicy = policyOf(stack, 'aws_iam_role_policy', 'alert_role');
    expect(await decide({ ...request, identityPolicy, resourcePolicy })).toBe('Allowed');
    const context = { 'aws:SecureTransport': 'false' };
    expect(await decide({ ...request, identityPolicy, resourcePolicy, context })).toBe('ExplicitlyDenied');
    expect(await decide({ ...request, resourcePolicy })).toBe('ImplicitlyDenied');
  });

  test.each([
    ['another role of the account', roleArn('administrator')],
    ['the digest function', roleArn('trailbell-digest')],
    ['another account', 'arn:aws:iam::123456789012:role/trailbell-alert'],
    ['SNS', 'sns.amazonaws.com'],
  ])('takes nothing from %s, whatever IAM allows them: redrive publishes what it finds there', async (_, principal) => {
    const everything = {
      Version: '2012-10-17',
      Statement: [{ Sid: 'All', Effect: 'Allow', Action: 'sqs:*', Resource: '*' }],
    };
    const request = { principal, resource: QUEUE, resourcePolicy: policyOf(stack, 'aws_sqs_queue_policy', /^fates/) };
    const isUser = principal.includes(':role/');
    const identityPolicy = isUser ? { identityPolicy: everything } : {};
    expect(await decide({ ...request, ...identityPolicy, action: 'sqs:SendMessage' })).toBe('ExplicitlyDenied');
    if (!principal.includes(ACCOUNT)) return;
    expect(await decide({ ...request, ...identityPolicy, action: 'sqs:ReceiveMessage' })).toBe('Allowed');
  });
});
