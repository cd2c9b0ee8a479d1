import { isObject, readRecord } from '../../function/core/record.ts';
import { sources } from '../../function/sources/index.ts';
import { ByteText } from './byte-text.ts';
import { NOT_JSON, parsed } from './json-text.ts';
import type { InputRecord } from './value-records.ts';

/** How CloudTrail's own log files begin and end. */
const HEAD = '{"Records":[';
const TAIL = ']}';

/** Between two records of one. Within a string its quotes would be escaped, so it stands nowhere else but between objects. */
const BETWEEN = '},{"eventVersion":';

/**
 * The records of a log file as CloudTrail writes it, without spaces between them; undefined for anything else. Each is
 * read by itself, quicker than all together, and with its text at hand. They are those of the file as one value; of a file
 * that is damaged in its middle, those before the damage come first.
 * @param whole gives the records of the file as one value
 */
export function recordsOfTrailFile(
  bytes: Uint8Array,
  input: string,
  whole: () => Iterable<InputRecord>,
): Iterable<InputRecord> | undefined {
  const all = new ByteText(bytes);
  const end = endOfRecords(all);
  if (end === undefined || all.slice(0, HEAD.length) !== HEAD) return undefined;
  const [first, last] = [all.indexOf(BETWEEN), all.lastIndexOf(BETWEEN)];
  const [opening] = together(all.slice(HEAD.length, first === -1 ? end : first + 1)) ?? [];
  const closing = together(all.slice(last === -1 ? HEAD.length : last + 2, end));
  if (opening === undefined || closing === undefined) return undefined;
  // Events of other services have lists of records, too.
  if (sources.some((source) => source.accepts({ Records: [opening] }))) return undefined;
  return eachOf(all, end, input, whole);
}

function* eachOf(
  all: ByteText,
  end: number,
  input: string,
  whole: () => Iterable<InputRecord>,
): Generator<InputRecord> {
  let index = 0;
  for (let from = HEAD.length; ; ) {
    const next = all.indexOf(BETWEEN, from);
    const text = all.slice(from, next === -1 ? end : next + 1);
    const raw = parsed(text);
    if (raw !== NOT_JSON) {
      yield { read: readRecord(raw), position: `${input}#[${index++}]`, raw, place: undefined, text };
    } else {
      const several = together(text);
      // Objects inside a record can look like records.
      if (several === undefined) break;
      for (const one of several) {
        yield { read: readRecord(one), position: `${input}#[${index++}]`, raw: one, place: undefined };
      }
    }
    if (next === -1) return;
    from = next + 2;
  }
  let known = index;
  for (const record of whole()) if (known-- <= 0) yield record;
}

/** The records of a text that is one or, where some begin with another key, several; undefined for any other. */
function together(text: string): readonly unknown[] | undefined {
  const values = parsed(`[${text}]`);
  return Array.isArray(values) && values.length > 0 && values.every(isObject) ? values : undefined;
}

/** Where the last record ends; undefined where the file does not end as it should. */
function endOfRecords(all: ByteText): number | undefined {
  const tail = all.slice(Math.max(0, all.length - 64), all.length);
  const trimmed = tail.trimEnd();
  const end = all.length - (tail.length - trimmed.length) - TAIL.length;
  return trimmed.endsWith(TAIL) && end > HEAD.length ? end : undefined;
}
