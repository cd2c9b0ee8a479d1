import { describe, expect, test } from 'vitest';
import { alertingStack } from './alerting-stack.ts';
import { ACCOUNT, arn, decide, policyOf, resolve, resourceOf, resources, roleArn } from './iam.ts';

const { stack } = alertingStack({ chat: true });
const FUNCTION = roleArn('trailbell-alert');
const DIGEST = roleArn('trailbell-digest');
const ALARM = { 'aws:SourceAccount': ACCOUNT, 'aws:SourceArn': arn('cloudwatch', 'alarm:trailbell-undelivered') };
const CLOUDWATCH = 'cloudwatch.amazonaws.com';
const TOPICS = ['alerts', 'findings', 'chat', 'operations'] as const;

const publish = (topic: string, principal: string, context: Record<string, string> = {}) =>
  decide({
    principal,
    action: 'sns:Publish',
    resource: arn('sns', `trailbell-${topic}`),
    context,
    resourcePolicy: policyOf(stack, 'aws_sns_topic_policy', `${topic}-policy`),
    identityPolicy: {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 'sns:Publish', Resource: arn('sns', `trailbell-${topic}`) }],
    },
  });

describe('the topics', () => {
  test.each(TOPICS)('%s is encrypted with a key of the stack and has one policy', (topic) => {
    const key = topic === 'operations' ? 'operations_key' : 'alerts_key';
    expect(resourceOf(stack, 'aws_sns_topic', `_${topic}_`)).toEqual({
      name: `trailbell-${topic}`,
      kms_master_key_id: expect.stringContaining(`aws_kms_key.${key}`),
      signature_version: 2,
    });
  });

  test.each(TOPICS)('%s takes what the function publishes, over TLS only', async (topic) => {
    expect(await publish(topic, FUNCTION)).toBe('Allowed');
    expect(await publish(topic, FUNCTION, { 'aws:SecureTransport': 'false' })).toBe('ExplicitlyDenied');
  });

  test.each(TOPICS)('%s takes a digest only where findings go', async (topic) => {
    const own = policyOf(stack, 'aws_sns_topic_policy', `${topic}-policy`).Statement;
    expect(JSON.stringify(own).includes(DIGEST)).toBe(topic !== 'operations');
    const without = policyOf(
      alertingStack({ chat: true, ledger: false }).stack,
      'aws_sns_topic_policy',
      `${topic}-policy`,
    );
    expect(JSON.stringify(without)).not.toContain(DIGEST);
  });

  test.each(TOPICS)('%s names nobody but its publishers', async (topic) => {
    const statements = policyOf(stack, 'aws_sns_topic_policy', `${topic}-policy`).Statement.filter(
      ({ Effect }) => Effect === 'Allow',
    );
    expect(statements.map(({ Sid }) => Sid)).toEqual(
      topic === 'operations' ? ['FunctionPublishes', 'AlarmsPublish'] : ['FunctionPublishes'],
    );
    expect(statements[0]).toMatchObject({
      Action: 'sns:Publish',
      Resource: arn('sns', `trailbell-${topic}`),
      Condition: { ArnEquals: { 'aws:PrincipalArn': topic === 'operations' ? FUNCTION : [FUNCTION, DIGEST] } },
    });
    expect(await publish(topic, 's3.amazonaws.com', { 'aws:SourceAccount': ACCOUNT })).toBe('ImplicitlyDenied');
    expect(await publish(topic, 'arn:aws:iam::123456789012:role/stranger')).toBe('ImplicitlyDenied');
  });

  test.each(TOPICS)('CloudWatch alarms of this stack reach operations only: %s', async (topic) => {
    expect(await publish(topic, CLOUDWATCH, ALARM)).toBe(topic === 'operations' ? 'Allowed' : 'ImplicitlyDenied');
    for (const other of [
      { ...ALARM, 'aws:SourceAccount': '123456789012' },
      { ...ALARM, 'aws:SourceArn': `arn:aws:cloudwatch:eu-central-1:123456789012:alarm:trailbell-x` },
      { ...ALARM, 'aws:SourceArn': arn('cloudwatch', 'alarm:somebody-elses') },
    ]) {
      expect(await publish(topic, CLOUDWATCH, other)).toBe('ImplicitlyDenied');
    }
  });

  test('there is no chat topic unless asked for', () => {
    expect([...resources(alertingStack().stack, 'aws_sns_topic').keys()].join()).not.toContain('chat');
  });

  test('nothing is created for topics of your own, and the function publishes to them', async () => {
    const existing = {
      alerts: arn('sns', 'mails'),
      findings: arn('sns', 'documents'),
      operations: arn('sns', 'pipeline'),
    };
    const { stack: own } = alertingStack({ existingTopics: existing });
    expect(resources(own, 'aws_sns_topic').size + resources(own, 'aws_sns_topic_policy').size).toBe(0);
    const identityPolicy = policyOf(own, 'aws_iam_role_policy', 'alert_role');
    for (const resource of Object.values(existing)) {
      expect(await decide({ principal: FUNCTION, action: 'sns:Publish', resource, identityPolicy })).toBe('Allowed');
    }
    expect(resourceOf(own, 'aws_lambda_function')['environment']).toMatchObject({
      variables: {
        ALERTS_TOPIC_ARN: existing.alerts,
        FINDINGS_TOPIC_ARN: existing.findings,
        OPERATIONS_TOPIC_ARN: existing.operations,
        INCLUDE_RECORD: 'true',
      },
    });
  });
});

describe('the keys of the topics', () => {
  const use = (
    key: 'alerts' | 'operations',
    principal: string,
    context: Record<string, string>,
    action = 'kms:Decrypt',
  ) => {
    const resourcePolicy = policyOf(stack, 'aws_kms_key', `${key}_key`);
    const resource = resolve(stack, String(resourceOf(stack, 'aws_sns_topic', `_${key}_`)['kms_master_key_id']));
    return decide({ principal, action, resource, context, resourcePolicy });
  };
  const TOPIC = { 'aws:SourceAccount': ACCOUNT, 'aws:SourceArn': arn('sns', 'trailbell-findings') };

  test.each(['alerts', 'operations'] as const)('%s rotates, is deleted slowly and stays with the account', (key) => {
    expect(resourceOf(stack, 'aws_kms_key', `${key}_key`)).toMatchObject({
      enable_key_rotation: true,
      deletion_window_in_days: 30,
    });
    expect(resourceOf(stack, 'aws_kms_alias', `${key}_alias`)).toMatchObject({ name: `alias/trailbell-${key}` });
    expect(policyOf(stack, 'aws_kms_key', `${key}_key`).Statement[0]).toEqual({
      Sid: 'AccountAdministersKey',
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
      Action: 'kms:*',
      Resource: '*',
    });
  });

  test.each(['alerts', 'operations'] as const)(
    'SNS uses %s for dead letters of this account, no other service does',
    async (key) => {
      for (const action of ['kms:Decrypt', 'kms:GenerateDataKey']) {
        expect(await use(key, 'sns.amazonaws.com', TOPIC, action)).toBe('Allowed');
      }
      expect(await use(key, 'sns.amazonaws.com', { ...TOPIC, 'aws:SourceAccount': '123456789012' })).toBe(
        'ImplicitlyDenied',
      );
      expect(await use(key, 'sqs.amazonaws.com', TOPIC)).toBe('ImplicitlyDenied');
      expect(await use(key, 'sns.amazonaws.com', TOPIC, 'kms:PutKeyPolicy')).toBe('ImplicitlyDenied');
    },
  );

  test('alarms use the operations key and do not depend on the alert key', async () => {
    expect(await use('operations', CLOUDWATCH, ALARM)).toBe('Allowed');
    expect(await use('operations', CLOUDWATCH, ALARM, 'kms:GenerateDataKey')).toBe('Allowed');
    expect(await use('operations', CLOUDWATCH, { ...ALARM, 'aws:SourceAccount': '123456789012' })).toBe(
      'ImplicitlyDenied',
    );
    expect(await use('alerts', CLOUDWATCH, ALARM)).toBe('ImplicitlyDenied');
    const reached =
      JSON.stringify(resourceOf(stack, 'aws_sns_topic', '_operations_')) +
      JSON.stringify(resourceOf(stack, 'aws_kms_key', 'operations_key'));
    expect(reached).not.toContain('aws_kms_key.alerts_key');
  });
});
