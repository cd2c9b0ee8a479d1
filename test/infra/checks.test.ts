import { describe, expect, it } from 'vitest';
import { brokenFilterLimits, severitiesHeard, topicOf } from '../../infra/check-subscriptions.ts';
import { checkConfig, configProblems, type RatedBy } from '../../infra/checks.ts';
import { type Config, configSchema } from '../../infra/config.ts';
import { ConfigError } from '../../infra/load-config.ts';

type Written = Record<string, unknown>;

const mail = (endpoint: string) => ({ protocol: 'email', endpoint });
const SQS = { protocol: 'sqs', endpoint: 'arn:aws:sqs:eu-central-1:111122223333:payments' };
const CHAT = { protocol: 'chat', endpoint: 'arn:aws:chatbot::111122223333:chat-configuration/slack-channel/security' };
const PAYMENTS = { name: 'payments', subscriptions: [mail('payments@example.com'), SQS] };

function configOf(written: Written = {}): Config {
  return configSchema.parse({
    allowedAccountIds: ['111122223333'],
    region: 'eu-central-1',
    state: { backend: 'local' },
    trail: 'create',
    teams: [PAYMENTS],
    catchAll: { subscriptions: [mail('security@example.com')] },
    operations: { subscriptions: [mail('security@example.com')] },
    ...written,
  });
}

function ratedBy(alertAt: 'medium' | 'high' | 'critical', ...ids: string[]): RatedBy {
  const policy = { alertAt } as RatedBy['policy'];
  return { policy, detections: ids.map((id) => ({ id })) as unknown as RatedBy['detections'] };
}

const SHIPPED = ratedBy('high', 'root-login');

describe('a configuration that could be deployed', () => {
  it('has no problem, one address hearing of findings and of operations included', () => {
    expect(configProblems(configOf(), SHIPPED)).toEqual([]);
    expect(() => checkConfig({ config: configOf(), file: 'infra/config.json' }, SHIPPED)).not.toThrow();
  });

  it.each<[string, Written]>([
    ['a team as loud as alertAt', { teams: [{ ...PAYMENTS, minimumSeverity: 'high' }] }],
    ['a detection that is there', { teams: [{ ...PAYMENTS, interests: { detections: ['root-login'] } }] }],
    ['chat with its topic', { chat: true, teams: [{ name: 'chat', subscriptions: [CHAT] }] }],
    ['two teams in one channel', { chat: true, teams: ['a', 'b'].map((name) => ({ name, subscriptions: [CHAT] })) }],
    [
      'one queue and one address of two teams, on two topics',
      {
        teams: [
          { name: 'a', subscriptions: [SQS] },
          { name: 'b', subscriptions: [mail('b@example.com')] },
        ],
      },
    ],
    [
      'a trail of the organization by a delegated account',
      { trailOptions: { organizationId: 'o-exampleorgid', managementAccountId: '123456789012' } },
    ],
    ['the longest name there is room for', { name: 'a'.repeat(30) }],
    [
      'a queue of an allowed account in another Region',
      {
        allowedAccountIds: ['111122223333', '123456789012'],
        teams: [
          { name: 'a', subscriptions: [{ protocol: 'sqs', endpoint: 'arn:aws:sqs:eu-west-1:123456789012:findings' }] },
        ],
      },
    ],
    ['a role in an allowed account', { assumeRole: 'arn:aws:iam::111122223333:role/deploy' }],
    ['a key in the Region', { existingDataKeyArn: 'arn:aws:kms:eu-central-1:111122223333:key/k' }],
  ])('may have %s', (_, written) => {
    expect(configProblems(configOf(written), SHIPPED)).toEqual([]);
  });
});

describe('a configuration that could not', () => {
  const existing = { logGroupName: 'cloudtrail' };
  it.each<[string, Written, string, RegExp]>([
    [
      'a team quieter than alertAt',
      { teams: [{ ...PAYMENTS, minimumSeverity: 'low' }] },
      '/teams/0/minimumSeverity',
      /high or above/,
    ],
    [
      'two teams of one name',
      { teams: [{ name: 'a' }, { name: 'b' }, { name: 'a' }] },
      '/teams/2/name',
      /\/teams\/0 has it/,
    ],
    ['a team called unclaimed', { teams: [{ name: 'unclaimed' }] }, '/teams/0/name', /another name/],
    ['a team called catch-all', { teams: [{ name: 'catch-all' }] }, '/teams/0/name', /another name/],
    [
      'an unknown detection',
      { teams: [{ name: 'a', interests: { detections: ['root-login', 'typo'] } }] },
      '/teams/0/interests/detections/1',
      /id of a detection/,
    ],
    [
      'a queue of another account, whose owner would have to confirm',
      {
        teams: [
          {
            name: 'a',
            subscriptions: [
              mail('a@example.com'),
              { protocol: 'sqs', endpoint: 'arn:aws:sqs:eu-central-1:123456789012:findings' },
            ],
          },
        ],
      },
      '/teams/0/subscriptions/1/endpoint',
      /allowedAccountIds \(111122223333\)/,
    ],
    [
      'a function of another account',
      {
        operations: {
          subscriptions: [{ protocol: 'lambda', endpoint: 'arn:aws:lambda:eu-central-1:123456789012:function:page' }],
        },
      },
      '/operations/subscriptions/0/endpoint',
      /confirmed by hand/,
    ],
    [
      'chat without its topic',
      { teams: [{ name: 'a', subscriptions: [CHAT] }] },
      '/teams/0/subscriptions/0/protocol',
      /"chat": true/,
    ],
    [
      'operations in chat',
      { chat: true, operations: { subscriptions: [CHAT] } },
      '/operations/subscriptions/0/protocol',
      /plain text/,
    ],
    [
      'two teams with one queue',
      { teams: [PAYMENTS, { name: 'b', subscriptions: [SQS] }] },
      '/teams/1/subscriptions/0/endpoint',
      /\/teams\/0\/subscriptions\/1 has it/,
    ],
    [
      "the catch-all at a team's address",
      { catchAll: { subscriptions: [mail('Payments@example.com')] } },
      '/catchAll/subscriptions/0/endpoint',
      /once/,
    ],
    [
      'options of a trail it does not create',
      { trail: existing, trailOptions: { keyPrefix: 'x' } },
      '/trailOptions/keyPrefix',
      /^nothing/,
    ],
    [
      'a management account without an organization',
      { trailOptions: { managementAccountId: '123456789012' } },
      '/trailOptions/organizationId',
      /the organization/,
    ],
    [
      "object lock of somebody else's bucket",
      { trailOptions: { existingBucket: 'example-trail', objectLock: { mode: 'COMPLIANCE', days: 1 } } },
      '/trailOptions/objectLock',
      /where the bucket is/,
    ],
    ['a name that makes bucket names too long', { name: 'a'.repeat(31) }, '/name', /at most 30 characters/],
    [
      'a key elsewhere',
      { existingDataKeyArn: 'arn:aws:kms:eu-west-1:111122223333:key/k' },
      '/existingDataKeyArn',
      /eu-central-1/,
    ],
    [
      'a topic elsewhere',
      { existingTopics: { alerts: 'arn:aws:sns:eu-west-1:111122223333:a' } },
      '/existingTopics/alerts',
      /eu-central-1/,
    ],
    [
      'a role in another account',
      { assumeRole: 'arn:aws:iam::123456789012:role/deploy' },
      '/assumeRole',
      /111122223333/,
    ],
    [
      'one topic for two purposes',
      {
        existingTopics: {
          alerts: 'arn:aws:sns:eu-central-1:111122223333:a',
          findings: 'arn:aws:sns:eu-central-1:111122223333:a',
        },
      },
      '/existingTopics/findings',
      /another topic than alerts/,
    ],
  ])('is refused for %s', (_, written, pointer, expected) => {
    const problems = configProblems(configOf(written), SHIPPED);
    expect(problems.map((problem) => problem.pointer)).toEqual([pointer]);
    expect(problems[0]?.expected).toMatch(expected);
  });

  it('is refused when the default of a team is below a raised alertAt', () => {
    const [problem] = configProblems(configOf(), ratedBy('critical'));
    expect(problem).toMatchObject({ pointer: '/teams/0/minimumSeverity', found: '"high"' });
  });

  it('is refused when a topic would have more filter policies than SNS allows', () => {
    const subscriptions = Array.from({ length: 200 }, (_, index) => mail(`p${index}@example.com`));
    const [problem] = configProblems(configOf({ teams: [{ name: 'a', subscriptions }] }), SHIPPED);
    expect(problem).toMatchObject({ pointer: '/teams', found: '201 subscriptions to alerts, catch-all included' });
  });

  it('is refused with all its problems at once', () => {
    const config = configOf({ name: 'a'.repeat(32), teams: [{ name: 'unclaimed', minimumSeverity: 'low' }] });
    expect(() => checkConfig({ config, file: 'infra/config.json' }, SHIPPED)).toThrow(ConfigError);
    expect(configProblems(config, SHIPPED)).toHaveLength(3);
  });
});

describe('filter policies', () => {
  const values = (count: number) => Array.from({ length: count }, (_, index) => String(index));

  it.each([
    ['five keys', Object.fromEntries(values(5).map((key) => [key, ['x']])), []],
    ['six keys', Object.fromEntries(values(6).map((key) => [key, ['x']])), ['6 keys, at most 5']],
    ['150 combinations', { a: values(50), b: values(3) }, []],
    ['153 combinations', { a: values(51), b: values(3) }, ['153 combinations, at most 150']],
    ['too many bytes', { a: ['x'.repeat(262_144)] }, ['262154 bytes, at most 262144']],
  ])('are judged as SNS judges them: %s', (_, policy, broken) => {
    expect(brokenFilterLimits(policy)).toEqual(broken);
  });

  it('hear the minimum severity and everything above', () => {
    expect(severitiesHeard('medium')).toEqual(['medium', 'high', 'critical']);
    expect(severitiesHeard('critical')).toEqual(['critical']);
  });

  it.each([
    ['email', 'alerts'],
    ['sqs', 'findings'],
    ['https', 'findings'],
    ['lambda', 'findings'],
    ['chat', 'chat'],
  ] as const)('of %s are on the topic %s', (protocol, topic) => {
    expect(topicOf(protocol)).toBe(topic);
  });
});
