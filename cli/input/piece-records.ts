import { readRecord } from '../../function/core/record.ts';
import { asBuffer, Lines } from './byte-lines.ts';
import { InputError } from './input-error.ts';
import { holdsObject, NOT_JSON, parsed } from './json-text.ts';
import { MAX_LINE_BYTES, type Piece } from './pieces.ts';
import { recordsOfTrailFile } from './trail-file.ts';
import { type InputRecord, isPlainRecord, recordsOfValue } from './value-records.ts';

/** Lines of an input that are Lambda events and could not be decoded. */
export interface Undecoded {
  lines: number;
  first: InputError | undefined;
}

/**
 * Every record of one piece, in order. Lines that cannot be decoded are added to `undecoded`.
 * @throws {InputError} after its one rejected record, when none of a whole text is JSON; last, when its one value is a
 * Lambda event that cannot be decoded or only names objects of a bucket
 */
export function recordsOfPiece(piece: Piece, input: string, undecoded: Undecoded): Iterable<InputRecord> {
  if (piece.kind === 'lines') return recordsOfLines(new Lines(piece.bytes), input, piece.firstLine, undecoded);
  if (piece.kind === 'whole') {
    const whole = () => recordsOfWhole(piece.bytes, input, undecoded);
    return recordsOfTrailFile(piece.bytes, input, whole) ?? whole();
  }
  const read = { unreadable: `a line of over ${MAX_LINE_BYTES} bytes` };
  return [{ read, position: `${input}:${piece.line}`, raw: undefined, place: undefined }];
}

/** What is to be said of an input, all its pieces read. */
export function undecodedError(input: string, { lines, first }: Undecoded): InputError | undefined {
  return first && new InputError(input, undecodedText(lines, first.message), { cause: first });
}

/** The same, of lines that were read elsewhere. */
export function undecodedText(lines: number, first: string): string {
  return `${lines} line(s) not decoded, the first: ${first}`;
}

function* recordsOfWhole(bytes: Uint8Array, input: string, undecoded: Undecoded): Generator<InputRecord> {
  const text = asBuffer(bytes).toString('utf8');
  const whole = parsed(text);
  if (whole !== NOT_JSON) {
    yield* recordsOfValue(whole, input);
    return;
  }
  if (text.trim() === '') return;
  const lines = new Lines(bytes);
  if (!areLinesOfJson(lines)) {
    yield { read: { unreadable: 'not JSON' }, position: input, raw: text, place: undefined };
    throw new InputError(input, 'neither JSON nor lines of JSON');
  }
  yield* recordsOfLines(lines, input, 1, undecoded);
}

// A damaged file of indented JSON has lines that are JSON too, scalars and empty lists, but no line that is a record.
function areLinesOfJson(lines: Lines): boolean {
  let areAllJson = true;
  for (const line of lines) {
    const text = line.trim();
    if (text === '') continue;
    const value = parsed(text);
    if (value !== NOT_JSON && holdsObject(value)) return true;
    areAllJson &&= value !== NOT_JSON;
  }
  return areAllJson;
}

function* recordsOfLines(lines: Lines, input: string, firstLine: number, undecoded: Undecoded): Generator<InputRecord> {
  let number = firstLine;
  for (const text of lines) {
    const position = `${input}:${number++}`;
    let value = parsed(text);
    if (value === NOT_JSON) {
      // Line ends of other systems are white space to JSON; a byte order mark in the middle of a file is not.
      const trimmed = text.trim();
      if (trimmed === '') continue;
      value = trimmed === text ? NOT_JSON : parsed(trimmed);
      if (value === NOT_JSON) {
        yield { read: { unreadable: 'not JSON' }, position, raw: trimmed, place: undefined };
        continue;
      }
    }
    if (isPlainRecord(value)) {
      yield { read: readRecord(value), position, raw: value, place: undefined, text };
      continue;
    }
    try {
      yield* recordsOfValue(value, position);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      undecoded.lines++;
      undecoded.first ??= error;
    }
  }
}
