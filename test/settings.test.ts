import { describe, expect, test } from 'vitest';
import { SettingsError } from '../function/environment-variables.ts';
import { parseSettings } from '../function/settings.ts';
import { topicArn, VARIABLES } from './support/environment.ts';

function failureOf(changes: Readonly<Record<string, string | undefined>>): SettingsError {
  try {
    parseSettings({ ...VARIABLES, ...changes });
  } catch (error) {
    if (error instanceof SettingsError) return error;
    throw error;
  }
  throw new Error('the settings were taken');
}

describe('settings', () => {
  test('name every variable that is unset, and none that is optional', () => {
    expect(() => parseSettings({})).toThrow(
      'settings: ALERTS_TOPIC_ARN is not set; FINDINGS_TOPIC_ARN is not set; OPERATIONS_TOPIC_ARN is not set; ' +
        'AWS_REGION is not set; AWS_LAMBDA_FUNCTION_NAME is not set',
    );
  });

  test('name what is unset and what is malformed together', () => {
    const { message } = failureOf({ ALERTS_TOPIC_ARN: undefined, INCLUDE_RECORD: 'yes', MAX_INFLATED_BYTES: '1.5' });
    expect(message).toBe(
      'settings: ALERTS_TOPIC_ARN is not set; INCLUDE_RECORD is not true or false; MAX_INFLATED_BYTES is not a whole number',
    );
  });

  test.each([
    ['ALERTS_TOPIC_ARN', 'arn:aws:sns:eu-central-1:123456789012:alerts.fifo', 'the ARN of a standard SNS topic'],
    ['FINDINGS_TOPIC_ARN', 'arn:aws:sqs:eu-central-1:123456789012:queue', 'the ARN of a standard SNS topic'],
    ['CHAT_TOPIC_ARN', '', 'the ARN of a standard SNS topic'],
    ['OPERATIONS_TOPIC_ARN', `${topicArn('operations')}\n`, 'the ARN of a standard SNS topic'],
    [
      'ALERTS_TOPIC_ARN',
      `${topicArn('alerts')}:11111111-2222-4333-8444-555555555555`,
      'the ARN of a standard SNS topic',
    ],
    ['INCLUDE_RECORD', 'TRUE', 'true or false'],
    ['MAX_INFLATED_BYTES', '0', 'from 1 to 67108864'],
    ['MAX_INFLATED_BYTES', '67108865', 'from 1 to 67108864'],
    ['MAX_INFLATED_BYTES', '-1', 'a whole number'],
    ['MAX_INFLATED_BYTES', '1e9', 'a whole number'],
    ['MAX_INFLATED_BYTES', '', 'a whole number'],
    ['LEDGER_TABLE', '', 'the name of a DynamoDB table'],
    ['LEDGER_TABLE', 'ab', 'the name of a DynamoDB table'],
    ['LEDGER_TABLE', 'arn:aws:dynamodb:eu-central-1:123456789012:table/t', 'the name of a DynamoDB table'],
    ['UNDELIVERED_QUEUE_URL', 'trailbell-undelivered', 'the URL of a standard SQS queue'],
    [
      'UNDELIVERED_QUEUE_URL',
      'https://sqs.eu-central-1.amazonaws.com/123456789012/u.fifo',
      'the URL of a standard SQS queue',
    ],
    ['UNDELIVERED_QUEUE_URL', 'ftp://192.0.2.1/123456789012/u', 'the URL of a standard SQS queue'],
    ['STORM_WINDOW_MINUTES', '4', 'from 5 to 1440'],
    ['STORM_WINDOW_MINUTES', '1441', 'from 5 to 1440'],
    ['STORM_WINDOW_MINUTES', '1h', 'a whole number'],
    ['MESSAGES_PER_MINUTE', '9', 'from 10 to 600'],
    ['MESSAGES_PER_MINUTE', '601', 'from 10 to 600'],
    ['AWS_REGION', 'eu central 1', 'a Region'],
    ['AWS_LAMBDA_FUNCTION_NAME', '', 'a function name'],
  ])('%s=%j is refused, and told what is expected', (name, value, expected) => {
    expect(failureOf({ [name]: value }).message).toBe(`settings: ${name} is not ${expected}`);
  });

  test('never quote a value, not in the message and not in the cause', () => {
    const secret = 'drowssap';
    const names = [...Object.keys(VARIABLES), 'LEDGER_TABLE', 'UNDELIVERED_QUEUE_URL', 'STORM_WINDOW_MINUTES'];
    const error = failureOf(Object.fromEntries(names.map((name) => [name, `${secret}!`])));
    expect(error).toMatchObject({ name: 'SettingsError', code: 'invalid_settings' });
    expect(error.cause).toBeInstanceOf(Error);
    expect(`${error.message} ${error.stack} ${error.cause} ${JSON.stringify(error.cause)}`).not.toContain(secret);
  });

  test('have defaults for what is optional', () => {
    const settings = parseSettings({ ...VARIABLES, CHAT_TOPIC_ARN: undefined });
    expect(settings).toMatchObject({
      includeRecord: true,
      maxInflatedBytes: 32 * 1024 * 1024,
      ledgerTable: undefined,
      undeliveredQueueUrl: undefined,
      stormWindowMinutes: 60,
      messagesPerMinute: 60,
    });
    expect(settings.topics.chat).toBeUndefined();
  });

  test('take what is set, in every partition', () => {
    const alerts = 'arn:aws-us-gov:sns:us-gov-west-1:123456789012:Alerts_1';
    const settings = parseSettings({
      ...VARIABLES,
      ALERTS_TOPIC_ARN: alerts,
      INCLUDE_RECORD: 'false',
      MAX_INFLATED_BYTES: '1048576',
      LEDGER_TABLE: 'trailbell-ledger',
      UNDELIVERED_QUEUE_URL: 'https://sqs.us-gov-west-1.amazonaws.com/123456789012/trailbell-undelivered',
      STORM_WINDOW_MINUTES: '5',
      MESSAGES_PER_MINUTE: '600',
      OTHER: 'x',
    });
    expect(settings).toEqual({
      topics: { alerts, findings: topicArn('findings'), chat: topicArn('chat'), operations: topicArn('operations') },
      includeRecord: false,
      maxInflatedBytes: 1_048_576,
      ledgerTable: 'trailbell-ledger',
      undeliveredQueueUrl: 'https://sqs.us-gov-west-1.amazonaws.com/123456789012/trailbell-undelivered',
      stormWindowMinutes: 5,
      messagesPerMinute: 600,
      region: 'eu-central-1',
      functionName: 'trailbell-alert',
    });
  });
});
