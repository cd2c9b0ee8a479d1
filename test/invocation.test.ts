import { describe, expect, test } from 'vitest';
import { OutOfTimeError, UndeliveredError } from '../function/fate-errors.ts';
import { runInvocation } from '../function/invocation.ts';
import { DecodeError, UnsupportedEventError } from '../function/sources/decode-error.ts';
import { noSns, testEnvironment, VARIABLES } from './support/environment.ts';
import { eventOf, logEvent, packed, payload, record } from './support/payloads.ts';
import { sns } from './support/sns-client.ts';

const deadline = { remaining: () => 60_000 };
const metricsOf = (lines: readonly Record<string, unknown>[]) => lines.find((line) => '_aws' in line);
const AFTER = record('DeleteVolume', { eventID: 'after' });

describe('findings that no topic takes', () => {
  test('fail the invocation, every pair named once with its code, and the rest is delivered', async () => {
    const { load, sent } = sns((message, topic) =>
      topic === 'findings' && message.includes('"eventID":"two"') ? 'InvalidParameter' : undefined,
    );
    const { environment, lines } = testEnvironment(load);
    const events = ['one', 'two', 'three'].map((eventID) => record('DeleteVolume', { eventID }));
    const running = runInvocation(environment, eventOf(events), deadline);
    await expect(running).rejects.toThrow(UndeliveredError);
    await expect(running).rejects.toMatchObject({
      name: 'UndeliveredError',
      code: 'undelivered_findings',
      message: '1 finding(s) not delivered: two to findings (InvalidParameter)',
      undelivered: [{ topic: 'findings', eventID: 'two', errorCode: 'InvalidParameter' }],
    });
    expect(sent).toHaveLength(8);
    expect(metricsOf(lines())).toMatchObject({
      'findings/undelivered': 1,
      'findings/delivered': 2,
      'alerts/delivered': 3,
      undelivered: 1,
    });
  });

  test('are each a line of the log, and the error names as many as an answer of Lambda can hold', async () => {
    const { load } = sns((_, topic) => (topic === 'chat' ? 'AuthorizationError' : undefined));
    const { environment, lines } = testEnvironment(load);
    const events = Array.from({ length: 1_200 }, (_, index) => record('DeleteVolume', { eventID: `event-${index}` }));
    const error = await runInvocation(environment, eventOf(events), deadline).catch((thrown) => thrown);
    expect(error.undelivered).toHaveLength(1_200);
    expect(error.message).toMatch(/^1200 finding.* event-999 to chat \(AuthorizationError\), and 200 more$/);
    const told = lines().filter(({ code }) => code === 'finding_not_delivered');
    expect(told).toHaveLength(1_200);
    expect(told.at(-1)).toEqual({
      level: 'error',
      code: 'finding_not_delivered',
      topic: 'chat',
      eventID: 'event-1199',
      errorCode: 'AuthorizationError',
    });
  });

  test('are named in the error without what an eventID could smuggle in', async () => {
    const { load } = sns((_, topic) => (topic === 'alerts' ? 'AuthorizationError' : undefined));
    const { environment } = testEnvironment(load, { ...VARIABLES, CHAT_TOPIC_ARN: undefined });
    const eventID = `\u001b[2J\n${'x'.repeat(100_000)}`;
    const error = await runInvocation(environment, eventOf([record('DeleteVolume', { eventID })]), deadline).catch(
      (thrown) => thrown,
    );
    expect(error.message.length).toBeLessThan(300);
    expect(error.message).toMatch(/^[\x20-\x7e…]*$/);
  });

  test('are those of a time that is up as well', async () => {
    const { load, sent } = sns();
    let remaining = 60_000;
    const late = () => {
      remaining = -1;
      return load();
    };
    const { environment, lines } = testEnvironment(late);
    await expect(runInvocation(environment, eventOf([AFTER]), { remaining: () => remaining })).rejects.toMatchObject({
      undelivered: ['alerts', 'findings', 'chat'].map((topic) => ({ topic, eventID: 'after', errorCode: 'OutOfTime' })),
    });
    expect(sent).toEqual([]);
    expect(metricsOf(lines())).toMatchObject({ published: 1, undelivered: 3 });
  });
});

describe('an event that there is no time to read', () => {
  /** A clock that each look at takes a second further, until two are left. */
  const ticking = (seconds: number) => {
    let left = seconds;
    return { remaining: () => 1_000 * Math.max(2, left--) };
  };
  const found = Array.from({ length: 100 }, (_, index) => record('DeleteVolume', { eventID: `event-${index}` }));

  test('fails, and what was read of it is delivered first', async () => {
    const { load, sent } = sns();
    const { environment, lines } = testEnvironment(load);
    const running = runInvocation(environment, eventOf(found), ticking(8));
    await expect(running).rejects.toMatchObject({ name: 'OutOfTimeError', code: 'out_of_time' });
    const { received = 0, ...figures } = metricsOf(lines()) as Record<string, number>;
    expect(received).toBeGreaterThan(5);
    expect(received).toBeLessThan(60);
    expect(figures).toMatchObject({ 'findings/delivered': received, undelivered: 0 });
    expect(sent).toHaveLength(3 * received);
  });

  test.each([
    ['none at all', { remaining: () => -1 }],
    ['not even to begin', { remaining: () => 0 }],
  ])('fails when there is %s', async (_, none) => {
    const { environment, lines } = testEnvironment(noSns);
    await expect(runInvocation(environment, eventOf(found), none)).rejects.toBeInstanceOf(OutOfTimeError);
    expect(metricsOf(lines())).toMatchObject({ received: 0, published: 0 });
  });

  test('is no event that holds no records', async () => {
    const { environment } = testEnvironment(noSns);
    const event = packed(payload([], { messageType: 'CONTROL_MESSAGE' }));
    expect((await runInvocation(environment, event, { remaining: () => -1 })).figures).toMatchObject({ received: 0 });
  });

  test('is a whole batch, whose runtime then tries the items again', async () => {
    const { load } = sns();
    const { environment } = testEnvironment(load);
    const Records = found.slice(0, 20).map((message, index) => ({
      eventSource: 'aws:kinesis',
      kinesis: { sequenceNumber: String(index), data: eventOf([message]).awslogs.data },
    }));
    await expect(runInvocation(environment, { Records }, ticking(8))).rejects.toBeInstanceOf(OutOfTimeError);
  });
});

describe('an event that holds no records', () => {
  test.each([
    ['CONTROL_MESSAGE', { controlMessages: 1, unknownMessages: 0 }],
    ['NEWS', { controlMessages: 0, unknownMessages: 1 }],
  ])('%s is acknowledged and counted', async (messageType, counted) => {
    const { environment, lines } = testEnvironment(noSns);
    const event = packed(payload([logEvent('CWL CONTROL MESSAGE: Checking health of destination.')], { messageType }));
    expect((await runInvocation(environment, event, deadline)).figures).toMatchObject({
      received: 0,
      deliveriesFailed: 0,
      ...counted,
    });
    expect(lines()).toMatchObject([{ received: 0, ...counted }]);
  });

  test.each([
    ['cannot be decoded', { awslogs: { data: 'H4sI' } }, DecodeError],
    ['is of no source', { Records: [] }, UnsupportedEventError],
  ])('fails the invocation when it %s, and the metrics say so', async (_, event, type) => {
    const { environment, lines } = testEnvironment(noSns);
    await expect(runInvocation(environment, event, deadline)).rejects.toBeInstanceOf(type);
    expect(lines()).toMatchObject([{ received: 0, deliveriesFailed: 1, functionName: 'trailbell-alert' }]);
  });
});
