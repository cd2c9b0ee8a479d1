import { accountOf, plainIdOf, type SourceRecord } from '../record.ts';

/** What records share a partition key by: nothing, so that they spread over the shards, or their account. */
export type PartitionBy = 'record' | 'account';

/** The key of records whose account is none, or is not one of AWS's twelve digits. */
export const NO_ACCOUNT = 'no-account';

/**
 * The partition key of a record: 1 to 64 characters, the same for the same record in every try. Kinesis takes the MD5 of
 * the key for the shard, so that CloudTrail's random ids spread evenly over any number of shards, and a record that is
 * sent twice comes to the same shard twice.
 * @param text the record's JSON, which names a record that has no id of its own
 * @see https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecordsRequestEntry.html
 */
export function partitionKeyOf(by: PartitionBy, read: SourceRecord['read'], text: string): string {
  const { record } = read;
  if (by === 'record') return (record && plainIdOf(record)) ?? fingerprintOf(text);
  const account = record && accountOf(record);
  return account !== undefined && /^\d{12}$/.test(account) ? account : NO_ACCOUNT;
}

/** Sixteen hexadecimal digits, two FNV-1a sums of the text: no secret, and good enough to spread what has no id. */
function fingerprintOf(text: string): string {
  let forwards = 0x811c9dc5;
  let backwards = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    forwards = Math.imul(forwards ^ text.charCodeAt(index), 0x01000193);
    backwards = Math.imul(backwards ^ text.charCodeAt(text.length - 1 - index), 0x01000193);
  }
  return [forwards, backwards].map((sum) => (sum >>> 0).toString(16).padStart(8, '0')).join('');
}
