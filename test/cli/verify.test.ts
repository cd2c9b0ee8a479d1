import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { measureEndToEnd } from '../../cli/aws/end-to-end.ts';
import { readSeverities } from '../../cli/severities-folder.ts';
import { verifyCommand } from '../../cli/verify.ts';
import { compilePolicy, type Policy } from '../../function/core/policy.ts';
import { type ApiCall, ApiError, type ApiScript, type AwsApi, IDENTITY, recordingIo, startAwsApi } from './aws-api.ts';

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const TOPIC = 'arn:aws:sns:eu-central-1:111122223333:trailbell-';
const OUTPUTS = {
  alerts_topic_arn: { value: `${TOPIC}alerts` },
  findings_topic_arn: { value: `${TOPIC}findings` },
  operations_topic_arn: { value: `${TOPIC}operations` },
  log_group_name: { value: '/trailbell/cloudtrail' },
  function_log_group_name: { value: '/aws/lambda/trailbell-alert' },
  dead_letter_queue_names: { value: ['of no interest here'] },
};

interface Subscribed {
  readonly topic: string;
  readonly endpoint: string;
  /** Absent while pending. */
  readonly filter?: object;
}

const PAYMENTS = { team: ['payments'], severity: ['medium', 'high', 'critical'] };
const CATCH_ALL = { severity: ['high', 'critical'] };
const EVERYONE: readonly Subscribed[] = [
  { topic: 'alerts', endpoint: 'payments@example.com', filter: PAYMENTS },
  { topic: 'alerts', endpoint: 'security@example.com', filter: CATCH_ALL },
  { topic: 'findings', endpoint: 'arn:aws:sqs:eu-central-1:111122223333:payments', filter: PAYMENTS },
  { topic: 'operations', endpoint: 'platform@example.com', filter: {} },
];

/** SNS with these subscriptions. */
function sns(subscribed: readonly Subscribed[]): ApiScript {
  const member = ({ topic, endpoint, filter }: Subscribed, index: number) =>
    `<member><TopicArn>${TOPIC}${topic}</TopicArn><Protocol>email</Protocol><Endpoint>${endpoint}</Endpoint>` +
    `<SubscriptionArn>${filter ? `${TOPIC}${topic}:${index}` : 'PendingConfirmation'}</SubscriptionArn></member>`;
  return {
    GetCallerIdentity: () => IDENTITY,
    ListSubscriptionsByTopic: ({ input }) => {
      const members = subscribed.map((one, index) =>
        input['TopicArn'] === TOPIC + one.topic ? member(one, index) : '',
      );
      return `<Subscriptions>${members.join('')}</Subscriptions>`;
    },
    GetSubscriptionAttributes: ({ input }) => {
      const index = Number(String(input['SubscriptionArn']).split(':').at(-1));
      const policy = JSON.stringify(subscribed[index]?.filter).replaceAll('"', '&quot;');
      return `<Attributes><entry><key>FilterPolicy</key><value>${policy}</value></entry></Attributes>`;
    },
    Publish: () => '<MessageId>m</MessageId>',
  };
}

let dir: string;
let api: AwsApi | undefined;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'verify-'));
});

afterEach(async () => {
  await api?.close();
  api = undefined;
  await rm(dir, { recursive: true });
});

async function verify(script: ApiScript, outputs: object = OUTPUTS, options: Record<string, boolean> = {}) {
  api = await startAwsApi(script);
  const file = join(dir, 'outputs.json');
  await writeFile(file, JSON.stringify(outputs));
  const io = recordingIo(ROOT);
  const code = await verifyCommand.run({ inputs: [], options: { outputs: file, ...options } }, io);
  return { code, output: io.output(), said: io.said(), published: publishedTo(api) };
}

/** Each published message: its topic, body, subject, and attributes by name. */
function publishedTo({ calls }: AwsApi) {
  return calls
    .filter(({ operation }) => operation === 'Publish')
    .map(({ input }) => ({
      topic: String(input['TopicArn']).replace(TOPIC, ''),
      subject: String(input['Subject']),
      message: String(input['Message']),
      attributes: attributesOf(input),
    }));
}

function attributesOf(input: ApiCall['input']): Record<string, unknown> {
  const names = Object.entries(input).flatMap(([key, name]) => {
    const entry = key.match(/^(MessageAttributes\.entry\.\d+)\.Name$/)?.[1];
    return entry ? [[name, input[`${entry}.Value.StringValue`]]] : [];
  });
  return Object.fromEntries(names);
}

describe('verify', () => {
  it('sends each team one test a topic, and says how long each took', async () => {
    const { code, output, published } = await verify(sns(EVERYONE));
    expect(code).toBe(0);
    expect(published.map(({ topic, attributes }) => [topic, attributes['team']])).toEqual([
      ['alerts', '["payments"]'],
      ['alerts', '["unclaimed"]'],
      ['findings', '["payments"]'],
      ['operations', undefined],
    ]);
    expect(output).toMatch(/payments \(medium\) {2}trailbell-alerts {2}accepted after \d+ ms/);
  });

  it('labels every test in subject, text and title, and rates it so that the filter lets it through', async () => {
    const { published } = await verify(sns(EVERYONE));
    const [mail, , document] = published;
    expect(mail?.subject).toMatch(/^\[TEST\] \[MEDIUM\]/);
    expect(mail?.message).toMatch(/^\[TEST\] Nobody needs to act/);
    expect(mail?.attributes).toMatchObject({
      severity: 'medium',
      detection: '["trailbell-test"]',
      accountId: '111122223333',
    });
    expect(JSON.parse(document?.message ?? '')).toMatchObject({
      title: expect.stringMatching(/^\[TEST\] /),
      severity: 'medium',
      team: ['payments'],
    });
    expect(published.at(-1)?.subject).toBe('[TEST] trailbell operations');
  });

  it('sends a labelled notification to each team of a chat channel', async () => {
    const channel = { topic: 'chat', endpoint: 'https://example.com', filter: { $or: [PAYMENTS, CATCH_ALL] } };
    const outputs = { ...OUTPUTS, chat_topic_arn: { value: `${TOPIC}chat` } };
    const { published } = await verify(sns([...EVERYONE, channel]), outputs);
    const chat = published.filter(({ topic }) => topic === 'chat');
    expect(chat.map(({ attributes }) => attributes['team'])).toEqual(['["payments"]', '["unclaimed"]']);
    expect(JSON.parse(chat[0]?.message ?? '').content.title).toMatch(/^\[TEST\] /);
  });

  it('names subscriptions that nobody confirmed, and sends nothing to them', async () => {
    const pending = { topic: 'alerts', endpoint: 'new@example.com' };
    const { code, output, said, published } = await verify(sns([...EVERYONE, pending]));
    expect(code).toBe(1);
    expect(output).toMatch(/PENDING {4}trailbell-alerts {2}email {2}new@example\.com/);
    expect(said).toContain('1 subscription(s) hear nothing');
    expect(published).toHaveLength(4);
  });

  it.each([
    ['catches what no team claims', 'security@example.com', 'No catch-all is confirmed'],
    ['hears operations', 'platform@example.com', 'Nobody is confirmed on trailbell-operations'],
  ])('finds it a problem that nobody %s', async (_, missing, words) => {
    const { code, said } = await verify(sns(EVERYONE.filter(({ endpoint }) => endpoint !== missing)));
    expect(code).toBe(1);
    expect(said).toContain(words);
  });

  it('goes on when a topic refuses, and says which permission that takes', async () => {
    const refusal = new ApiError('KMSAccessDenied', 'key');
    const script = {
      ...sns(EVERYONE),
      Publish: ({ input }: ApiCall) => (input['TopicArn'] === `${TOPIC}alerts` ? refusal : ''),
    };
    const { code, said, output } = await verify(script);
    expect(code).toBe(1);
    expect(said).toMatch(
      /payments \(medium\) on trailbell-alerts: .* may not sns:Publish, kms:GenerateDataKey and kms:Decrypt/,
    );
    expect(output).toContain('trailbell-findings  accepted');
  });

  const { log_group_name: _, ...WITHOUT_LOG_GROUP } = OUTPUTS;

  it('verifies a stack without a log group all the same', async () => {
    const { code, published } = await verify(sns(EVERYONE), WITHOUT_LOG_GROUP);
    expect(code).toBe(0);
    expect(published).toHaveLength(4);
  });

  it('says why it does not measure a stack without a log group, after all the rest, and makes no call', async () => {
    const { code, said, published } = await verify(sns(EVERYONE), WITHOUT_LOG_GROUP, { 'end-to-end': true });
    expect(code).toBe(1);
    expect(said).toMatch(/no log group of records \("trail": "none".*so it is not measured/);
    expect(published).toHaveLength(4);
    expect(api?.calls.map(({ operation }) => operation)).not.toContain('DecodeAuthorizationMessage');
  });

  it('says that there is nothing to verify before a deployment', async () => {
    const { code, said } = await verify(sns(EVERYONE), {});
    expect(code).toBe(1);
    expect(said).toMatch(/outputs lack alerts_topic_arn, .*: deploy first, then verify/);
  });
});

describe('measuring from end to end', () => {
  const EVENT_TIME = '2026-11-20T12:00:00Z';
  const START = Date.parse(EVENT_TIME);
  const IMPATIENT = { atMost: 0, every: 1 };
  const PATIENCE = { trail: IMPATIENT, function: IMPATIENT };
  const GROUPS = { logGroupName: 'trail', functionLogGroupName: 'function' };
  const CALLER = { account: '111122223333', region: 'eu-central-1', arn: 'arn:aws:iam::111122223333:user/alice' };
  const record = JSON.stringify({ eventID: 'e-1', eventTime: EVENT_TIME });
  const logs = (found: Readonly<Record<string, object>>): ApiScript => ({
    DecodeAuthorizationMessage: () => new ApiError('AccessDenied', 'no', 403),
    FilterLogEvents: ({ input }) => ({ events: [found[String(input['logGroupName'])]].filter(Boolean) }),
  });
  const BOTH = {
    trail: { message: record, timestamp: START, ingestionTime: START + 150_000 },
    function: { message: '{}', timestamp: START + 154_000, ingestionTime: START + 160_000 },
  };

  async function measure(script: ApiScript, policy?: Policy) {
    api = await startAwsApi(script);
    const io = recordingIo(ROOT);
    const chosen = policy ?? compilePolicy(await readSeverities(join(ROOT, 'severities')));
    return { done: await measureEndToEnd(io, GROUPS, CALLER, chosen, PATIENCE), io };
  }

  it('tells the hops apart by the times AWS gave them', async () => {
    const { done, io } = await measure(logs(BOTH));
    expect(done).toBe(true);
    expect(io.output()).toMatch(/call to log group +150\.0 s\n +log group to function +4\.0 s\n +together +154\.0 s/);
  });

  it('marks the call in its user agent, and looks for that mark and then for its eventID', async () => {
    await measure(logs(BOTH));
    const [call, first, second] = api?.calls ?? [];
    const mark = call?.userAgent.match(/trailbell-verify\/([0-9a-f-]{36})/)?.[1];
    expect(mark).toBeDefined();
    expect(first?.input['filterPattern']).toContain(`*trailbell-verify/${mark}*`);
    expect(second?.input['filterPattern']).toBe('{ $.eventID = "e-1" }');
  });

  it.each([
    ['the trail', {}, /No record of it came to trail/],
    ['the function', { trail: BOTH.trail }, /The function wrote nothing about e-1/],
  ])('says that %s is silent', async (_, found, words) => {
    const { done, io } = await measure(logs(found));
    expect(done).toBe(false);
    expect(io.said()).toMatch(words);
  });

  it.each([
    ['alert on the call: it is not made', 'high', 'Not measured: these severities alert', 0],
    ['only count the call: the function is not asked', 'informational', 'The rest is not measured', 2],
  ] as const)('takes into account severities that %s', async (_, severity, words, calls) => {
    const severities = await readSeverities(join(ROOT, 'severities'));
    const row = { severity, reason: 'Ours.' };
    const services = severities.services.map((service) =>
      service.eventSource === 'sts.amazonaws.com'
        ? { ...service, events: { ...service.events, DecodeAuthorizationMessage: row } }
        : service,
    );
    const policy = { ...severities.policy, failed: { denied: 'same', other: 'same' } as const };
    const { io } = await measure(logs(BOTH), compilePolicy({ ...severities, services, policy }));
    expect(io.said()).toContain(words);
    expect(api?.calls).toHaveLength(calls);
  });
});
