import { describe, expect, test } from 'vitest';
import { publishAll } from '../../function/sinks/publisher.ts';
import { within } from '../support/environment.ts';
import { ARN, all, codes, messages, publish } from '../support/publishing.ts';
import { TAKEN } from '../support/sns-stub.ts';

describe('messages that SNS takes', () => {
  test('go out whole, ten at a time, each once', async () => {
    const { fates, calls } = await publish(messages(25));
    expect(codes(fates)).toEqual(all(25, 'taken'));
    expect(calls.map(({ entries }) => entries.length)).toEqual([10, 10, 5]);
    expect(calls.every((call) => call.topicArn === ARN)).toBe(true);
    expect(calls.flatMap(({ entries }) => entries.map((entry) => entry.Message))).toEqual(
      messages(25).map((item) => item.render().Message),
    );
  });

  test('keep subject, attributes and every character', async () => {
    const MessageAttributes = { team: { DataType: 'String.Array', StringValue: '["päy"]' } } as const;
    const { calls } = await publish([
      { key: 'one', render: () => ({ Subject: '[HIGH] a & b', Message: 'ä <b> & \u{1f600}\n', MessageAttributes }) },
    ]);
    expect(calls[0]?.entries).toMatchObject([
      { Subject: '[HIGH] a & b', Message: 'ä <b> & \u{1f600}\n', attributes: { team: '["päy"]' } },
    ]);
  });

  test('stay under 256 KB together, and one may fill them alone', async () => {
    const { calls } = await publish(messages(6, (index) => 'é'.repeat(index === 3 ? 131_072 : 40_000)));
    expect(calls.map(({ entries }) => entries.length)).toEqual([3, 1, 2]);
  });

  test('are none: no client is loaded and no call made', async () => {
    const load = () => Promise.reject(new Error('loaded'));
    expect(await publishAll(load, ARN, [], within(1_000))).toEqual([]);
  });
});

describe('an entry refused in an answer that is otherwise fine', () => {
  test.each(['Throttled', 'KMSThrottling', 'InternalError', 'ServiceUnavailable'])(
    '%s passes: it alone is sent again',
    async (code) => {
      const { fates, calls } = await publish(messages(4), (_, index) =>
        index < 2 ? { failed: { [index === 0 ? '2' : '0']: code } } : TAKEN,
      );
      expect(codes(fates)).toEqual(all(4, 'taken'));
      expect(calls.map(({ entries }) => entries.map((entry) => entry.Message))).toEqual([
        ['message 0', 'message 1', 'message 2', 'message 3'],
        ['message 2'],
        ['message 2'],
      ]);
    },
  );

  test.each(['InvalidParameter', 'AuthorizationError', 'KMSAccessDenied', 'SomethingNew'])(
    '%s is final: it alone is undelivered',
    async (code) => {
      const { fates, calls } = await publish(messages(4), () => ({ failed: { '1': code } }));
      expect(codes(fates)).toEqual({ ...all(4, 'taken'), k1: code });
      expect(calls).toHaveLength(1);
    },
  );

  test('and not named at all counts as not sent', async () => {
    const { fates, calls } = await publish(messages(3), (_, index) => (index === 0 ? { omitted: ['1'] } : TAKEN));
    expect(codes(fates)).toEqual(all(3, 'taken'));
    expect(calls.map(({ entries }) => entries.length)).toEqual([3, 1]);
  });
});

describe('a call that is refused', () => {
  test.each([
    ['KMSThrottling', { status: 400, code: 'KMSThrottling' }],
    ['Throttled', { status: 429, code: 'Throttled' }],
    ['an unknown code of status 429', { status: 429, code: 'SlowDownPlease' }],
    ['InternalError', { status: 500, code: 'InternalError' }],
    ['an unknown code of status 503', { status: 503, code: 'OutToLunch' }],
    ['a connection that is cut', 'cut'],
  ] as const)('for the moment (%s) is made again', async (_, refusal) => {
    const { fates, calls } = await publish(messages(12), (_call, index) => (index === 0 ? refusal : TAKEN));
    expect(codes(fates)).toEqual(all(12, 'taken'));
    expect(calls.map(({ entries }) => entries.length)).toEqual([10, 2, 10]);
  });

  test('by silence is made again when the client has waited long enough', async () => {
    const { fates, calls } = await publish(messages(2), (_, index) => (index === 0 ? 'silence' : TAKEN), 5_000, 100);
    expect(codes(fates)).toEqual(all(2, 'taken'));
    expect(calls).toHaveLength(2);
  });

  test.each([
    ['AuthorizationError', 403, 'AuthorizationErrorException'],
    ['NotFound', 404, 'NotFoundException'],
    ['KMSDisabled', 400, 'KMSDisabledException'],
    ['TooManyEntriesInBatchRequest', 400, 'TooManyEntriesInBatchRequestException'],
  ])('for good (%s) is not made again, and every entry bears its code', async (code, status, name) => {
    const { fates, calls } = await publish(messages(11), () => ({ status, code }));
    expect(codes(fates)).toEqual(all(11, name));
    expect(calls).toHaveLength(2);
  });

  test.each([
    ['InvalidParameter', 'InvalidParameterException'],
    ['ParameterValueInvalid', 'InvalidParameterValueException'],
    ['ValidationError', 'ValidationError'],
    ['BatchRequestTooLong', 'BatchRequestTooLongException'],
  ])('for one entry (%s) leaves only that one undelivered', async (code, name) => {
    const { fates } = await publish(messages(13), ({ entries }) =>
      entries.some((entry) => entry.Message === 'message 4') ? { status: 400, code } : TAKEN,
    );
    expect(codes(fates)).toEqual({ ...all(13, 'taken'), k4: name });
  });

  test('for one entry, and throttled while it is looked for, loses nothing and repeats nothing', async () => {
    const taken: string[] = [];
    const { fates } = await publish(messages(5), ({ entries }, index) => {
      if (entries.some((entry) => entry.Message === 'message 0')) return { status: 400, code: 'InvalidParameter' };
      if (index === 3) return { status: 400, code: 'KMSThrottling' };
      taken.push(...entries.map((entry) => entry.Message));
      return TAKEN;
    });
    expect(codes(fates)).toEqual({ ...all(5, 'taken'), k0: 'InvalidParameterException' });
    expect(taken.sort()).toEqual(['message 1', 'message 2', 'message 3', 'message 4']);
  });
});
