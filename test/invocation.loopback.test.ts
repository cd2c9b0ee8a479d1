import { PublishBatchCommand, SNSClient } from '@aws-sdk/client-sns';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DEMO_CREDENTIALS, type DemoQueue, type DemoServers, startServers, teamPolicy } from '../cli/demo/servers.ts';
import { runInvocation } from '../function/invocation.ts';
import { testEnvironment, VARIABLES, within } from './support/environment.ts';
import { eventOf, record } from './support/payloads.ts';

const TOPICS = ['alerts', 'findings', 'chat', 'operations'] as const;
let servers: DemoServers;
let client: SNSClient;
let variables: Record<string, string>;
const queues = new Map<string, DemoQueue>();

beforeAll(async () => {
  servers = await startServers('eu-central-1');
  client = new SNSClient({ endpoint: servers.endpoint, region: 'eu-central-1', credentials: DEMO_CREDENTIALS });
  const arns = new Map<string, string>();
  for (const name of TOPICS) {
    arns.set(name, await servers.createTopic(name));
    queues.set(name, await servers.subscribeQueue(arns.get(name) ?? '', name));
  }
  const findings = arns.get('findings') ?? '';
  queues.set('payments', await servers.subscribeQueue(findings, 'payments', teamPolicy('payments', ['high'])));
  queues.set('others', await servers.subscribeQueue(findings, 'others', teamPolicy('others', ['high', 'critical'])));
  const set = TOPICS.map((name) => [`${name.toUpperCase()}_TOPIC_ARN`, arns.get(name) ?? '']);
  variables = { ...VARIABLES, ...Object.fromEntries(set) };
});

afterAll(async () => {
  client.destroy();
  await servers.close();
});

async function run(...messages: unknown[]) {
  const { environment, lines } = testEnvironment(async () => ({ client, PublishBatchCommand }), variables);
  const { figures } = await runInvocation(environment, eventOf(messages), within(30_000));
  const arrived = new Map<string, { Subject?: string; Message: string }[]>();
  for (const [name, queue] of queues) arrived.set(name, [...(await queue.drain())]);
  return { figures, arrived, lines };
}

describe('an invocation, with topics and queues', () => {
  test('reaches every topic in its format, and each team by its filter policy', async () => {
    const { figures, arrived } = await run(
      record('DeleteVolume', { eventID: 'deleted' }),
      record('RunInstances'),
      record('DisableEbsEncryptionByDefault', { eventID: 'disabled' }),
    );
    expect(figures).toMatchObject({
      received: 3,
      logged: 1,
      published: 2,
      'alerts/delivered': 2,
      'findings/delivered': 2,
      'chat/delivered': 2,
    });

    const subjects = arrived
      .get('alerts')
      ?.map(({ Subject }) => Subject)
      .sort();
    expect(subjects).toEqual([
      expect.stringMatching(/^\[CRITICAL\] prod-payments: /),
      expect.stringMatching(/^\[HIGH\] prod-payments: /),
    ]);
    expect(arrived.get('alerts')?.every(({ Message }) => Message.includes('What to do next'))).toBe(true);

    const documents = arrived.get('findings')?.map(({ Message }) => JSON.parse(Message));
    expect(documents?.map(({ severity, dedupKey }) => `${severity} ${dedupKey}`).sort()).toEqual([
      'critical disabled',
      'high deleted',
    ]);
    expect(documents?.every((document) => document.schemaVersion === '1.0' && document.team[0] === 'payments')).toBe(
      true,
    );

    for (const { Subject, Message } of arrived.get('chat') ?? []) {
      expect(Subject).toBeUndefined();
      expect(JSON.parse(Message)).toMatchObject({
        version: '1.0',
        source: 'custom',
        content: { textType: 'client-markdown' },
      });
    }
    expect(arrived.get('chat')).toHaveLength(2);

    expect(arrived.get('payments')?.map(({ Message }) => JSON.parse(Message).dedupKey)).toEqual(['deleted']);
    expect(arrived.get('others')).toEqual([]);
    expect(arrived.get('operations')).toEqual([]);
  });

  test('tells the operations topic once of all that is no record', async () => {
    const { figures, arrived } = await run('not a record', record('DeleteVolume'), 'null', '{}');
    expect(figures).toMatchObject({ rejected: 3, published: 1, noticesFailed: 0 });
    expect(arrived.get('operations')).toMatchObject([
      {
        Subject: '[trailbell] 3 unreadable record(s)',
        Message: expect.stringContaining('logEvents[2].message: not an object but null'),
      },
    ]);
    expect(arrived.get('alerts')).toHaveLength(1);
  });

  test('delivers more findings than a batch holds, each once', async () => {
    const ids = Array.from({ length: 37 }, (_, index) => `event-${String(index).padStart(2, '0')}`);
    const { figures, arrived } = await run(...ids.map((eventID) => record('DeleteVolume', { eventID })));
    expect(figures).toMatchObject({ published: 37, 'findings/delivered': 37, undelivered: 0 });
    expect(
      arrived
        .get('findings')
        ?.map(({ Message }) => JSON.parse(Message).eventID)
        .sort(),
    ).toEqual(ids);
  });
});
