import { Scanner } from '../regex/scanner.ts';
import { parseTest } from './leaf-test.ts';
import type { PatternNode } from './pattern.ts';
import { parseSelector } from './selector.ts';

/** The most characters a pattern may have; AWS takes 1,024 in a metric filter, which does not bind detections. */
export const MAX_PATTERN_LENGTH = 4096;
/** The most parentheses inside one another. */
export const MAX_PATTERN_DEPTH = 64;

/**
 * Parses one CloudWatch Logs JSON filter pattern, `{ ... }`: `()` binds tighter than `&&`, `&&` tighter than `||`.
 * Text patterns and space-delimited patterns are refused.
 * @throws {SyntaxProblem} `invalid_pattern`, also above the bounds of length, depth and selector steps.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntaxForMetricFilters.html
 */
export function parseFilterPattern(text: string): PatternNode {
  const scanner = new Scanner(text, 'invalid_pattern');
  if (text.length > MAX_PATTERN_LENGTH) {
    throw scanner.problem(`at most ${MAX_PATTERN_LENGTH}`, MAX_PATTERN_LENGTH, `${text.length} characters`);
  }
  scanner.skipBlanks();
  if (!scanner.take('{')) throw scanner.problem('"{"');
  const node = parseOr(scanner, 0);
  if (!scanner.take('}')) throw scanner.problem('&&, || or "}"');
  scanner.skipBlanks();
  if (scanner.peek() !== '') throw scanner.problem('nothing after the closing "}"');
  return node;
}

function parseOr(scanner: Scanner, depth: number): PatternNode {
  return parseChain(scanner, '||', 'or', () => parseAnd(scanner, depth));
}

function parseAnd(scanner: Scanner, depth: number): PatternNode {
  return parseChain(scanner, '&&', 'and', () => parseAtom(scanner, depth));
}

function parseChain(scanner: Scanner, operator: string, kind: 'and' | 'or', parsePart: () => PatternNode): PatternNode {
  const first = parsePart();
  const children = [first];
  while (scanner.take(operator)) children.push(parsePart());
  return children.length === 1 ? first : { kind, children };
}

function parseAtom(scanner: Scanner, depth: number): PatternNode {
  scanner.skipBlanks();
  const at = scanner.position;
  let node: PatternNode;
  if (scanner.take('(')) {
    if (depth === MAX_PATTERN_DEPTH) {
      throw scanner.problem(`at most ${MAX_PATTERN_DEPTH} inside one another`, at, `${depth + 1} parentheses`);
    }
    node = parseOr(scanner, depth + 1);
    if (!scanner.take(')')) throw scanner.problem('&&, || or ")"');
  } else {
    const selector = parseSelector(scanner);
    scanner.skipBlanks();
    node = { kind: 'leaf', selector, test: parseTest(scanner) };
  }
  scanner.skipBlanks();
  return node;
}
