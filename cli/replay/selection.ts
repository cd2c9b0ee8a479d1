import { compilePattern } from '../../function/core/filter-pattern/compile.ts';
import { parseFilterPattern } from '../../function/core/filter-pattern/parser.ts';
import type { ReadRecord, Unreadable } from '../../function/core/record.ts';
import { millisecondsOf } from './facts.ts';

/** Which records a replay is about; each part undefined where it is about all. Plain data. */
export interface Selection {
  /** A condition, as detections have them in `when`. */
  readonly where: string | undefined;
  /** Milliseconds: records of that time and later. */
  readonly since: number | undefined;
  /** Milliseconds: records before. */
  readonly until: number | undefined;
}

/** A selection made ready. */
export type Selects = (read: ReadRecord | Unreadable) => boolean;

/** Everything. */
export const NO_SELECTION: Selection = { where: undefined, since: undefined, until: undefined };

/**
 * Compiles a selection; undefined for one that leaves nothing out. What cannot be read, and with times what tells none, is
 * outside of any other.
 * @throws {SyntaxProblem} for a condition that does not parse
 */
export function compileSelection({ where, since, until }: Selection): Selects | undefined {
  if (where === undefined && since === undefined && until === undefined) return undefined;
  const holds = where === undefined ? () => true : compilePattern(parseFilterPattern(where));
  const hasTimes = since !== undefined || until !== undefined;
  return (read) => {
    if ('unreadable' in read) return false;
    if (hasTimes) {
      const time = millisecondsOf(read.record['eventTime']);
      if (time === undefined || (since !== undefined && time < since)) return false;
      if (until !== undefined && time >= until) return false;
    }
    return holds(read.record);
  };
}
