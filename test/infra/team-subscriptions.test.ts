import { describe, expect, test } from 'vitest';
import { alertingStack } from './alerting-stack.ts';
import { arn, decide, policyOf, resolve, resourceOf, resources } from './iam.ts';

const CHANNEL = 'arn:aws:chatbot::111122223333:chat-configuration/slack-channel';
const QUEUE = arn('sqs', 'payments');
const TEAMS = [
  {
    name: 'payments',
    minimumSeverity: 'high',
    subscriptions: [
      { protocol: 'email', endpoint: 'payments@example.com' },
      { protocol: 'sqs', endpoint: QUEUE },
    ],
  },
  {
    name: 'platform',
    minimumSeverity: 'medium',
    subscriptions: [
      { protocol: 'https', endpoint: 'https://alerts.example.com/in' },
      { protocol: 'lambda', endpoint: arn('lambda', 'function:page') },
    ],
  },
];
const { stack, deadLetterQueueNames } = alertingStack({ teams: TEAMS });

const subscriptionTo = (endpoint: string, of = stack) => {
  const found = [...resources(of, 'aws_sns_topic_subscription').values()].filter(
    (each) => each['endpoint'] === endpoint,
  );
  expect(found).toHaveLength(1);
  return found[0]!;
};
const topicOf = (endpoint: string, of = stack) =>
  resolve(of, String(subscriptionTo(endpoint, of)['topic_arn']))
    .split('-')
    .at(-1);
const filterOf = (endpoint: string, of = stack): unknown => {
  const policy = subscriptionTo(endpoint, of)['filter_policy'];
  return policy === undefined ? undefined : JSON.parse(String(policy));
};

describe('team subscriptions', () => {
  test.each([
    ['payments@example.com', 'alerts', { team: ['payments'], severity: ['high', 'critical'] }],
    [QUEUE, 'findings', { team: ['payments'], severity: ['high', 'critical'] }],
    ['https://alerts.example.com/in', 'findings', { team: ['platform'], severity: ['medium', 'high', 'critical'] }],
    [arn('lambda', 'function:page'), 'findings', { team: ['platform'], severity: ['medium', 'high', 'critical'] }],
    ['security@example.com', 'alerts', { severity: ['high', 'critical'] }],
    ['operations@example.com', 'operations', undefined],
  ])('%s hears %s, filtered by attributes', (endpoint, topic, filter) => {
    expect(topicOf(endpoint)).toBe(topic);
    expect(filterOf(endpoint)).toEqual(filter);
    expect(subscriptionTo(endpoint)['filter_policy_scope']).toBe(filter && 'MessageAttributes');
  });

  test('each has a dead-letter queue of its own that keeps letters for 14 days, encrypted like its topic', () => {
    const subscriptions = [...resources(stack, 'aws_sns_topic_subscription').values()];
    const targets = subscriptions.map(({ redrive_policy }) =>
      resolve(stack, String(JSON.parse(String(redrive_policy)).deadLetterTargetArn)),
    );
    expect(new Set(targets).size).toBe(subscriptions.length);
    expect(targets.map((target) => target.split(':').at(-1)).sort()).toEqual([...deadLetterQueueNames].sort());
    for (const [id, queue] of resources(stack, 'aws_sqs_queue')) {
      if (id.startsWith('fates_')) continue;
      const key = id.includes('operations') ? 'operations_key' : 'alerts_key';
      expect(queue).toMatchObject({
        message_retention_seconds: 1_209_600,
        kms_master_key_id: expect.stringContaining(key),
      });
    }
  });

  test('a dead-letter queue takes letters of its own topic only, over TLS only', async () => {
    const resource = arn('sqs', deadLetterQueueNames.find((name) => name.startsWith('trailbell-payments-sqs'))!);
    const resourcePolicy = policyOf(stack, 'aws_sqs_queue_policy', 'payments-sqs');
    const send = (topic: string, context = {}, action = 'sqs:SendMessage') =>
      decide({
        principal: 'sns.amazonaws.com',
        action,
        resource,
        context: { 'aws:SourceArn': arn('sns', `trailbell-${topic}`), ...context },
        resourcePolicy,
      });
    expect(await send('findings')).toBe('Allowed');
    expect(await send('alerts')).toBe('ImplicitlyDenied');
    expect(await send('findings', {}, 'sqs:ReceiveMessage')).toBe('ImplicitlyDenied');
    expect(await send('findings', { 'aws:SecureTransport': 'false' })).toBe('ExplicitlyDenied');
  });

  test('ids and queues keep their names whatever is added before them', () => {
    const more = alertingStack({
      teams: [
        { name: 'data', subscriptions: [{ protocol: 'email', endpoint: 'd@example.com' }] },
        ...[...TEAMS].reverse(),
      ],
    });
    for (const type of ['aws_sns_topic_subscription', 'aws_sqs_queue', 'aws_sqs_queue_policy']) {
      expect([...resources(more.stack, type).keys()]).toEqual(
        expect.arrayContaining([...resources(stack, type).keys()]),
      );
    }
    expect(more.deadLetterQueueNames).toEqual(expect.arrayContaining([...deadLetterQueueNames]));
  });

  test('a queue of the longest name and team keeps within 80 characters and apart from its neighbours', () => {
    const name = 'a'.repeat(64);
    const subscriptions = ['a@example.com', 'b@example.com'].map((endpoint) => ({ protocol: 'email', endpoint }));
    const long = alertingStack({ name: 't'.repeat(32), teams: [{ name, subscriptions }] });
    const [first, second] = long.deadLetterQueueNames;
    expect(first).toHaveLength(80);
    expect(second).toHaveLength(80);
    expect(first).not.toBe(second);
  });
});

describe('chat subscriptions', () => {
  const CHAT = 'https://global.sns-api.chatbot.amazonaws.com';
  const chatTeam = (name: string, minimumSeverity: string) => ({
    name,
    minimumSeverity,
    subscriptions: [{ protocol: 'chat', endpoint: `${CHANNEL}/${name}` }],
  });

  test('are one subscription of the chat topic, which AWS fans out to its channels', () => {
    const one = alertingStack({ chat: true, teams: [chatTeam('payments', 'high')] }).stack;
    expect(topicOf(CHAT, one)).toBe('chat');
    expect(subscriptionTo(CHAT, one)['protocol']).toBe('https');
    expect(filterOf(CHAT, one)).toEqual({ team: ['payments'], severity: ['high', 'critical'] });
  });

  test('let through what any of the channels asked for', () => {
    const teams = [chatTeam('payments', 'high'), chatTeam('platform', 'critical'), chatTeam('data', 'high')];
    expect(filterOf(CHAT, alertingStack({ chat: true, teams }).stack)).toEqual({
      $or: [
        { team: ['payments', 'data'], severity: ['high', 'critical'] },
        { team: ['platform'], severity: ['critical'] },
      ],
    });
    const catchAll = { subscriptions: [{ protocol: 'chat', endpoint: `${CHANNEL}/all` }] };
    expect(filterOf(CHAT, alertingStack({ chat: true, catchAll, teams: [teams[0]] }).stack)).toEqual({
      severity: ['high', 'critical'],
    });
  });

  test('fail at synth without a chat topic, and for operations, which speaks plain text', () => {
    expect(() => alertingStack({ teams: [chatTeam('payments', 'high')] })).toThrow('payments subscribes');
    const operations = { subscriptions: [{ protocol: 'chat', endpoint: `${CHANNEL}/ops` }] };
    expect(() => alertingStack({ chat: true, operations })).toThrow('expected another protocol than chat');
  });

  test('are absent when nobody asked, chat topic or not', () => {
    const endpoints = [...resources(alertingStack({ chat: true }).stack, 'aws_sns_topic_subscription').values()];
    expect(endpoints.map(({ protocol }) => protocol)).toEqual(['email', 'email']);
    expect(resourceOf(alertingStack({ chat: true }).stack, 'aws_sns_topic', '_chat_')).toMatchObject({
      name: 'trailbell-chat',
    });
  });
});
