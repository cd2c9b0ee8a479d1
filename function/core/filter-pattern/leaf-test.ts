import type { Scanner } from '../regex/scanner.ts';
import { parseLiteral, parseNumber } from './literal.ts';
import type { LeafTest } from './pattern.ts';

const EXISTS_HINT = '= "*" for a field that is there';
const OPERATORS = '=, !=, <, >, <=, >=, IS or NOT EXISTS';
const WORDS = new Map([
  ['NULL', null],
  ['TRUE', true],
  ['FALSE', false],
]);

const isLetter = (unit: string) => /[A-Za-z]/.test(unit);

/**
 * Reads what follows a selector: an operator with its literal, `IS NULL|TRUE|FALSE` or `NOT EXISTS`.
 * AWS has neither `IS NOT` nor `EXISTS`; the problem says what to write instead.
 * @throws {SyntaxProblem} `invalid_pattern`.
 */
export function parseTest(scanner: Scanner): LeafTest {
  for (const operator of ['!=', '='] as const) {
    if (!scanner.take(operator)) continue;
    scanner.skipBlanks();
    return { kind: 'equality', operator, literal: parseLiteral(scanner) };
  }
  for (const operator of ['<=', '>=', '<', '>'] as const) {
    if (!scanner.take(operator)) continue;
    scanner.skipBlanks();
    return { kind: 'order', operator, value: parseNumber(scanner) };
  }
  return parseWords(scanner);
}

function parseWords(scanner: Scanner): LeafTest {
  const at = scanner.position;
  switch (scanner.takeWhile(isLetter)) {
    case 'IS':
      return { kind: 'is', value: parseConstant(scanner) };
    case 'NOT':
      scanner.skipBlanks();
      return parseNotExists(scanner);
    case 'EXISTS':
      throw scanner.problem(`${EXISTS_HINT}, or NOT EXISTS`, at);
    default:
      throw scanner.problem(OPERATORS, at);
  }
}

function parseConstant(scanner: Scanner): null | boolean {
  scanner.skipBlanks();
  const at = scanner.position;
  const word = scanner.takeWhile(isLetter);
  const value = WORDS.get(word);
  if (value !== undefined) return value;
  throw scanner.problem(word === 'NOT' ? `NULL, TRUE or FALSE; ${EXISTS_HINT}` : 'NULL, TRUE or FALSE', at);
}

function parseNotExists(scanner: Scanner): LeafTest {
  const at = scanner.position;
  if (scanner.takeWhile(isLetter) !== 'EXISTS') throw scanner.problem('EXISTS', at);
  return { kind: 'notExists' };
}
