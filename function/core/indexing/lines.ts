import { type BatchAnswer, type HttpAnswer, refusalOf } from './answer.ts';

/** A record as newline-delimited JSON. @throws {RangeError} for a record nested deeper than the stack */
export function recordLine(record: Readonly<Record<string, unknown>>): string {
  return `${JSON.stringify(record)}\n`;
}

/** Reads the answer to a post of so many lines: success is of all of them. */
export function readLinesAnswer(answer: HttpAnswer, lines: number): BatchAnswer {
  return refusalOf(answer) ?? { kind: 'lines', lines: Array.from({ length: lines }, () => ({ kind: 'taken' })) };
}
