import type { QueryPlace } from '../../function/core/console-links.ts';
import { isObject, readRecord } from '../../function/core/record.ts';
import { DecodeError } from '../../function/sources/decode-error.ts';
import { sources } from '../../function/sources/index.ts';
import type { SourceRecord } from '../../function/sources/source.ts';
import { readText } from './files.ts';
import { InputError } from './input-error.ts';

/** A record of an input, and where it can be queried when its input says so. */
export interface InputRecord extends SourceRecord {
  readonly place: QueryPlace | undefined;
}

/** A payload given by hand may unpack to more than the function takes. */
const LIMITS = { maxInflatedBytes: 256 * 1024 * 1024, region: 'us-east-1' };

/**
 * Every record of one input, in its order: a CloudTrail log file, NDJSON, one record, an array of records, or a Lambda
 * event of any supported source; plain or gzip. A line that is not JSON is a record that cannot be read.
 * @throws {InputError} when the input cannot be read, or, after its one rejected record, when none of it is JSON
 */
export async function* recordsOf(input: string): AsyncGenerator<InputRecord> {
  const text = await readText(input);
  const whole = tryParse(text);
  if (whole !== NOT_JSON) {
    yield* recordsIn(whole, input);
    return;
  }
  const lines = text.split('\n').map((line) => line.trim());
  if (!lines.some((line) => line !== '' && tryParse(line) !== NOT_JSON)) {
    if (text.trim() === '') return;
    yield { read: { unreadable: 'not JSON' }, position: input, raw: text, place: undefined };
    throw new InputError(input, 'neither JSON nor lines of JSON');
  }
  for (const [index, line] of lines.entries()) {
    if (line === '') continue;
    const position = `${input}:${index + 1}`;
    const value = tryParse(line);
    if (value === NOT_JSON) yield { read: { unreadable: 'not JSON' }, position, raw: line, place: undefined };
    else yield* recordsIn(value, position);
  }
}

const NOT_JSON = Symbol('not JSON');

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return NOT_JSON;
  }
}

function* recordsIn(value: unknown, position: string): Generator<InputRecord> {
  const source = sources.find((candidate) => candidate.accepts(value));
  if (source) {
    for (const { place, records } of openEvent(source, value, position)) {
      for (const record of records) yield { ...record, position: `${position}#${record.position}`, place };
    }
    return;
  }
  const list = isObject(value) && Array.isArray(value['Records']) ? value['Records'] : value;
  if (!Array.isArray(list)) {
    yield { read: readRecord(list), position, raw: list, place: undefined };
    return;
  }
  for (const [index, item] of list.entries()) {
    yield { read: readRecord(item), position: `${position}#[${index}]`, raw: item, place: undefined };
  }
}

function openEvent(source: (typeof sources)[number], event: unknown, position: string) {
  try {
    return source.open(event, LIMITS);
  } catch (cause) {
    if (cause instanceof DecodeError) throw new InputError(position, cause.message, { cause });
    throw cause;
  }
}
