import type { Scanner } from '../regex/scanner.ts';
import type { Selector, SelectorStep } from './pattern.ts';

/** The most steps in one selector. */
export const MAX_SELECTOR_STEPS = 64;

const INDEX = /^(?:0|[1-9]\d{0,8})$/;
const isNamePart = (unit: string) => /[A-Za-z0-9_-]/.test(unit);
const isDigit = (unit: string) => unit >= '0' && unit <= '9';

/**
 * Reads `$.a.b`, `$.a[0]`, `$.a[*].b`, `$.*`, `$.['a.b']` or `$['a.b']` up to the first character that cannot belong
 * to it. Unquoted names are letters, digits, `-` and `_`; between `['` and `']` every character is itself, except
 * that `\'` and `\\` stand for a quote and a backslash.
 * @throws {SyntaxProblem} `invalid_pattern`.
 */
export function parseSelector(scanner: Scanner): Selector {
  const at = scanner.position;
  if (!scanner.take('$')) throw scanner.problem('a selector such as $.eventName, or "("');
  const steps: SelectorStep[] = [];
  while (scanner.peek() === '.' || scanner.peek() === '[') {
    steps.push(scanner.take('.') ? parseNamed(scanner) : parseBracketed(scanner));
  }
  if (steps.length === 0) throw scanner.problem('"." and a field name, or "["');
  if (steps.length > MAX_SELECTOR_STEPS) {
    throw scanner.problem(`at most ${MAX_SELECTOR_STEPS}`, at, `a selector of ${steps.length} steps`);
  }
  return steps;
}

function parseNamed(scanner: Scanner): SelectorStep {
  if (scanner.take('*')) return { kind: 'anyProperty' };
  if (scanner.take("['")) return parseQuotedName(scanner);
  const name = scanner.takeWhile(isNamePart);
  if (name === '') throw scanner.problem("a field name, * or ['a name']");
  return { kind: 'property', name };
}

function parseBracketed(scanner: Scanner): SelectorStep {
  if (scanner.take("['")) return parseQuotedName(scanner);
  scanner.next();
  if (scanner.take('*]')) return { kind: 'anyElement' };
  const at = scanner.position;
  const digits = scanner.takeWhile(isDigit);
  if (!INDEX.test(digits)) throw scanner.problem("an index from 0, * or 'a name'", at);
  if (!scanner.take(']')) throw scanner.problem('"]"');
  return { kind: 'index', index: Number(digits) };
}

function parseQuotedName(scanner: Scanner): SelectorStep {
  let name = '';
  while (!scanner.take("'")) {
    if (scanner.peek() === '') throw scanner.problem('"\'" and "]" after the name');
    if (scanner.take('\\') && scanner.peek() !== "'" && scanner.peek() !== '\\') {
      throw scanner.problem("\\' or \\\\", scanner.position - 1);
    }
    name += scanner.next();
  }
  if (!scanner.take(']')) throw scanner.problem('"]"');
  return { kind: 'property', name };
}
