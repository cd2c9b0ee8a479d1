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

/** Answers kept for one expression, a power of two, and the longest text kept: agents and principals come again and again. */
const SLOTS = 256;
const LONGEST_REMEMBERED = 512;

/** The same test, its answers for short texts kept; a text takes the place of an earlier one that looks like it. */
function remembering(test: (text: string) => boolean): (text: string) => boolean {
  const texts: (string | undefined)[] = new Array(SLOTS).fill(undefined);
  const answers: boolean[] = new Array(SLOTS).fill(false);
  return (text) => {
    if (text.length > LONGEST_REMEMBERED) return test(text);
    const slot = slotOf(text);
    if (texts[slot] === text) return answers[slot]!;
    const answer = test(text);
    texts[slot] = text;
    answers[slot] = answer;
    return answer;
  };
}

/** Told by a few characters: comparing with what the slot holds is quicker than hashing all of a text. */
function slotOf(text: string): number {
  const step = (text.length >> 3) + 1;
  let mixed = text.length;
  for (let at = text.length - 1; at >= 0; at -= step) mixed = (mixed * 31 + text.charCodeAt(at)) | 0;
  return (mixed ^ (mixed >> 8)) & (SLOTS - 1);
}
