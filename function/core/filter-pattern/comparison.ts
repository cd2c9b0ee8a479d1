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

/** What is asked of a value that is there. */
export type PresentTest = Exclude<LeafTest, { kind: 'notExists' }>;

/** Compiles the test of one present value. `notExists` is about absence and has no such test. */
export function compileTest(test: PresentTest): Test {
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
  if (BOOLEANS.has(text)) return (value) => value === text || value === (text === 'true');
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

/**
 * Compiles tests of which one must pass. Texts that are spelled out are looked up together, and what is left is asked of a
 * text once for all.
 */
export function compileAnyTest(tests: readonly PresentTest[]): Test {
  const [only] = tests;
  if (only !== undefined && tests.length === 1) return compileTest(only);
  const exact = new Set(tests.flatMap((test) => exactTextOf(test) ?? []));
  const others = tests.filter((test) => exactTextOf(test) === undefined).map(compileTest);
  const isOther = (value: unknown) => others.some((test) => test(value));
  const isOtherText = remembering(isOther);
  const passes = (value: unknown) => (typeof value === 'string' ? isOtherText(value) : isOther(value));
  if (exact.size === 0) return passes;
  const isExact = compileTexts(exact);
  return others.length === 0 ? isExact : (value) => isExact(value) || passes(value);
}

/** The one text that passes a test, where there is just one. */
export function exactTextOf(test: LeafTest): string | undefined {
  if (test.kind !== 'equality' || test.operator !== '=') return undefined;
  const { literal } = test;
  if (literal.kind !== 'string' && literal.kind !== 'word') return undefined;
  const isText = !literal.text.includes('*') && (literal.kind === 'string' || !BOOLEANS.has(literal.text));
  return isText ? literal.text : undefined;
}

/** Nearly every value has another length than the texts it is compared with. */
function compileTexts(texts: ReadonlySet<string>): Test {
  const [only] = texts;
  if (texts.size === 1) return (value) => value === only;
  let lengths = 0;
  for (const text of texts) lengths |= 1 << (text.length & 31);
  return (value) => typeof value === 'string' && ((lengths >>> (value.length & 31)) & 1) === 1 && texts.has(value);
}

const BOOLEANS: ReadonlySet<string> = new Set(['true', 'false']);

/** Answers kept for one expression, a power of two, and the longest text kept: agents and principals come again and again. */
const SLOTS = 256;
const LONGEST_REMEMBERED = 512;

/** The same test, its answers for short texts kept; a text takes the place of an earlier one that looks like it. */
function remembering(test: (text: string) => boolean): (text: string) => boolean {
  const texts: (string | undefined)[] = new Array(SLOTS).fill(undefined);
  const answers: boolean[] = new Array(SLOTS).fill(false);
  let latest: string | undefined;
  let latestAnswer = false;
  return (text) => {
    // Calls of one caller come in runs.
    if (text === latest) return latestAnswer;
    if (text.length > LONGEST_REMEMBERED) return test(text);
    const slot = slotOf(text);
    if (texts[slot] !== text) {
      answers[slot] = test(text);
      texts[slot] = text;
    }
    latest = text;
    latestAnswer = answers[slot]!;
    return latestAnswer;
  };
}

/** Told by a few characters: comparing with what the slot holds is quicker than hashing all of a text. */
function slotOf(text: string): number {
  const step = (text.length >> 3) + 1;
  let mixed = text.length;
  for (let at = text.length - 1; at >= 0; at -= step) mixed = (mixed * 31 + text.charCodeAt(at)) | 0;
  return (mixed ^ (mixed >> 8)) & (SLOTS - 1);
}
