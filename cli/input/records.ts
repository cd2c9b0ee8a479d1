import type { QueryPlace } from '../../function/core/console-links.ts';
import { isObject, readRecord, type SourceRecord } from '../../function/core/record.ts';
import { DecodeError } from '../../function/sources/decode-error.ts';
import { sources } from '../../function/sources/index.ts';
import type { InlineSource, Unread } from '../../function/sources/source.ts';
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
 * event that holds its records; plain or gzip, lines ended by LF or CRLF, with or without a byte order mark. A line
 * that is not JSON is a record that cannot be read.
 * @throws {InputError} when the input cannot be read; after its one rejected record, when none of it is JSON; after the
 * records of all other lines, when a line is a Lambda event that cannot be decoded or only names objects of a bucket
 */
export async function* recordsOf(input: string): AsyncGenerator<InputRecord> {
  const text = await readText(input);
  const whole = tryParse(text);
  if (whole !== NOT_JSON) {
    yield* recordsIn(whole, input);
    return;
  }
  if (text.trim() === '') return;
  const lines = text.split('\n').map((line) => line.trim());
  if (!areLinesOfJson(lines)) {
    yield { read: { unreadable: 'not JSON' }, position: input, raw: text, place: undefined };
    throw new InputError(input, 'neither JSON nor lines of JSON');
  }
  const undecodable: InputError[] = [];
  for (const [index, line] of lines.entries()) {
    if (line === '') continue;
    const position = `${input}:${index + 1}`;
    const value = tryParse(line);
    if (value === NOT_JSON) yield { read: { unreadable: 'not JSON' }, position, raw: line, place: undefined };
    else undecodable.push(...(yield* orUndecodable(recordsIn(value, position))));
  }
  const [first] = undecodable;
  if (first === undefined) return;
  const cause = new AggregateError(undecodable);
  throw new InputError(input, `${undecodable.length} line(s) not decoded, the first: ${first.message}`, { cause });
}

// A damaged file of indented JSON has lines that are JSON too, scalars and empty lists, but no line that is a record.
function areLinesOfJson(lines: readonly string[]): boolean {
  const filled = lines.filter((line) => line !== '');
  return (
    filled.some((line) => /^[{[]/.test(line) && holdsObject(tryParse(line))) ||
    filled.every((line) => tryParse(line) !== NOT_JSON)
  );
}

function holdsObject(value: unknown): boolean {
  return isObject(value) || (Array.isArray(value) && value.some(isObject));
}

function* orUndecodable(records: Iterable<InputRecord>): Generator<InputRecord, readonly InputError[]> {
  try {
    yield* records;
    return [];
  } catch (error) {
    if (error instanceof InputError) return [error];
    throw error;
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
    if (source.readsObjects)
      throw new InputError(position, 'only names objects of a bucket: give the files themselves');
    yield* recordsOfEvent(source, value, position);
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

function* recordsOfEvent(source: InlineSource, event: unknown, position: string): Generator<InputRecord> {
  let undecodable: Unread['error'] | undefined;
  try {
    for (const delivery of source.open(event, LIMITS)) {
      if (delivery.kind === 'unread') {
        undecodable ??= delivery.error;
        continue;
      }
      for (const { read, raw, position: inside } of delivery.records) {
        yield { read, raw, position: `${position}#${inside}`, place: delivery.place };
      }
    }
  } catch (cause) {
    if (!(cause instanceof DecodeError)) throw cause;
    undecodable = cause;
  }
  // Said last, so that the items of a batch that can be decoded are not lost with the one that cannot.
  if (undecodable) throw new InputError(position, undecodable.message, { cause: undecodable });
}
