import type { BatchAnswer } from '../core/indexing/answer.ts';
import type { SourceRecord } from '../core/record.ts';
import type { Deadline } from './sink.ts';

/** One record as an output takes it. */
export interface OutputLine {
  /** Ends with a line feed. */
  readonly text: string;
  /** Names the record in the output: the same for every copy of it. */
  readonly id: string;
  /** Where it goes: an index; undefined where the output has no such thing. */
  readonly index: string | undefined;
}

/** Where records go in batches. */
export interface Output {
  /** In messages and dead letters. */
  readonly name: 'bulk' | 'http-lines';
  /** Most bytes of one request; a larger line goes alone. */
  readonly maxBytes: number;
  readonly maxLines: number;
  /** The line of a record, or why it cannot have one. */
  lineOf(source: SourceRecord): OutputLine | { readonly unwritable: string };
  /** Sends lines in one request. Whatever happens is an answer. */
  post(body: Uint8Array, lines: number, deadline: Deadline): Promise<BatchAnswer>;
}
