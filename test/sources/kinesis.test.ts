import { describe, expect, test } from 'vitest';
import { runInvocation } from '../../function/invocation.ts';
import { cloudwatchLogs } from '../../function/sources/cloudwatch-logs.ts';
import { DecodeError } from '../../function/sources/decode-error.ts';
import { sources } from '../../function/sources/index.ts';
import { kinesis } from '../../function/sources/kinesis.ts';
import { noSns, testEnvironment } from '../support/environment.ts';
import { logEvent, packed, payload, record } from '../support/payloads.ts';

const LIMITS = { maxInflatedBytes: 1024 * 1024, region: 'eu-central-1' };
const dataOf = (...names: string[]) => packed(payload(names.map((name) => logEvent(record(name))))).awslogs.data;
const item = (sequenceNumber: string, data: unknown) => ({
  eventSource: 'aws:kinesis',
  kinesis: { sequenceNumber, data },
});
const batch = (...Records: unknown[]) => ({ Records });
const deadline = { remaining: () => 60_000 };

describe('a batch of a stream', () => {
  const event = batch(item('1', dataOf('RunInstances')), item('2', 'bm90IGd6aXA='), item('3', dataOf('StopInstances')));

  test('is accepted by one source, and a direct payload by the other', () => {
    expect(sources.filter((source) => source.accepts(event))).toEqual([kinesis]);
    expect(sources.filter((source) => source.accepts({ awslogs: { data: dataOf('RunInstances') } }))).toEqual([
      cloudwatchLogs,
    ]);
  });

  test.each([[{ Records: [] }], [{ Records: [{ eventSource: 'aws:sqs' }] }], [{ Records: [null] }], [{}], [null]])(
    'is not what %j is',
    (other) => {
      expect(kinesis.accepts(other)).toBe(false);
    },
  );

  test('gives its items in order, the undecodable one by its sequence number', () => {
    const units = [...kinesis.open(event, LIMITS)].map((unit) =>
      unit.kind === 'unread' ? [unit.item, unit.error.message] : [...unit.records].map(({ position }) => position),
    );
    expect(units).toEqual([
      ['Records[0].kinesis.data.logEvents[0].message'],
      ['2', 'Records[1].kinesis.data: not gzip'],
      ['Records[2].kinesis.data.logEvents[0].message'],
    ]);
  });

  test('reports only the undecodable item as failed, and its neighbours count', async () => {
    const { environment, lines } = testEnvironment(noSns);
    const { figures, failedItems } = await runInvocation(environment, event, deadline);
    expect(failedItems).toEqual(['2']);
    expect(figures).toMatchObject({ received: 2, logged: 2, deliveriesFailed: 1 });
    expect(lines()).toContainEqual(
      expect.objectContaining({
        code: 'undecodable_delivery',
        problem: 'not_gzip',
        path: 'Records[1].kinesis.data',
        item: '2',
      }),
    );
  });

  test('without a failure reports an empty list, which acknowledges it whole', async () => {
    const { environment } = testEnvironment(noSns);
    expect(await runInvocation(environment, batch(item('1', dataOf('RunInstances'))), deadline)).toMatchObject({
      failedItems: [],
    });
  });

  test('with an item that has no sequence number fails whole: nobody could name what to try again', async () => {
    const { environment } = testEnvironment(noSns);
    const nameless = batch(item('1', dataOf('RunInstances')), { eventSource: 'aws:kinesis', kinesis: {} });
    await expect(runInvocation(environment, nameless, deadline)).rejects.toThrow(DecodeError);
  });
});

test('a direct payload has no items to report', async () => {
  const { environment } = testEnvironment(noSns);
  const direct = { awslogs: { data: dataOf('RunInstances') } };
  expect(await runInvocation(environment, direct, deadline)).toMatchObject({ failedItems: undefined });
});
