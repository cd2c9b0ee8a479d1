import { type AddressRange, isAddress, parseRange } from './cidr.ts';
import { SyntaxProblem } from './errors.ts';
import { parseSelector } from './filter-pattern/selector.ts';
import { compileSome } from './filter-pattern/walk.ts';
import type { CloudTrailRecord } from './record.ts';
import { Scanner } from './regex/scanner.ts';

/** One comparison a filter pattern cannot make: a field, and exactly one of the other keys. */
export interface WhereClause {
  readonly field: string;
  readonly 'equals-field'?: string | undefined;
  readonly 'anything-but-field'?: string | undefined;
  readonly 'in-list'?: string | undefined;
  readonly 'anything-but-list'?: string | undefined;
  readonly cidr?: string | undefined;
}

/** The policy's named lists. */
export type Lists = Readonly<Record<string, readonly string[]>>;

type Read = (record: CloudTrailRecord) => readonly unknown[];

/**
 * Compiles clauses, ANDed. As in a filter pattern, a clause holds when some value that the field lands on passes, and
 * never where the field is absent, null, an object or an array:
 * - `equals-field`: the other field lands on an equal value; `anything-but-field`: it lands on none, be it absent;
 * - `in-list`, `anything-but-list`: a list of addresses or CIDRs only is asked about addresses only, so a service's name
 *   in `sourceIPAddress` is neither in it nor outside; any other list is compared text by text;
 * - `cidr`: an address within.
 * @throws {SyntaxProblem} for a field, CIDR or list name that is none; a loaded folder holds none
 */
export function compileWhere(clauses: readonly WhereClause[], lists: Lists): (record: CloudTrailRecord) => boolean {
  const tests = clauses.map((clause) => compileClause(clause, lists));
  return (record) => tests.every((test) => test(record));
}

function compileClause(clause: WhereClause, lists: Lists): (record: CloudTrailRecord) => boolean {
  const read = compileField(clause.field);
  const { cidr } = clause;
  if (cidr !== undefined) {
    const range = compileCidr(cidr);
    return (record) => read(record).some((value) => range.contains(String(value)));
  }
  const otherField = clause['equals-field'] ?? clause['anything-but-field'];
  if (otherField !== undefined) {
    const readOther = compileField(otherField);
    const wanted = clause['equals-field'] !== undefined;
    return (record) => {
      const others = new Set(readOther(record).map(String));
      return read(record).some((value) => others.has(String(value)) === wanted);
    };
  }
  const name = clause['in-list'] ?? clause['anything-but-list'] ?? '';
  const holds = compileList(name, lists);
  const wanted = clause['in-list'] !== undefined;
  return (record) => read(record).some((value) => holds(String(value)) === wanted);
}

/** Answers whether a value is in a list; undefined where the list cannot say. */
function compileList(name: string, lists: Lists): (value: string) => boolean | undefined {
  const items = Object.hasOwn(lists, name) ? lists[name] : undefined;
  if (items === undefined) throw new SyntaxProblem('invalid_pattern', 0, name, 'the name of a list in policy.json');
  const ranges = items.flatMap((item) => parseRange(item) ?? []);
  if (items.length > 0 && ranges.length === items.length) {
    return (value) => (isAddress(value) ? ranges.some((range) => range.contains(value)) : undefined);
  }
  const texts = new Set(items);
  return (value) => texts.has(value);
}

/** A range of addresses. @throws {SyntaxProblem} when the text is none */
export function compileCidr(text: string): AddressRange {
  const range = parseRange(text);
  if (range === undefined)
    throw new SyntaxProblem('invalid_pattern', 0, JSON.stringify(text.slice(0, 60)), 'a CIDR such as 192.0.2.0/24');
  return range;
}

/**
 * Compiles the reading of a field: every string, boolean and finite number its selector lands on.
 * @throws {SyntaxProblem} when the text is no selector
 */
export function compileField(field: string): Read {
  const scanner = new Scanner(field, 'invalid_pattern');
  const selector = parseSelector(scanner);
  if (scanner.peek() !== '') throw scanner.problem('nothing after the field');
  return (record) => {
    const values: unknown[] = [];
    compileSome(selector, (value) => {
      if (typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)) values.push(value);
      return false;
    })(record);
    return values;
  };
}
