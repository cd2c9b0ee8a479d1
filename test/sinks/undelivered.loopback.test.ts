import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { sqsLoader } from '../../function/sinks/sqs.ts';
import { handOver } from '../../function/sinks/undelivered.ts';
import type { RefusedFinding } from '../../function/sinks/undelivered-body.ts';
import { type ApiAnswer, type ApiCall, ApiError, type AwsApi, startAwsApi } from '../cli/aws-api.ts';
import { startStack } from '../cli/redrive/loopback-stack.ts';
import { topicArn, within } from '../support/environment.ts';

interface SqsEntry {
  readonly Id: string;
  readonly MessageBody: string;
}

/** What SQS says of an entry: a code, or nothing when it takes it. */
type Says = (entry: SqsEntry, call: number) => string | undefined;

let api: AwsApi | undefined;

beforeEach(() => vi.stubEnv('AWS_MAX_ATTEMPTS', '1'));

afterEach(async () => {
  await api?.close();
  api = undefined;
  vi.unstubAllEnvs();
});

const finding = (index: number, Message = `message ${index}`): RefusedFinding => ({
  key: `k${index}`,
  topic: 'findings',
  topicArn: topicArn('findings'),
  dedupKey: `event-${index}`,
  severity: 'high',
  errorCode: 'KMSDisabled',
  render: () => ({ Message, MessageAttributes: {} }),
});

const findings = (count: number, text?: string) => Array.from({ length: count }, (_, index) => finding(index, text));

const entriesOf = ({ input }: ApiCall) => input['Entries'] as readonly SqsEntry[];

/** SQS that takes or refuses as told; `before` may refuse a whole call. */
async function sqs(
  says: Says,
  before: (entries: readonly SqsEntry[], call: number) => ApiError | undefined = () => undefined,
) {
  let calls = 0;
  api = await startAwsApi({
    SendMessageBatch(call): ApiAnswer {
      const entries = entriesOf(call);
      const index = calls++;
      const refusal = before(entries, index);
      if (refusal) return refusal;
      const said = entries.map((entry) => ({ entry, Code: says(entry, index) }));
      return {
        Successful: said.flatMap(({ entry: { Id, MessageBody }, Code }) =>
          Code === undefined
            ? [{ Id, MessageId: Id, MD5OfMessageBody: createHash('md5').update(MessageBody).digest('hex') }]
            : [],
        ),
        Failed: said.flatMap(({ entry: { Id }, Code }) =>
          Code === undefined ? [] : [{ Id, Code, SenderFault: false }],
        ),
      };
    },
  });
  vi.stubEnv('AWS_REGION', 'eu-central-1');
  return api;
}

async function hand(refused: readonly RefusedFinding[], milliseconds = 5_000) {
  const queueUrl = `${process.env['AWS_ENDPOINT_URL']}/123456789012/trailbell-undelivered`;
  const queue = { load: sqsLoader(), queueUrl, functionName: 'trailbell-alert', now: () => new Date() };
  const fates = await handOver(queue, refused, within(milliseconds));
  expect(fates.map(({ key }) => key).sort()).toEqual(refused.map(({ key }) => key).sort());
  return Object.fromEntries(fates.map(({ key, errorCode }) => [key, errorCode ?? 'taken']));
}

const all = (count: number, fate: string) => Object.fromEntries(findings(count).map(({ key }) => [key, fate]));

const messageOf = ({ MessageBody }: SqsEntry) => (JSON.parse(MessageBody) as { dedupKey: string }).dedupKey;

describe('findings handed over', () => {
  test('are all in a real queue, within its limits, each once', async () => {
    const stack = await startStack();
    vi.stubEnv('AWS_REGION', 'eu-central-1');
    try {
      const sizes = [1, 2_000, 60_000, 200_000, 260_000];
      const refused = Array.from({ length: 37 }, (_, index) => finding(index, '"'.repeat(sizes[index % 5] ?? 1)));
      const queue = { load: sqsLoader(), queueUrl: stack.queueUrl, functionName: 'f', now: () => new Date() };
      const fates = await handOver(queue, refused, within(10_000));
      expect(fates.filter(({ errorCode }) => errorCode !== undefined)).toEqual([]);
      expect(await stack.waiting()).toEqual({ visible: 37, hidden: 0 });
    } finally {
      await stack.close();
    }
  });

  test('go ten at a time and 256 KB together', async () => {
    const { calls } = await sqs(() => undefined);
    expect(
      await hand([
        ...findings(25),
        ...Array.from({ length: 5 }, (_, index) => finding(25 + index, 'x'.repeat(100_000))),
      ]),
    ).toEqual(all(30, 'taken'));
    const batches = calls.map(entriesOf);
    expect(Math.max(...batches.map((entries) => entries.length))).toBe(10);
    for (const entries of batches) {
      expect(entries.reduce((sum, { MessageBody }) => sum + MessageBody.length, 0)).toBeLessThanOrEqual(262_144);
    }
    expect(batches.flat()).toHaveLength(30);
  });

  test('are none: no client is loaded', async () => {
    const load = () => Promise.reject(new Error('loaded'));
    expect(await handOver({ load, queueUrl: 'q', functionName: 'f', now: () => new Date() }, [], within(1))).toEqual(
      [],
    );
  });
});

describe('an entry that SQS refuses', () => {
  test.each(['InternalError', 'ServiceUnavailable', 'RequestThrottled', 'AWS.SimpleQueueService.RequestThrottled'])(
    'under %s goes again alone',
    async (code) => {
      const { calls } = await sqs((entry, call) => (call === 0 && entry.Id === '2' ? code : undefined));
      expect(await hand(findings(4))).toEqual(all(4, 'taken'));
      expect(calls.map((call) => entriesOf(call).map(messageOf))).toEqual([
        ['event-0', 'event-1', 'event-2', 'event-3'],
        ['event-2'],
      ]);
    },
  );

  test('for good is given with its code, the others are taken', async () => {
    await sqs(({ Id }) => (Id === '1' ? 'InvalidMessageContents' : undefined));
    expect(await hand(findings(3))).toEqual({ ...all(3, 'taken'), k1: 'InvalidMessageContents' });
  });
});

describe('a call that SQS refuses', () => {
  test('for one entry’s sake is sent entry by entry', async () => {
    await sqs(
      () => undefined,
      (entries) =>
        entries.some((entry) => messageOf(entry) === 'event-1') ? new ApiError('InvalidMessageContents') : undefined,
    );
    expect(await hand(findings(3))).toEqual({ ...all(3, 'taken'), k1: 'InvalidMessageContents' });
  });

  test.each([
    ['AccessDeniedException', 'AccessDeniedException'],
    ['QueueDoesNotExist', 'QueueDoesNotExist'],
    ['KmsAccessDenied', 'KmsAccessDenied'],
  ])('for good under %s is not made again', async (code, said) => {
    const { calls } = await sqs(
      () => undefined,
      () => new ApiError(code),
    );
    expect(await hand(findings(4))).toEqual(all(4, said));
    expect(calls).toHaveLength(1);
  });

  test('for a moment is made again', async () => {
    await sqs(
      () => undefined,
      (_, call) => (call < 3 ? new ApiError('KmsThrottled') : undefined),
    );
    expect(await hand(findings(4))).toEqual(all(4, 'taken'));
  });

  test('until the deadline leaves all with its code, in time', async () => {
    await sqs(
      () => undefined,
      () => new ApiError('ServiceUnavailable', 'busy', 503),
    );
    const start = performance.now();
    expect(await hand(findings(30), 600)).toEqual(all(30, 'ServiceUnavailable'));
    expect(performance.now() - start).toBeLessThan(1_500);
  });

  test('because the deadline has passed is none: nothing is rendered', async () => {
    const { calls } = await sqs(() => undefined);
    const render = () => {
      throw new Error('rendered');
    };
    expect(await hand([{ ...finding(0), render }], -1)).toEqual({ k0: 'OutOfTime' });
    expect(calls).toHaveLength(0);
  });
});
