import { afterEach, describe, expect, test } from 'vitest';
import { runInvocation } from '../../function/invocation.ts';
import { testEnvironment, topicArn, VARIABLES, within } from '../support/environment.ts';
import { eventOf, record } from '../support/payloads.ts';
import { type SnsStub, type StubScript, startSnsStub, TAKEN } from '../support/sns-stub.ts';

let stub: SnsStub;
afterEach(() => stub.close());

async function run(
  messages: readonly unknown[],
  variables: Readonly<Record<string, string | undefined>> = {},
  script?: StubScript,
) {
  stub = await startSnsStub(script);
  const { environment, lines } = testEnvironment(stub.load, { ...VARIABLES, ...variables });
  const outcome = await runInvocation(environment, eventOf(messages), within(5_000)).then(
    ({ figures }) => figures,
    (error: unknown) => error,
  );
  const entriesOf = (topic: string) =>
    stub.calls.filter((call) => call.topicArn === topicArn(topic)).flatMap(({ entries }) => entries);
  return { outcome, entriesOf, lines };
}

const deleted = (count: number, changes: Readonly<Record<string, unknown>> = {}) =>
  Array.from({ length: count }, (_, index) => record('DeleteVolume', { eventID: `event-${index}`, ...changes }));

describe('the topics', () => {
  test('each get every finding once, in its own format, under the same attributes', async () => {
    const { entriesOf } = await run([...deleted(12), record('RunInstances')]);
    for (const topic of ['alerts', 'findings', 'chat']) {
      const entries = entriesOf(topic);
      expect(entries).toHaveLength(12);
      for (const { attributes } of entries) {
        expect(attributes).toEqual({
          severity: 'high',
          code: 'an_aws_resource_was_deleted',
          eventSource: 'ec2.amazonaws.com',
          eventName: 'DeleteVolume',
          accountId: '123456789012',
          region: 'eu-central-1',
          team: '["payments"]',
        });
      }
    }
    expect(entriesOf('alerts')[0]).toMatchObject({
      Subject: expect.stringMatching(/^\[HIGH\] prod-payments: /),
      Message: expect.stringContaining('\nFields\n'),
    });
    expect(JSON.parse(entriesOf('findings')[0]?.Message ?? '')).toMatchObject({
      eventID: 'event-0',
      record: { eventName: 'DeleteVolume' },
    });
    expect(JSON.parse(entriesOf('chat')[0]?.Message ?? '')).toMatchObject({ version: '1.0', source: 'custom' });
    expect(entriesOf('operations')).toEqual([]);
  });

  test('are two when no chat topic is set', async () => {
    const { outcome, entriesOf } = await run(deleted(1), { CHAT_TOPIC_ARN: undefined });
    expect(outcome).toMatchObject({ 'alerts/delivered': 1, 'findings/delivered': 1 });
    expect(outcome).not.toHaveProperty('chat/findings');
    expect(entriesOf('chat')).toEqual([]);
  });

  test('get no record when it is not wanted', async () => {
    const { entriesOf } = await run(deleted(1), { INCLUDE_RECORD: 'false' });
    expect(JSON.parse(entriesOf('findings')[0]?.Message ?? '')).toMatchObject({
      record: null,
      recordOmitted: 'not_wanted',
    });
  });

  test('get the finding without its record when both are too large together', async () => {
    const { outcome, entriesOf } = await run(deleted(1, { requestParameters: { policy: 'x'.repeat(300_000) } }));
    expect(outcome).toMatchObject({ 'findings/delivered': 1 });
    expect(JSON.parse(entriesOf('findings')[0]?.Message ?? '')).toMatchObject({
      eventID: 'event-0',
      record: null,
      recordOmitted: 'too_large',
    });
  });

  test('get a record that just fits, and the message stays within 256 KB', async () => {
    const { entriesOf } = await run(deleted(1, { requestParameters: { policy: 'é'.repeat(129_000) } }));
    const [entry] = entriesOf('findings');
    expect(JSON.parse(entry?.Message ?? '').record).toMatchObject({ eventID: 'event-0' });
    expect(entry?.bytes).toBeGreaterThan(258_000);
    expect(entry?.bytes).toBeLessThanOrEqual(262_144);
  });

  test('do not share each other’s refusals: one that refuses all leaves the others whole', async () => {
    const { outcome, lines } = await run(deleted(11), {}, ({ topicArn: arn }) =>
      arn === topicArn('alerts') ? { status: 404, code: 'NotFound' } : TAKEN,
    );
    expect(outcome).toMatchObject({ name: 'UndeliveredError' });
    expect((outcome as { undelivered: unknown[] }).undelivered).toEqual(
      deleted(11).map(({ eventID }) => ({ topic: 'alerts', eventID, errorCode: 'NotFoundException' })),
    );
    expect(lines().find((line) => '_aws' in line)).toMatchObject({
      'alerts/delivered': 0,
      'alerts/undelivered': 11,
      'findings/delivered': 11,
      'chat/delivered': 11,
    });
  });

  test('that are throttled for a moment get everything in the end', async () => {
    const { outcome } = await run(deleted(3), {}, (_, index) =>
      index < 3 ? { status: 400, code: 'KMSThrottling' } : TAKEN,
    );
    expect(outcome).toMatchObject({
      published: 3,
      'alerts/delivered': 3,
      'findings/delivered': 3,
      'chat/delivered': 3,
      undelivered: 0,
    });
  });

  test('get hostile attribute values in a form SNS takes', async () => {
    const { entriesOf } = await run(
      deleted(1, { awsRegion: 'a\u{1f600}\ud800\0', recipientAccountId: 'x'.repeat(10_000) }),
    );
    const attributes = entriesOf('alerts')[0]?.attributes;
    expect(attributes?.['region']).toBe('a???');
    expect(attributes?.['accountId']).toHaveLength(256);
  });
});
