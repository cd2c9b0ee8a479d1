import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { compileFilterPattern } from '../../../function/core/filter-pattern/compile.ts';
import { parseFilterPattern } from '../../../function/core/filter-pattern/parser.ts';
import type { LeafTest, Literal, PatternNode, Selector } from '../../../function/core/filter-pattern/pattern.ts';
import { interpret } from '../../support/pattern-interpreter.ts';

/** Few names and values, so that random patterns meet random records. */
const names = fc.constantFrom('a', 'b', 'c.d', '__proto__', 'constructor', 'length');
const texts = fc.constantFrom('', 'x', 'xy', 'x*', '*y', '*', 'x*y*', '4', '404', 'true', 'a "b" \\');
const numbers = fc.constantFrom(0, -1, 4, 40, 404, 0.5, 1e21);

const selector: fc.Arbitrary<Selector> = fc.array(
  fc.oneof(
    { arbitrary: names.map((name) => ({ kind: 'property' as const, name })), weight: 5 },
    fc.nat(2).map((index) => ({ kind: 'index' as const, index })),
    fc.constantFrom({ kind: 'anyElement' as const }, { kind: 'anyProperty' as const }),
  ),
  { minLength: 1, maxLength: 3 },
);
const literal: fc.Arbitrary<Literal> = fc.oneof(
  texts.map((text) => ({ kind: 'string' as const, text })),
  fc.constantFrom('x', 'xy', 'x*', '*', '4*', 'true', 't*', 'null').map((text) => ({ kind: 'word' as const, text })),
  numbers.map((value) => ({ kind: 'number' as const, value, text: String(value) })),
  fc.constantFrom('x', '^x$', '4{1,2}', '[^x]y?', 'tr|4').map((source) => ({ kind: 'regex' as const, source })),
);
const leafTest: fc.Arbitrary<LeafTest> = fc.oneof(
  {
    arbitrary: fc.record({
      kind: fc.constant('equality' as const),
      operator: fc.constantFrom('=' as const, '!='),
      literal,
    }),
    weight: 4,
  },
  fc.record({
    kind: fc.constant('order' as const),
    operator: fc.constantFrom('<' as const, '>', '<=', '>='),
    value: numbers,
  }),
  fc.record({ kind: fc.constant('is' as const), value: fc.constantFrom(null, true, false) }),
  fc.constant({ kind: 'notExists' as const }),
);
const leaf: fc.Arbitrary<PatternNode> = fc.record({ kind: fc.constant('leaf' as const), selector, test: leafTest });
const branch = (children: fc.Arbitrary<PatternNode>) => fc.array(children, { minLength: 2, maxLength: 3 });
const inner: fc.Arbitrary<PatternNode> = fc.oneof(
  leaf,
  fc.record({ kind: fc.constantFrom('and' as const, 'or'), children: branch(leaf) }),
);
const pattern: fc.Arbitrary<PatternNode> = fc.oneof(
  leaf,
  fc.record({ kind: fc.constantFrom('and' as const, 'or'), children: branch(inner) }),
);

/** Any JSON value, own `__proto__` keys included. */
const { json } = fc.letrec<{ json: unknown }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 4, depthIdentifier: 'json' },
    fc.oneof(texts, numbers, fc.boolean(), fc.constant(null)),
    fc.array(tie('json'), { maxLength: 3 }),
    fc.array(fc.tuple(names, tie('json')), { maxLength: 5 }).map(toObject),
  ),
}));
const record = fc.array(fc.tuple(names, json), { maxLength: 6 }).map(toObject);

function toObject(entries: [string, unknown][]): unknown {
  return JSON.parse(`{${entries.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join()}}`);
}

function printSelector(steps: Selector): string {
  return steps.reduce((text, step) => {
    if (step.kind === 'property') return `${text}${/^\w+$/.test(step.name) ? `.${step.name}` : `.['${step.name}']`}`;
    return `${text}${step.kind === 'index' ? `[${step.index}]` : step.kind === 'anyElement' ? '[*]' : '.*'}`;
  }, '$');
}

function printTest(test: LeafTest): string {
  if (test.kind === 'notExists') return 'NOT EXISTS';
  if (test.kind === 'is') return `IS ${String(test.value).toUpperCase()}`;
  if (test.kind === 'order') return `${test.operator} ${test.value}`;
  if (test.literal.kind === 'regex') return `${test.operator} %${test.literal.source}%`;
  return `${test.operator} ${test.literal.kind === 'string' ? JSON.stringify(test.literal.text) : test.literal.text}`;
}

function print(node: PatternNode): string {
  if (node.kind === 'leaf') return `${printSelector(node.selector)} ${printTest(node.test)}`;
  const parts = node.children.map((child) => (child.kind === 'leaf' ? print(child) : `(${print(child)})`));
  return parts.join(node.kind === 'and' ? ' && ' : ' || ');
}

describe('over random patterns and records', () => {
  test.prop([pattern])('parsing gives back the tree that was printed', (node) => {
    expect(parseFilterPattern(`{ ${print(node)} }`)).toEqual(node);
  });

  test.prop([pattern, fc.array(fc.oneof(record, json), { minLength: 1, maxLength: 5 })], { numRuns: 2_000 })(
    'the compiled condition says what the obvious interpreter says',
    (node, records) => {
      const condition = compileFilterPattern(`{ ${print(node)} }`);
      for (const value of records) expect(condition(value)).toBe(interpret(node, value));
    },
  );
});
