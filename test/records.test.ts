import { describe, expect, test } from 'vitest';
import { runInvocation } from '../function/invocation.ts';
import { MAX_NAMED, noticeRejected } from '../function/sinks/notices.ts';
import { ODD, UNREADABLE } from './fixtures/messages.ts';
import { noSns, testEnvironment, topicArn } from './support/environment.ts';
import { eventOf, logEvent, packed, payload, record } from './support/payloads.ts';
import { sns } from './support/sns-client.ts';

const deadline = { remaining: () => 60_000 };

const BEFORE = record('RunInstances', { eventID: 'before' });
const AFTER = record('DeleteVolume', { eventID: 'after' });

describe('a log event that is no CloudTrail record', () => {
  test.each(UNREADABLE)(
    '%s is rejected, its neighbours keep their verdicts, and one notice tells',
    async (_, message, why) => {
      const { load, sent } = sns();
      const { environment, lines } = testEnvironment(load);
      const { figures } = await runInvocation(
        environment,
        packed(payload([logEvent(BEFORE), logEvent(message, 1), logEvent(AFTER, 2)])),
        deadline,
      );
      expect(figures).toMatchObject({
        received: 3,
        logged: 1,
        published: 1,
        rejected: 1,
        noticesFailed: 0,
        'alerts/delivered': 1,
      });
      expect(lines().slice(0, 3)).toMatchObject([
        { level: 'info', eventID: 'before', severity: 'low', code: 'low_severity_aws_event_happened' },
        { level: 'warn', code: 'unreadable_record', position: 'awslogs.data.logEvents[1].message', why },
        { level: 'info', eventID: 'after', severity: 'high', code: 'an_aws_resource_was_deleted' },
      ]);
      expect(sent.filter(({ topic }) => topic === 'operations')).toMatchObject([
        {
          Subject: '[trailbell] 1 unreadable record(s)',
          Message: expect.stringContaining(`awslogs.data.logEvents[1].message: ${why}`),
        },
      ]);
    },
  );

  test.each([
    ['null', null],
    ['a string', 'DeleteVolume'],
    ['a list', [record('DeleteVolume')]],
    ['a bare record', record('DeleteVolume')],
  ])('neither is %s in the place of a log event', async (_, strange) => {
    const { load } = sns();
    const { environment } = testEnvironment(load);
    const { figures } = await runInvocation(environment, packed(payload([strange, logEvent(AFTER)])), deadline);
    expect(figures).toMatchObject({ received: 2, published: 1, rejected: 1 });
  });

  test('nothing of it is in the log or in the notice', async () => {
    const { load, sent } = sns();
    const { environment, text } = testEnvironment(load);
    await runInvocation(
      environment,
      eventOf(['drowssap', '{"drowssap":1}', '"drowssap"', '[{"a":"drowssap"]']),
      deadline,
    );
    expect(text.join('') + JSON.stringify(sent)).not.toContain('drowssap');
  });

  test('a whole payload of them fails nothing, is counted exactly, and makes one notice that names the first', async () => {
    const { load, sent } = sns();
    const { environment, lines } = testEnvironment(load);
    const { figures } = await runInvocation(environment, eventOf(Array(1_234).fill('{}')), deadline);
    expect(figures).toMatchObject({ received: 1_234, rejected: 1_234, 'alerts/findings': 0 });
    expect(lines()).toHaveLength(1_235);
    expect(sent).toHaveLength(1);
    expect(sent[0]).toMatchObject({ topic: 'operations', Subject: '[trailbell] 1234 unreadable record(s)' });
    expect(sent[0]?.Message).toContain(`logEvents[${MAX_NAMED - 1}].message`);
    expect(sent[0]?.Message).not.toContain(`logEvents[${MAX_NAMED}].message`);
    expect(sent[0]?.Message).toContain('and 1224 more');
  });

  test('a notice that names all of them speaks of no more', async () => {
    const { load, sent } = sns();
    const rejected = Array.from({ length: MAX_NAMED }, (_, index) => ({ position: `[${index}]`, why: 'not JSON' }));
    expect(await noticeRejected(load, topicArn('operations'), 'f', rejected, MAX_NAMED, deadline)).toBeUndefined();
    expect(sent[0]?.Message).not.toMatch(/and -?\d+ more/);
  });

  test('a notice that is refused is logged and counted, and fails nothing', async () => {
    const { load, sent } = sns((_, topic) => (topic === 'operations' ? 'AuthorizationError' : undefined));
    const { environment, lines } = testEnvironment(load);
    const { figures } = await runInvocation(environment, eventOf(['x', AFTER]), deadline);
    expect(figures).toMatchObject({ rejected: 1, noticesFailed: 1, 'alerts/delivered': 1, undelivered: 0 });
    expect(sent.map(({ topic }) => topic).sort()).toEqual(['alerts', 'chat', 'findings']);
    expect(lines()).toContainEqual({ level: 'error', code: 'notice_not_delivered', errorCode: 'AuthorizationError' });
    expect(lines().at(-1)).toMatchObject({ noticesFailed: 1 });
  });

  test('no notice is sent when there is none', async () => {
    const { environment } = testEnvironment(noSns);
    expect((await runInvocation(environment, eventOf([BEFORE]), deadline)).figures).toMatchObject({ logged: 1 });
  });
});

describe('a record that is odd', () => {
  test.each(ODD)(
    '%s is classified like any other, and nothing happens to its neighbours',
    async (_, message, figure) => {
      const { load, sent } = sns();
      const { environment, text } = testEnvironment(load);
      const { figures } = await runInvocation(environment, eventOf([BEFORE, message, AFTER]), deadline);
      const expected: Record<string, number> = {
        received: 3,
        whitelisted: 0,
        quiet: 0,
        logged: 1,
        published: 1,
        rejected: 0,
      };
      expected[figure] = (expected[figure] ?? 0) + 1;
      expect(figures).toMatchObject(expected);
      expect(sent.every(({ Message }) => Buffer.byteLength(Message) <= 262_144)).toBe(true);
      expect(text.every((line) => line.length < 8_192)).toBe(true);
    },
  );

  test('without an eventID is known by what it says, on every topic and every time', async () => {
    const bare = JSON.stringify(record('DeleteVolume', { eventID: undefined }));
    const keys = await Promise.all(
      [0, 1].map(async () => {
        const { load, sent } = sns();
        await runInvocation(testEnvironment(load).environment, eventOf([bare]), deadline);
        return JSON.parse(sent.find(({ topic }) => topic === 'findings')?.Message ?? '').dedupKey;
      }),
    );
    expect(keys[0]).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(keys[1]).toBe(keys[0]);
  });
});
