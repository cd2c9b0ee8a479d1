import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startFunction } from '../cli/lambda/function-process.ts';
import { buildBundle, bundleEnvironment } from './support/bundle.ts';
import { startLedger, type TestLedger } from './support/ledger.ts';
import { eventOf, record } from './support/payloads.ts';
import { type SnsStub, type StubScript, startSnsStub, TAKEN } from './support/sns-stub.ts';
import { startQueues, type TestQueues } from './support/undelivered-queue.ts';

const REQUEST = '11111111-2222-4333-8444-666666666666';
const TOPICS = ['alerts', 'chat', 'findings'] as const;
/** An address where nobody listens. */
const NOWHERE = 'http://127.0.0.1:1';

let bundle: Awaited<ReturnType<typeof buildBundle>>;
let queues: TestQueues;
let ledger: TestLedger;
let queueUrl: string;
let stub: SnsStub;
let script: StubScript;
const running: { stop(): Promise<void> }[] = [];

beforeAll(async () => {
  [bundle, queues] = await Promise.all([buildBundle(), startQueues()]);
});
beforeEach(async () => {
  script = () => TAKEN;
  [ledger, stub, queueUrl] = await Promise.all([
    startLedger(),
    startSnsStub((call, index) => script(call, index)),
    queues.create(),
  ]);
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((lambda) => lambda.stop()));
  await Promise.all([ledger.close(), stub.close()]);
});
afterAll(async () => {
  bundle.remove();
  await queues.close();
});

async function start(changes: Readonly<Record<string, string>> = {}, timeoutMs = 20_000) {
  const lambda = await startFunction({
    taskRoot: bundle.taskRoot,
    handler: 'index.handler',
    environment: {
      ...bundleEnvironment(stub.endpoint),
      AWS_ENDPOINT_URL_DYNAMODB: ledger.endpoint,
      AWS_ENDPOINT_URL_SQS: queues.endpoint,
      LEDGER_TABLE: ledger.table,
      MESSAGES_PER_MINUTE: '600',
      UNDELIVERED_QUEUE_URL: queueUrl,
      ...changes,
    },
    memoryMb: 512,
    timeoutMs,
    onLine: () => undefined,
  });
  running.push(lambda);
  return lambda;
}

const ids = (count: number) => Array.from({ length: count }, (_, index) => `event-${index}`);
/** Findings of as many people, so that no storm holds one back. */
const findings = (count: number) =>
  eventOf(
    ids(count).map((eventID) =>
      record('DeleteTransitGateway', {
        eventID,
        userIdentity: { type: 'IAMUser', arn: `arn:aws:iam::123456789012:user/${eventID}`, userName: eventID },
      }),
    ),
  );
const of = (arn: string) => arn.split(':').at(-1) ?? '';
/** Keys that the stub took on a topic, each time. */
function taken(topic: string): string[] {
  return stub.calls
    .filter(({ topicArn }) => of(topicArn) === topic)
    .flatMap(({ entries }) => entries.map(({ Message }) => /event-\d+/.exec(Message)?.[0] ?? ''));
}
const balanced = (count: number, fates: Readonly<Record<string, number>>) =>
  Object.fromEntries(
    TOPICS.flatMap((topic) => [
      [`${topic}/findings`, count],
      ...Object.entries(fates).map(([fate, number]) => [`${topic}/${fate}`, number] as const),
    ]),
  );

describe('the bundle, with a ledger and a queue', () => {
  test('sends a finding once, and its repeat not at all', async () => {
    const lambda = await start();
    expect(await lambda.invoke(findings(3))).toMatchObject({
      ok: true,
      response: { ...balanced(3, { delivered: 3 }), ledgerFailures: 0 },
    });
    const other = await start();
    expect(await other.invoke(findings(4))).toMatchObject({ ok: true, response: balanced(4, { repeated: 3 }) });
    for (const topic of TOPICS) expect(taken(topic).sort()).toEqual(ids(4));
  });

  test('in two processes that get the same event at once sends each finding on each topic', async () => {
    const [one, two] = await Promise.all([start(), start()]);
    const results = await Promise.all([one.invoke(findings(10)), two.invoke(findings(10))]);
    const sum = (name: string) =>
      results.reduce(
        (total, result) => total + (result.ok ? ((result.response as Record<string, number>)[name] ?? 0) : Number.NaN),
        0,
      );
    for (const topic of TOPICS) {
      expect(new Set(taken(topic))).toEqual(new Set(ids(10)));
      expect(sum(`${topic}/delivered`)).toBe(taken(topic).length);
      expect(sum(`${topic}/delivered`) + sum(`${topic}/repeated`)).toBe(20);
    }
    // Each finding beyond the first is one that the ledger was too slow for, or one that the figures own up to.
    if (sum('ledgerFailures') === 0) expect(taken('alerts').length - 10).toBeLessThanOrEqual(sum('possiblyRepeated'));
  });

  test('queues what a topic refuses for good, and a repeat delivers just that', async () => {
    script = ({ topicArn }) => (of(topicArn) === 'chat' ? { status: 403, code: 'AuthorizationError' } : TAKEN);
    const lambda = await start();
    expect(await lambda.invoke(findings(12))).toMatchObject({
      ok: true,
      response: { 'chat/undelivered': 12, 'alerts/delivered': 12, undelivered: 12, handedOver: 12 },
    });
    const waiting = await queues.contents(queueUrl);
    expect(waiting.map(({ topic, dedupKey }) => `${topic} ${dedupKey}`).sort()).toEqual(
      ids(12)
        .map((id) => `chat ${id}`)
        .sort(),
    );
    const before = taken('chat').length;
    script = () => TAKEN;
    expect(await lambda.invoke(findings(12), REQUEST)).toMatchObject({
      ok: true,
      response: { 'chat/delivered': 12, 'alerts/repeated': 12, 'findings/repeated': 12, undelivered: 0 },
    });
    expect(taken('chat').slice(before)).toHaveLength(12);
    expect(taken('alerts')).toHaveLength(12);
  });

  test('killed in the middle of publishing loses nothing, and the retry repeats a batch at most', async () => {
    const lambda = await start();
    let batches = 0;
    script = ({ topicArn }) => {
      if (of(topicArn) === 'findings' && ++batches === 3) process.kill(lambda.pid ?? 0, 'SIGKILL');
      return TAKEN;
    };
    expect(await lambda.invoke(findings(45), REQUEST)).toMatchObject({ ok: false });
    script = () => TAKEN;
    const retry = await start();
    const result = await retry.invoke(findings(45), REQUEST);
    expect(result).toMatchObject({ ok: true, response: { undelivered: 0 } });
    for (const topic of TOPICS) expect(new Set(taken(topic))).toEqual(new Set(ids(45)));
    // A busy machine may leave the ledger no time to say what was sent.
    if (result.ok && (result.response as Record<string, number>)['ledgerFailures']) return;
    // The batch that was open, and the one whose mark was on its way.
    for (const topic of TOPICS) expect(taken(topic).length - 45).toBeLessThanOrEqual(20);
  });

  test('does without the ledger and the queue where neither answers', async () => {
    const lambda = await start({ AWS_ENDPOINT_URL_DYNAMODB: NOWHERE, AWS_ENDPOINT_URL_SQS: NOWHERE });
    const result = await lambda.invoke(findings(5));
    expect(result).toMatchObject({ ok: true, response: { ...balanced(5, { delivered: 5 }), undelivered: 0 } });
    expect(result.ok && (result.response as Record<string, number>)['ledgerFailures']).toBeGreaterThan(0);
  });

  test('fails in time when nothing answers, and the retry delivers everything', async () => {
    script = () => 'silence';
    const broken = await start(
      {
        AWS_ENDPOINT_URL_DYNAMODB: NOWHERE,
        AWS_ENDPOINT_URL_SQS: NOWHERE,
        UNDELIVERED_QUEUE_URL: `${NOWHERE}/123456789012/undelivered`,
      },
      6_000,
    );
    expect(await broken.invoke(findings(4), REQUEST)).toMatchObject({
      ok: false,
      error: { errorType: 'UndeliveredError', errorMessage: expect.stringContaining('12 finding(s) not delivered') },
    });
    const before = new Map(TOPICS.map((topic) => [topic, taken(topic).length]));
    script = () => TAKEN;
    const mended = await start();
    expect(await mended.invoke(findings(4), REQUEST)).toMatchObject({
      ok: true,
      response: balanced(4, { delivered: 4 }),
    });
    for (const topic of TOPICS) expect(taken(topic).slice(before.get(topic)).sort()).toEqual(ids(4));
  });
});
