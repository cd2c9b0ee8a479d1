import { type CharSet, complementOf, DOT, SHORTHANDS, single, unionOf } from './char-set.ts';
import { Scanner } from './scanner.ts';

/** A regular expression taken apart. `at` is the offset of the unit in the source; `max` may be Infinity. */
export type RegexNode =
  | { readonly kind: 'unit'; readonly set: CharSet; readonly at: number }
  | { readonly kind: 'anchor'; readonly edge: 'start' | 'end' }
  | { readonly kind: 'sequence'; readonly parts: readonly RegexNode[] }
  | { readonly kind: 'choice'; readonly parts: readonly RegexNode[] }
  | { readonly kind: 'repeat'; readonly of: RegexNode; readonly min: number; readonly max: number };

/** The most characters a regular expression may have. */
export const MAX_REGEX_LENGTH = 4096;
/** The most groups inside one another. */
export const MAX_REGEX_DEPTH = 64;
/** The most character positions a regular expression may have once its counted repetitions are written out. */
export const MAX_POSITIONS = 1000;

const HEX = /^[0-9A-Fa-f]{2}/;
const COUNT = /^\{(\d{1,4})(?:(,)(\d{1,4})?)?\}/;

/**
 * Parses a regular expression: ECMAScript's syntax without flags, cut down to what a finite automaton runs.
 * Look-around, back-references, named groups, inline flags, quantified anchors, `\b`, `[]`, unescaped `{ } ]` and
 * escapes of letters other than `\d \D \s \S \w \W \xhh` are refused. Lazy quantifiers are read as greedy ones,
 * which find the same texts.
 * @throws {SyntaxProblem} `invalid_regex`, also above the three ceilings of this module.
 */
export function parseRegex(source: string): RegexNode {
  const scanner = new Scanner(source, 'invalid_regex');
  if (source.length > MAX_REGEX_LENGTH) {
    throw scanner.problem(`at most ${MAX_REGEX_LENGTH}`, MAX_REGEX_LENGTH, `${source.length} characters`);
  }
  const node = parseChoice(scanner, 0);
  if (scanner.peek() !== '') throw scanner.problem('a "(" before this, or "\\)"');
  refuseSize(scanner, node, 0);
  return node;
}

/** How many positions the node takes once its repetitions are written out. */
export function positionsOf(node: RegexNode): number {
  switch (node.kind) {
    case 'unit':
      return 1;
    case 'anchor':
      return 0;
    case 'repeat':
      return positionsOf(node.of) * (node.max === Number.POSITIVE_INFINITY ? Math.max(node.min, 1) : node.max);
    default:
      return node.parts.reduce((sum, part) => sum + positionsOf(part), 0);
  }
}

function refuseSize(scanner: Scanner, node: RegexNode, at: number): void {
  const positions = positionsOf(node);
  if (positions <= MAX_POSITIONS) return;
  throw scanner.problem(`at most ${MAX_POSITIONS}`, at, `${positions} positions with repetitions written out`);
}

function parseChoice(scanner: Scanner, depth: number): RegexNode {
  const parts = [parseSequence(scanner, depth)];
  while (scanner.take('|')) parts.push(parseSequence(scanner, depth));
  return parts.length === 1 ? parts[0]! : { kind: 'choice', parts };
}

function parseSequence(scanner: Scanner, depth: number): RegexNode {
  const parts: RegexNode[] = [];
  while (!['', '|', ')'].includes(scanner.peek())) parts.push(parseRepeated(scanner, depth));
  return parts.length === 1 ? parts[0]! : { kind: 'sequence', parts };
}

function parseRepeated(scanner: Scanner, depth: number): RegexNode {
  const node = parseAtom(scanner, depth);
  const at = scanner.position;
  const counts = parseQuantifier(scanner);
  if (counts === undefined) return node;
  if (node.kind === 'anchor') throw scanner.problem('no repetition of an anchor', at);
  scanner.take('?');
  const repeated: RegexNode = { kind: 'repeat', of: node, min: counts[0], max: counts[1] };
  refuseSize(scanner, repeated, at);
  return repeated;
}

function parseQuantifier(scanner: Scanner): readonly [number, number] | undefined {
  if (scanner.take('*')) return [0, Number.POSITIVE_INFINITY];
  if (scanner.take('+')) return [1, Number.POSITIVE_INFINITY];
  if (scanner.take('?')) return [0, 1];
  if (scanner.peek() !== '{') return undefined;
  const match = COUNT.exec(scanner.text.slice(scanner.position, scanner.position + 12));
  if (match === null) throw scanner.problem('{m}, {m,} or {m,n} with at most four digits, or "\\{"');
  const min = Number(match[1]);
  const max = match[3] !== undefined ? Number(match[3]) : match[2] === undefined ? min : Number.POSITIVE_INFINITY;
  if (min > max) throw scanner.problem('the lower count first', scanner.position, JSON.stringify(match[0]));
  scanner.position += match[0].length;
  return [min, max];
}

function parseAtom(scanner: Scanner, depth: number): RegexNode {
  const at = scanner.position;
  switch (scanner.next()) {
    case '^':
      return { kind: 'anchor', edge: 'start' };
    case '$':
      return { kind: 'anchor', edge: 'end' };
    case '.':
      return { kind: 'unit', set: DOT, at };
    case '(':
      return parseGroup(scanner, depth + 1, at);
    case '[':
      return { kind: 'unit', set: parseClass(scanner), at };
    case '\\':
      return { kind: 'unit', set: parseEscape(scanner), at };
    case '*':
    case '+':
    case '?':
    case '{':
      throw scanner.problem('something to repeat before this, or a "\\" before it', at);
    case '}':
    case ']':
      throw scanner.problem('a "\\" before this, or its opening bracket', at);
    default:
      return { kind: 'unit', set: single(scanner.text.charCodeAt(at)), at };
  }
}

function parseGroup(scanner: Scanner, depth: number, at: number): RegexNode {
  if (depth > MAX_REGEX_DEPTH) {
    throw scanner.problem(`at most ${MAX_REGEX_DEPTH} inside one another`, at, `${depth} groups`);
  }
  if (scanner.peek() === '?' && !scanner.take('?:')) {
    const found = JSON.stringify(scanner.text.slice(at, at + 3));
    throw scanner.problem('( ) or (?: ): no look-around, named group or flag', at, found);
  }
  const node = parseChoice(scanner, depth);
  if (!scanner.take(')')) throw scanner.problem('")"');
  // A group of one anchor is no longer an anchor: it may be repeated.
  return node.kind === 'anchor' ? { kind: 'sequence', parts: [node] } : node;
}

function parseClass(scanner: Scanner): CharSet {
  const negated = scanner.take('^');
  const ranges: (readonly [number, number])[] = [];
  do {
    const at = scanner.position;
    const low = parseClassMember(scanner);
    if (scanner.peek() !== '-' || scanner.text.charAt(scanner.position + 1) === ']') {
      ranges.push(...low);
      continue;
    }
    scanner.next();
    const highAt = scanner.position;
    const high = parseClassMember(scanner);
    if (!isSingle(low)) throw scanner.problem('a single character before "-"', at);
    if (!isSingle(high)) throw scanner.problem('a single character after "-"', highAt);
    if (low[0]![0] > high[0]![0]) throw scanner.problem('a range from the lower to the higher character', at);
    ranges.push([low[0]![0], high[0]![0]]);
  } while (scanner.peek() !== ']');
  scanner.next();
  const set = unionOf(ranges);
  return negated ? complementOf(set) : set;
}

function isSingle(set: CharSet): boolean {
  return set.length === 1 && set[0]![0] === set[0]![1];
}

function parseClassMember(scanner: Scanner): CharSet {
  const unit = scanner.peek();
  if (unit === '' || unit === ']') throw scanner.problem(unit === '' ? '"]"' : 'a character in the class');
  scanner.next();
  return unit === '\\' ? parseEscape(scanner) : single(unit.charCodeAt(0));
}

function parseEscape(scanner: Scanner): CharSet {
  const at = scanner.position - 1;
  const unit = scanner.next();
  const shorthand = SHORTHANDS.get(unit);
  if (shorthand !== undefined) return shorthand;
  const hex = HEX.exec(scanner.text.slice(scanner.position, scanner.position + 2));
  if (unit === 'x' && hex !== null) {
    scanner.position += 2;
    return single(Number.parseInt(hex[0], 16));
  }
  if (unit >= ' ' && unit <= '~' && !/[0-9A-Za-z]/.test(unit)) return single(unit.charCodeAt(0));
  const found = unit === '' ? 'the end' : JSON.stringify(`\\${unit}`);
  throw scanner.problem('\\d \\D \\s \\S \\w \\W \\xhh or an escaped punctuation mark', at, found);
}
