import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { NO_ACCOUNT, type PartitionBy, partitionKeyOf } from '../../../function/core/forwarding/partition-key.ts';
import { readMessage, readRecord } from '../../../function/core/record.ts';
import { aggregated, insight, record } from '../../support/records.ts';

const keyOf = (by: PartitionBy, value: unknown) => partitionKeyOf(by, readRecord(value), JSON.stringify(value));

/** The shard of so many equal ones that Kinesis would choose. */
function shardOf(key: string, shards: number): number {
  const hash = BigInt(`0x${createHash('md5').update(key).digest('hex')}`);
  return Number((hash * BigInt(shards)) >> 128n);
}

describe('a partition key by record', () => {
  it('is the id that CloudTrail gave the record', () => {
    expect(keyOf('record', record())).toBe('6f1c6a9a-0000-4000-8000-000000000002');
    expect(keyOf('record', insight())).toBe('6f1c6a9a-0000-4000-8000-000000000003');
    expect(keyOf('record', aggregated())).toBe('6f1c6a9a-0000-4000-8000-000000000005');
  });

  it.each([
    ['none', undefined],
    ['an empty one', ''],
    ['one longer than Kinesis takes', 'a'.repeat(257)],
    ['one that is no name', 'a b\n'],
    ['no text', 7],
  ])('is made of the text where the id is %s', (_, eventID) => {
    const value = record({ eventID });
    expect(keyOf('record', value)).toMatch(/^[0-9a-f]{16}$/);
    expect(keyOf('record', value)).toBe(keyOf('record', value));
    expect(keyOf('record', value)).not.toBe(keyOf('record', record({ eventID, eventName: 'Other' })));
  });

  it.each([
    ['ids', (index: number) => record({ eventID: createHash('sha1').update(String(index)).digest('hex') })],
    ['texts without ids', (index: number) => record({ eventID: undefined, requestID: String(index) })],
  ])('spreads evenly over the shards by %s', (_, recordOf) => {
    const counts = [0, 0, 0, 0];
    for (let index = 0; index < 4_000; index++) {
      const shard = shardOf(keyOf('record', recordOf(index)), 4);
      counts[shard] = (counts[shard] ?? 0) + 1;
    }
    // Four standard deviations of a fair choice.
    for (const count of counts) expect(Math.abs(count - 1_000)).toBeLessThan(110);
  });
});

describe('a partition key by account', () => {
  it('is the account the record was delivered to', () => {
    expect(keyOf('account', record())).toBe('111122223333');
    expect(keyOf('account', record({ eventID: undefined, recipientAccountId: '123456789012' }))).toBe('123456789012');
  });

  it.each([
    ['has none', record({ recipientAccountId: undefined, userIdentity: { type: 'AWSService' } })],
    ['has one that is no account', record({ recipientAccountId: 'x'.repeat(300) })],
    ['has nothing', {}],
    ['is no object', null],
  ])('is the same for every record that %s', (_, value) => {
    expect(keyOf('account', value)).toBe(NO_ACCOUNT);
  });

  it('is the same where the text is no JSON', () => {
    expect(partitionKeyOf('account', readMessage('{'), '{')).toBe(NO_ACCOUNT);
  });
});
