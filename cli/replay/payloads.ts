import { type ReadRecord, readRecord } from '../../function/core/record.ts';
import type { InputRecord } from '../input/value-records.ts';
import { writableText } from './record-text.ts';
import type { SpillFile } from './spill-file.ts';
import type { Place } from './spilled.ts';

/** Appends a record to a file of payloads, with all that an input tells of it. */
export function writePayload(file: SpillFile, source: InputRecord): Place {
  const { position, place } = source;
  const head = JSON.stringify(place === undefined ? [position] : [position, place.region, place.logGroup]);
  const bytes = Buffer.from(`${head}\n${writableText(source)}`);
  return [file.append(bytes), bytes.length];
}

/** A record as it waited on disk, with its text. */
export function readPayload(
  file: SpillFile,
  [at, length]: Place,
): InputRecord & { readonly read: ReadRecord; readonly text: string } {
  const bytes = file.read(at, length);
  const end = bytes.indexOf(0x0a);
  const head: unknown = JSON.parse(bytes.toString('utf8', 0, end));
  const [position, region, logGroup] = Array.isArray(head) ? head.map(String) : [];
  const text = bytes.toString('utf8', end + 1);
  const raw: unknown = JSON.parse(text);
  const read = readRecord(raw);
  if ('unreadable' in read) throw new TypeError('what was read once can be read again');
  const place = region === undefined || logGroup === undefined ? undefined : { region, logGroup };
  return { read, position: position ?? '', raw, place, text };
}
