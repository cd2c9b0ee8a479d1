import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readMessage, type SourceRecord } from '../../function/core/record.ts';
import { type EntryRules, entriesOf, type Left } from '../../function/forwarding/entries.ts';
import { noise } from '../support/payloads.ts';
import { record } from '../support/records.ts';

const RULES: EntryRules = {
  format: 'file',
  recordsPerPack: 100,
  partitionBy: 'record',
  maxRecordBytes: 1024 * 1024,
};

const sourceOf = (raw: string, index: number): SourceRecord => ({ raw, read: readMessage(raw), position: `#${index}` });
const textsOf = (count: number, parts: object = {}) =>
  Array.from({ length: count }, (_, index) => JSON.stringify(record({ eventID: `id-${index}`, ...parts })));

function entries(texts: readonly string[], rules: Partial<EntryRules> = {}) {
  const left: Left[] = [];
  const times: (string | undefined)[] = [];
  const watch = {
    onRecord: (eventTime: string | undefined) => void times.push(eventTime),
    onLeft: (one: Left) => void left.push(one),
  };
  const found = [...entriesOf(texts.map(sourceOf), { ...RULES, ...rules }, watch)];
  return { found, left, times, payloads: found.map(({ data }) => Buffer.from(data).toString()) };
}

describe('an entry', () => {
  it('of the format record is the record’s JSON as it stood, byte for byte', () => {
    const odd = '{"eventSource":"a","eventName":"b","eventID":"id-1",  "n":12345678901234567890.0, "é":"\\u00e9"}';
    const { found, payloads } = entries([odd], { format: 'record' });
    expect(payloads).toEqual([odd]);
    expect(found).toMatchObject([{ key: 'id-1', records: 1 }]);
  });

  it('of the format file is a small log file of at most a hundred records', () => {
    const texts = textsOf(250);
    const { found, payloads } = entries(texts);
    expect(found.map(({ records, key }) => [records, key])).toEqual([
      [100, 'id-0'],
      [100, 'id-100'],
      [50, 'id-200'],
    ]);
    expect(payloads.flatMap((payload) => (JSON.parse(payload) as { Records: unknown[] }).Records)).toEqual(
      texts.map((text) => JSON.parse(text) as unknown),
    );
  });

  it('of the format file-gzip is the same, compressed', () => {
    const texts = textsOf(150);
    const { found } = entries(texts, { format: 'file-gzip' });
    expect(found.map(({ data }) => gunzipSync(data).toString())).toEqual(entries(texts).payloads);
  });

  it('holds records of one account only where their order is kept', () => {
    const texts = ['111122223333', '111122223333', '123456789012', '111122223333'].map((recipientAccountId, index) =>
      JSON.stringify(record({ recipientAccountId, eventID: `id-${index}` })),
    );
    expect(entries(texts, { partitionBy: 'account' }).found).toMatchObject([
      { key: '111122223333', records: 2 },
      { key: '123456789012', records: 1 },
      { key: '111122223333', records: 1 },
    ]);
  });

  it('carries Insights, and records that lack a name', () => {
    const texts = ['{"eventCategory":"Insight","eventID":"id-0"}', '{"eventID":"id-1"}', '{}'];
    const { payloads, left } = entries(texts);
    expect(payloads).toEqual([`{"Records":[${texts.join(',')}]}`]);
    expect(left).toEqual([]);
  });
});

describe('a limit of bytes', () => {
  const LIMIT = 25_600;
  const large = (bytes: number) =>
    JSON.stringify(record({ eventID: 'id-large', requestParameters: noise('a', bytes) }));

  it.each(['record', 'file', 'file-gzip'] as const)(
    'is never passed by an entry of the format %s, key included',
    (format) => {
      const texts = Array.from({ length: 400 }, (_, index) =>
        JSON.stringify(
          record({ eventID: `id-${index}`, requestParameters: noise(String(index), (index * 37) % 9_000) }),
        ),
      );
      const { found, left } = entries(texts, { format, maxRecordBytes: LIMIT });
      expect(left).toEqual([]);
      expect(found.reduce((sum, { records }) => sum + records, 0)).toBe(400);
      for (const { key, data } of found) expect(data.length + Buffer.byteLength(key)).toBeLessThanOrEqual(LIMIT);
    },
  );

  it.each([
    ['record', 30_000],
    ['file', 30_000],
    ['file-gzip', 60_000],
  ] as const)('leaves a record over it in its object, and its neighbours go: %s', (format, bytes) => {
    const [before = '', after = ''] = textsOf(2);
    const { found, left } = entries([before, large(bytes), after], { format, maxRecordBytes: LIMIT });
    expect(found.map(({ key, records }) => [key, records])).toEqual([
      ['id-0', 1],
      ['id-1', 1],
    ]);
    expect(left).toMatchObject([{ why: 'oversized', source: { position: '#1' } }]);
    expect(left[0]).toHaveProperty(
      'bytes',
      expect.toSatisfy((size: number) => size > LIMIT),
    );
  });

  it.each([1024 * 1024, 6 * 1024 * 1024])('of %i is kept to the byte, key included', (maxRecordBytes) => {
    const frame = JSON.stringify(record({ eventID: 'id-0', requestParameters: '' })).length + 'id-0'.length;
    const of = (bytes: number) =>
      JSON.stringify(record({ eventID: 'id-0', requestParameters: 'x'.repeat(bytes - frame) }));
    const { found, left } = entries([of(maxRecordBytes), of(maxRecordBytes + 1)], { format: 'record', maxRecordBytes });
    expect(found.map(({ key, data }) => key.length + data.length)).toEqual([maxRecordBytes]);
    expect(left).toMatchObject([{ why: 'oversized', bytes: maxRecordBytes + 1 }]);
  });

  it('does not part what is nested ten thousand deep, or has strange names, from its text', () => {
    const texts = [
      `{"eventID":"id-0","a":${'['.repeat(10_000)}${']'.repeat(10_000)}}`,
      '{"__proto__":{"eventID":"other"},"eventID":"id-1","":1,"a.b":2,"eventID\\u0000":3}',
      '{"eventID":"id-2","text":"a\u2028b"}',
    ];
    for (const format of ['record', 'file'] as const) {
      const { payloads, left, found } = entries(texts, { format });
      expect(left).toEqual([]);
      expect(found[0]?.key).toBe('id-0');
      expect(payloads).toEqual(format === 'record' ? texts : [`{"Records":[${texts.join(',')}]}`]);
    }
  });

  it('is a matter of the compressed size where records are compressed', () => {
    const { found, left } = entries([large(30_000)], { format: 'file-gzip', maxRecordBytes: LIMIT });
    expect([found.length, left.length]).toEqual([1, 0]);
  });
});

describe('what is no JSON object', () => {
  it('stays in its object, so that it spoils no pack', () => {
    const [good = ''] = textsOf(1);
    const { payloads, left, times } = entries(['{x}', 'null', '1', '"a"', '[{}]', good]);
    expect(payloads).toEqual([`{"Records":[${good}]}`]);
    expect(left.map(({ why }) => why)).toEqual(Array(5).fill('unreadable'));
    expect(times.length).toBe(6);
  });
});
