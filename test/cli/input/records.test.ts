import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { listInputs } from '../../../cli/input/files.ts';
import { InputError } from '../../../cli/input/input-error.ts';
import { type InputRecord, recordsOf } from '../../../cli/input/records.ts';
import { DAMAGED_EVENT, lambdaEventOf, recordOf } from '../sample-records.ts';
import { folderOf, writeFiles } from '../temporary-folder.ts';

const ONE = recordOf(1);
const TWO = recordOf(2);

async function read(content: unknown, name = 'input') {
  const folder = await folderOf({ [name]: content });
  const records: InputRecord[] = [];
  let error: unknown;
  try {
    for await (const record of recordsOf(join(folder, name))) records.push(record);
  } catch (thrown) {
    error = thrown;
  }
  return {
    records: records.map(({ read }) => ('unreadable' in read ? read.unreadable : read.record)),
    places: records.map(({ place }) => place?.logGroup),
    positions: records.map(({ position }) => position.slice(folder.length + 1)),
    error,
  };
}

const lines = (...values: unknown[]) => values.map((value) => JSON.stringify(value)).join('\n');

describe('the records of an input', () => {
  it.each<[string, unknown, unknown[]]>([
    ['a CloudTrail log file', { Records: [ONE, TWO] }, [ONE, TWO]],
    ['a log file in indented JSON', JSON.stringify({ Records: [ONE] }, null, 2), [ONE]],
    ['a log file without records', { Records: [] }, []],
    ['one record', ONE, [ONE]],
    ['one record in indented JSON', `${JSON.stringify(ONE, null, 2)}\n`, [ONE]],
    ['an array of records', [ONE, TWO], [ONE, TWO]],
    ['lines of records', lines(ONE, TWO), [ONE, TWO]],
    ['lines with blank ones between and after', `\n${lines(ONE)}\n\n  \n${lines(TWO)}\n\n`, [ONE, TWO]],
    ['lines ended by CRLF', `${lines(ONE)}\r\n${lines(TWO)}\r\n`, [ONE, TWO]],
    ['lines of log files, arrays and records', lines({ Records: [ONE] }, [TWO], ONE), [ONE, TWO, ONE]],
    ['a Lambda event of a subscription', lambdaEventOf([ONE, TWO]), [ONE, TWO]],
    ['lines of Lambda events', lines(lambdaEventOf([ONE]), lambdaEventOf([TWO])), [ONE, TWO]],
    ['an empty file', '', []],
    ['white space', ' \r\n\n', []],
  ])('are those of %s', async (_form, content, expected) => {
    const { records, error } = await read(content);
    expect(error).toBeUndefined();
    expect(records).toEqual(expected);
  });

  it.each<[string, string]>([
    ['a log file', `\ufeff${JSON.stringify({ Records: [ONE, TWO] }, null, 2)}`],
    ['lines ended by CRLF', `\ufeff${lines(ONE)}\r\n${lines(TWO)}\r\n`],
    ['lines of two files, one after the other', `\ufeff${lines(ONE)}\n\ufeff${lines(TWO)}\n`],
  ])('do not depend on a byte order mark: %s', async (_form, text) => {
    expect(await read(text)).toMatchObject({ records: [ONE, TWO], error: undefined });
    expect(await read(gzipSync(text))).toMatchObject({ records: [ONE, TWO], error: undefined });
  });

  it.each([
    ['one gzip member', gzipSync(lines(ONE, TWO))],
    ['two gzip members', Buffer.concat([gzipSync(`${lines(ONE)}\n`), gzipSync(lines(TWO))])],
  ])('are unpacked whatever the file is called: %s', async (_form, bytes) => {
    expect(await read(bytes, 'no-extension')).toMatchObject({ records: [ONE, TWO], error: undefined });
  });

  it('keep their neighbours when some cannot be read', async () => {
    const text = `${lines(ONE)}\nnot JSON\n${lines(42, null, 'text', [[]], {})}\n${lines(TWO)}`;
    const { records, positions, error } = await read(text);
    expect(records).toEqual([
      ONE,
      'not JSON',
      'not an object but a number',
      'not an object but null',
      'not an object but a string',
      'not an object but an array',
      'no string eventSource',
      TWO,
    ]);
    expect(positions.slice(0, 2)).toEqual(['input:1', 'input:2']);
    expect(error).toBeUndefined();
  });

  it('are read, or found unreadable, one by one in a Lambda event', async () => {
    const { records, places } = await read(lambdaEventOf([ONE, 'Lost in \u202etransit', '{"eventSource":1}']));
    expect(records).toEqual([ONE, 'not JSON', 'no string eventSource']);
    expect(places).toEqual(Array(3).fill('trailbell/cloudtrail'));
  });

  it('are none when a line of scalars is all there is', async () => {
    expect(await read('1\n"two"\nnull')).toMatchObject({ records: Array(3).fill(expect.stringMatching(/^not an/)) });
  });

  it.each([
    ['text', 'Dear reader,\nthis is a letter.\n'],
    ['a record cut off', JSON.stringify(ONE).slice(0, -20)],
    [
      'an indented log file cut off',
      JSON.stringify({ Records: [{ ...ONE, resources: ['a', 'b'] }] }, null, 2).slice(0, -6),
    ],
    ['bytes', Buffer.from([0xff, 0x00, 0x80, 0x0a, 0x13])],
  ])('are one unreadable record, and an error, when nothing is JSON: %s', async (_form, content) => {
    const { records, error } = await read(content);
    expect(records).toEqual(['not JSON']);
    expect(error).toBeInstanceOf(InputError);
    expect(error).toMatchObject({ code: 'unreadable_input', message: expect.stringMatching(/input: neither JSON/) });
  });

  it.each([
    ['truncated gzip', gzipSync(lines(ONE, TWO)).subarray(0, -12)],
    ['damaged gzip', Buffer.concat([gzipSync(lines(ONE)).subarray(0, 10), Buffer.from('rubbish')])],
    ['a Lambda event that cannot be decoded', DAMAGED_EVENT],
  ])('are none, and an error with its cause, for %s', async (_form, content) => {
    const { records, error } = await read(content);
    expect(records).toEqual([]);
    expect(error).toBeInstanceOf(InputError);
    expect((error as Error).cause).toBeInstanceOf(Error);
  });

  it('are those of every other line when lines are Lambda events that cannot be decoded', async () => {
    const { records, error } = await read(lines(ONE, DAMAGED_EVENT, DAMAGED_EVENT, lambdaEventOf([TWO])));
    expect(records).toEqual([ONE, TWO]);
    expect(error).toMatchObject({ message: expect.stringMatching(/2 line\(s\) not decoded.*input:2: /s) });
  });

  test.prop([fc.array(fc.oneof(fc.jsonValue(), fc.string()), { maxLength: 8 })], { numRuns: 60 })(
    'are as many as the lines of text that are not blank, once one is a record',
    async (values) => {
      const texts = values.map((value) => JSON.stringify({ value }));
      const { records, error } = await read([JSON.stringify(ONE), ...texts, '{"broken'].join('\n'));
      expect(error).toBeUndefined();
      expect(records).toHaveLength(texts.length + 2);
    },
  );
});

describe('the inputs of a command line', () => {
  it('are the files of a folder that can hold records, at any depth, sorted', async () => {
    const folder = await folderOf({ 'b.json.gz': '', 'a/z.ndjson': '', 'a/c.jsonl': '', 'd.LOG': '', 'notes.txt': '' });
    await writeFiles(folder, { 'e.json/inside.json': '' });
    const found = await listInputs([folder]);
    expect(found.map((path) => path.slice(folder.length + 1))).toEqual([
      'a/c.jsonl',
      'a/z.ndjson',
      'b.json.gz',
      'd.LOG',
      'e.json/inside.json',
    ]);
  });

  it('keep their order, and standard input its place', async () => {
    const folder = await folderOf({ z: '', a: '' });
    const names = [join(folder, 'z'), '-', join(folder, 'a')];
    expect(await listInputs(names)).toEqual(names);
  });

  it('are refused when a folder holds no such file', async () => {
    await expect(listInputs([await folderOf({ 'notes.txt': '' })])).rejects.toThrow(InputError);
  });

  it('are refused when there is no such file, with the cause', async () => {
    const absent = join(await folderOf(), 'absent.json');
    await expect(listInputs([absent])).rejects.toMatchObject({
      message: `${absent}: no such file or folder`,
      cause: { code: 'ENOENT' },
    });
  });
});
