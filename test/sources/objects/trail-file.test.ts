import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import type { SourceRecord } from '../../../function/core/record.ts';
import { DecodeError } from '../../../function/sources/decode-error.ts';
import { openTrailFile } from '../../../function/sources/objects/trail-file.ts';
import { record } from '../../support/payloads.ts';

const open = (text: string) => [...openTrailFile(Buffer.from(text), 's3://b/k')];

describe('the records of a file', () => {
  test('are given in order, as the text they came as, with their places', () => {
    const texts = ['RunInstances', 'StopInstances'].map((name) => JSON.stringify(record(name)));
    expect(open(`\ufeff{ "Records" : [\n${texts.join(' ,\t')}\r\n] }\n`)).toMatchObject([
      { raw: texts[0], position: 's3://b/k#Records[0]', read: { eventName: 'RunInstances' } },
      { raw: texts[1], position: 's3://b/k#Records[1]', read: { eventName: 'StopInstances' } },
    ]);
  });

  test.each([
    ['none', '{"Records":[]}', []],
    ['fields around them', '{"a":{"Records":[1]},"Records":[{"b":"]}\\"{"}],"c":null}', ['{"b":"]}\\"{"}']],
    ['things that are no records', '{"Records":[1,"a",null,[2,[3]],true]}', ['1', '"a"', 'null', '[2,[3]]', 'true']],
    ['a backslash before the end of a text', '{"Records":["a\\\\",{"b":"\\\\\\""}]}', ['"a\\\\"', '{"b":"\\\\\\""}']],
  ])('may be %s', (_, text, raws) => {
    expect(open(text).map(({ raw }) => raw)).toEqual(raws);
  });

  test('that cannot be read cost their neighbours nothing', () => {
    const text = `{"Records":[${JSON.stringify(record('RunInstances'))},{"a":tru},${JSON.stringify(record('StopInstances'))}]}`;
    expect(open(text).map(({ read }) => ('unreadable' in read ? read.unreadable : read.eventName))).toEqual([
      'RunInstances',
      'not JSON',
      'StopInstances',
    ]);
  });

  property.prop([fc.array(fc.jsonValue({ maxDepth: 5 })), fc.constantFrom(0, 1, 3), fc.jsonValue()])(
    'are those that JSON.parse finds, however the text is laid out',
    (values, indent, other) => {
      const records = open(JSON.stringify({ other, Records: values, more: other }, null, indent));
      expect(records.map(({ raw }) => JSON.parse(String(raw)))).toEqual(JSON.parse(JSON.stringify(values)));
    },
  );
});

describe('what was read of the records of an event', () => {
  /** A file of records of a quarter of a million characters each. */
  const quarters = (count: number) => {
    const one = JSON.stringify(record('RunInstances', { requestParameters: { x: '@@' } }));
    const long = one.replace('@@', 'y'.repeat(250_000 - one.length + 2));
    return Buffer.from(`{"Records":[${Array.from({ length: count }, () => long)}]}`);
  };
  /** Reads all, then each again: true where the very same is given. */
  const areKept = (sources: readonly SourceRecord[]) => {
    const reads = sources.map(({ read }) => read);
    return sources.map(({ read }, index) => read === reads[index]);
  };

  test('is kept for the first million characters, beyond for the last record, and is read anew alike', () => {
    const sources = [...openTrailFile(quarters(6), 's3://b/k')];
    expect(areKept(sources)).toEqual([true, true, true, true, false, false]);
    const [first, last] = [sources[0], sources.at(-1)];
    expect(last?.read).toBe(last?.read);
    expect(last?.read).toEqual(first?.read);
  });

  test('is kept for the first million characters of all files that share an event', () => {
    const kept = { characters: 0 };
    const sources = ['one', 'two'].flatMap((name) => [...openTrailFile(quarters(3), `s3://b/${name}`, kept)]);
    expect(areKept(sources)).toEqual([true, true, true, true, false, false]);
  });
});

describe('a file that is damaged', () => {
  const whole = `{"Records":[${JSON.stringify(record('RunInstances'))},{"a":"b"}]}`;

  test('gives no record at all, wherever it is cut off', () => {
    for (let length = 0; length < whole.length; length++) {
      expect(() => openTrailFile(Buffer.from(whole.slice(0, length)), 's3://b/k')).toThrow(DecodeError);
    }
  });

  test.each([
    ['no list', '{"Records":{}}', 'wrong_shape'],
    ['no Records', '{"logFiles":[]}', 'wrong_shape'],
    ['a list', '[{}]', 'not_json'],
    ['lines', '{"a":1}\n{"a":2}', 'not_json'],
    ['something after the end', `${whole}x`, 'not_json'],
    ['a comma too many', '{"Records":[1,]}', 'not_json'],
    ['a comma too few', '{"Records":[1 2]}', 'not_json'],
    ['text', 'hello', 'not_json'],
  ])('with %s says what is wrong, and nothing of what it holds', (_, text, problem) => {
    expect(() => openTrailFile(Buffer.from(text), 's3://b/k')).toThrow(
      expect.objectContaining({ problem, path: 's3://b/k', message: expect.stringMatching(/^s3:\/\/b\/k: [\w ]+$/) }),
    );
  });

  property.prop([fc.uint8Array({ maxLength: 60 }), fc.nat(), fc.nat(255)])(
    'by any bytes is a DecodeError or is read',
    (bytes, at, value) => {
      const changed = Buffer.from(whole);
      changed[at % changed.length] = value;
      for (const damaged of [Buffer.from(bytes), changed]) {
        try {
          for (const { read } of openTrailFile(damaged, 's3://b/k')) expect(read).toBeDefined();
        } catch (error) {
          expect(error).toBeInstanceOf(DecodeError);
        }
      }
    },
  );
});
