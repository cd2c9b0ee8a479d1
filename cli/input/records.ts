import { openInput } from './open-input.ts';
import { recordsOfPiece, type Undecoded, undecodedError } from './piece-records.ts';
import type { InputRecord } from './value-records.ts';

export type { InputRecord } from './value-records.ts';

/**
 * Every record of one input, in its order: a CloudTrail log file, NDJSON, one record, an array of records, or a Lambda
 * event that holds its records; plain or gzip, lines ended by LF or CRLF, with or without a byte order mark. A line
 * that is not JSON is a record that cannot be read. Lines of records are never in memory as a whole.
 * @throws {InputError} when the input cannot be read; after its one rejected record, when none of it is JSON; after the
 * records of all other lines, when a line is a Lambda event that cannot be decoded or only names objects of a bucket
 */
export async function* recordsOf(input: string): AsyncGenerator<InputRecord> {
  const undecoded: Undecoded = { lines: 0, first: undefined };
  for await (const piece of openInput(input)) yield* recordsOfPiece(piece, input, undecoded);
  const error = undecodedError(input, undecoded);
  if (error) throw error;
}
