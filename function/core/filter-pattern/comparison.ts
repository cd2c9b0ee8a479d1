import { compileGlob } from '../glob.ts';
import { compileRegex } from '../regex/linear-regex.ts';
import type { LeafTest, Literal, OrderOperator } from './pattern.ts';

type Test = (value: unknown) => boolean;

/** What `=`, `!=` and the order operators see at all: strings, booleans and finite numbers. */
type Scalar = string | number | boolean;

const ORDERS: Readonly<Record<OrderOperator, (value: number, bound: number) => boolean>> = {
  '<': (value, bound) => value < bound,
  '>': (value, bound) => value > bound,
  '<=': (value, bound) => value <= bound,
  '>=': (value, bound) => value >= bound,
};

/** Compiles the test of one present value. `notExists` is about absence and has no such test. */
export function compileTest(test: Exclude<LeafTest, { kind: 'notExists' }>): Test {
  if (test.kind === 'is') return (value) => value === test.value;
  if (test.kind === 'order') {
    const holds = ORDERS[test.operator];
    return (value) => typeof value === 'number' && Number.isFinite(value) && holds(value, test.value);
  }
  const equals = compileEquals(test.literal);
  return test.operator === '=' ? equals : (value) => isScalar(value) && !equals(value);
}

/** False for everything that is not a scalar. */
function compileEquals(literal: Literal): Test {
  switch (literal.kind) {
    case 'string':
      return compileString(literal.text);
    case 'word':
      return compileWord(literal.text);
    case 'number':
      return (value) => value === literal.value || value === literal.text;
    case 'regex': {
      const regex = compileRegex(literal.source);
      const test = remembering((text) => regex.test(text));
      return (value) => isScalar(value) && test(textOf(value));
    }
  }
}

function compileString(text: string): Test {
  if (!text.includes('*')) return (value) => value === text;
  if (text.replaceAll('*', '') === '') return isScalar;
  const matches = compileGlob(text);
  return (value) => typeof value === 'string' && matches(value);
}

function compileWord(text: string): Test {
  if (text === 'true' || text === 'false') return (value) => value === text || value === (text === 'true');
  if (!text.includes('*')) return (value) => value === text;
  const matches = compileGlob(text);
  return (value) => isScalar(value) && matches(textOf(value));
}

function textOf(value: Scalar): string {
  return typeof value === 'string' ? value : String(value);
}

function isScalar(value: unknown): value is Scalar {
  return typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value);
}

/** Answers kept for one expression, and the longest text kept: agents and principals come again and again. */
const MOST_REMEMBERED = 256;
const LONGEST_REMEMBERED = 512;

/** The same test, its answers for short texts kept; when they are full, all are dropped. */
function remembering(test: (text: string) => boolean): (text: string) => boolean {
  const answers = new Map<string, boolean>();
  return (text) => {
    const known = answers.get(text);
    if (known !== undefined) return known;
    const answer = test(text);
    if (text.length > LONGEST_REMEMBERED) return answer;
    if (answers.size >= MOST_REMEMBERED) answers.clear();
    answers.set(text, answer);
    return answer;
  };
}
