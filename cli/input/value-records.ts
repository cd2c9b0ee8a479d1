import type { QueryPlace } from '../../function/core/console-links.ts';
import { isObject, readRecord, type SourceRecord } from '../../function/core/record.ts';
import { DecodeError } from '../../function/sources/decode-error.ts';
import { sources } from '../../function/sources/index.ts';
import type { InlineSource, Unread } from '../../function/sources/source.ts';
import { InputError } from './input-error.ts';

/** A record of an input, and where it can be queried when its input says so. */
export interface InputRecord extends SourceRecord {
  readonly place: QueryPlace | undefined;
  /** The JSON text of the record, where it is a line of its own. */
  readonly text?: string;
}

/** A payload given by hand may unpack to more than the function takes. */
const LIMITS = { maxInflatedBytes: 256 * 1024 * 1024, region: 'us-east-1' };

/** True for one record and nothing else: no event of any source lacks all of these keys. */
export function isPlainRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return (
    isObject(value) &&
    typeof value['eventSource'] === 'string' &&
    value['Records'] === undefined &&
    value['awslogs'] === undefined &&
    value['detail-type'] === undefined
  );
}

/**
 * The records of one parsed value: a CloudTrail log file, one record, an array of records, or a Lambda event that holds its
 * records.
 * @throws {InputError} last, when a Lambda event cannot be decoded or only names objects of a bucket
 */
export function* recordsOfValue(value: unknown, position: string): Generator<InputRecord> {
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
  for (let index = 0; index < list.length; index++) {
    const item: unknown = list[index];
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
