import { SyntaxProblem } from '../errors.ts';
import { parseRegex } from '../regex/parser.ts';
import type { Scanner } from '../regex/scanner.ts';
import type { Literal } from './pattern.ts';

const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
const isWordPart = (unit: string) => /[A-Za-z0-9_.*:/@#+-]/.test(unit);
/** The characters AWS takes between percent signs; every other one is written `\xhh`. */
const isRegexPart = (unit: string) => /[A-Za-z0-9:_#=@/;,^$?[\]{}|\\*+.-]/.test(unit);

/**
 * Reads a word, a quoted string, a number or `%regex%`. Words may hold `. * : / @ # + -` beside letters, digits
 * and `_`, since AWS's own samples leave `kms.amazonaws.com`, `AccessDenied*` and `123.123.*` unquoted.
 * @throws {SyntaxProblem} `invalid_pattern`.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 */
export function parseLiteral(scanner: Scanner): Literal {
  if (scanner.take('"')) return { kind: 'string', text: parseString(scanner) };
  if (scanner.take('%')) return { kind: 'regex', source: parseRegexSource(scanner) };
  const at = scanner.position;
  const text = scanner.takeWhile(isWordPart);
  if (text === '') throw scanner.problem('a word, a number, "a string" or %a regular expression%');
  return NUMBER.test(text) ? { kind: 'number', value: finite(scanner, text, at), text } : { kind: 'word', text };
}

/**
 * Reads a number without wildcards.
 * @throws {SyntaxProblem} `invalid_pattern`.
 */
export function parseNumber(scanner: Scanner): number {
  const at = scanner.position;
  const text = scanner.takeWhile(isWordPart);
  if (!NUMBER.test(text)) throw scanner.problem('a number: <, >, <= and >= compare nothing else', at);
  return finite(scanner, text, at);
}

function finite(scanner: Scanner, text: string, at: number): number {
  const value = Number(text);
  if (!Number.isFinite(value)) throw scanner.problem('a number a double can hold', at, JSON.stringify(text));
  return value;
}

function parseString(scanner: Scanner): string {
  let text = '';
  while (!scanner.take('"')) {
    if (scanner.peek() === '') throw scanner.problem("a closing '\"'");
    if (scanner.take('\\') && scanner.peek() !== '"' && scanner.peek() !== '\\') {
      throw scanner.problem('\\" or \\\\', scanner.position - 1);
    }
    text += scanner.next();
  }
  return text;
}

function parseRegexSource(scanner: Scanner): string {
  const start = scanner.position;
  const source = scanner.takeWhile(isRegexPart);
  if (scanner.peek() === '') throw scanner.problem('a closing "%"');
  if (!scanner.take('%')) {
    throw scanner.problem('letters, digits, : _ # = @ / ; , - ^ $ ? [ ] { } | \\ * + . or \\xhh between the % signs');
  }
  if (source === '') throw scanner.problem('a regular expression between the % signs', start);
  try {
    parseRegex(source);
  } catch (error) {
    if (!(error instanceof SyntaxProblem)) throw error;
    throw scanner.problem(error.expected, start + error.position, error.found);
  }
  return source;
}
