import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { compilePattern } from '../../../function/core/filter-pattern/compile.ts';
import { impliedValues, requiredLeaves } from '../../../function/core/filter-pattern/implied.ts';
import { parseFilterPattern } from '../../../function/core/filter-pattern/parser.ts';

describe('what a pattern implies for eventName', () => {
  test.each([
    ['{ $.eventName = "A" }', ['A']],
    ['{ $.eventName = A && $.b = 1 }', ['A']],
    ['{ $.b = 1 && ($.eventName = "A" || $.eventName = "B") }', ['A', 'B']],
    ['{ $.eventName = "A" && $.b = 1 || $.eventName = "C" }', ['A', 'C']],
    ['{ $.eventName = "A" && $.eventName = "B" }', []],
    ['{ $.eventName = "A" || $.b = 1 }', undefined],
    ['{ $.eventName = "A*" }', undefined],
    ['{ $.eventName != "A" }', undefined],
    ['{ $.eventName = %A% }', undefined],
    ['{ $.eventName NOT EXISTS }', undefined],
    ['{ $.x.eventName = "A" }', undefined],
    ['{ $.eventName[0] = "A" }', undefined],
  ])('%s is %j', (pattern, names) => {
    const implied = impliedValues(parseFilterPattern(pattern), 'eventName');
    expect(implied && [...implied]).toEqual(names);
  });

  const name = fc.constantFrom('A', 'B', 'C');
  const leaf = fc.oneof(
    name.map((value) => `$.eventName = "${value}"`),
    name.map((value) => `$.eventName != "${value}"`),
    fc.constantFrom('$.b = 1', '$.eventName = "*"', '$.b NOT EXISTS'),
  );
  const tree = fc.letrec<{ node: string }>((tie) => ({
    node: fc.oneof(
      { depthSize: 'small' },
      leaf,
      fc
        .tuple(tie('node'), fc.constantFrom('&&', '||'), tie('node'))
        .map(([a, operator, b]) => `(${a} ${operator} ${b})`),
    ),
  })).node;

  property.prop([tree, name, fc.constantFrom(1, 2, undefined)])(
    'never rules out a record that matches',
    (text, eventName, b) => {
      const node = parseFilterPattern(`{ ${text} }`);
      const implied = impliedValues(node, 'eventName');
      if (implied && !implied.has(eventName)) expect(compilePattern(node)({ eventName, b })).toBe(false);
    },
  );
});

describe('the leaves of which one must hold', () => {
  const NAMES = new Set(['eventName']);
  const required = (text: string) =>
    requiredLeaves(parseFilterPattern(text), NAMES)?.map(({ selector }) =>
      selector.map((step) => (step.kind === 'property' ? step.name : step.kind)).join('.'),
    );

  test.each([
    ['{ $.a = "1" }', ['a']],
    ['{ $.a = %1% }', ['a']],
    ['{ $.a != "1" }', undefined],
    ['{ $.a > 1 }', undefined],
    ['{ $.a IS TRUE }', undefined],
    ['{ $.a NOT EXISTS }', undefined],
    ['{ $.a[0] = "1" }', undefined],
    ['{ $.a = "1" || $.b.c = "2*" }', ['a', 'b.c']],
    ['{ $.a = "1" || $.b NOT EXISTS }', undefined],
    ['{ $.a = "1" && $.b NOT EXISTS }', ['a']],
    // The fewest and quickest.
    ['{ $.a = "1*" && $.b = "2" }', ['b']],
    ['{ ($.a = "1" || $.b = "2") && $.c = "3" }', ['c']],
    // What a plan has settled tells nothing.
    ['{ $.eventName = "A" && $.a = "1*" }', ['a']],
    ['{ $.eventName = "A" }', undefined],
  ])('of %s are %j', (pattern, fields) => {
    expect(required(pattern)).toEqual(fields);
  });

  const leaf = fc.constantFrom(
    '$.a = "x"',
    '$.a = "x*"',
    '$.a = x',
    '$.a = 1',
    '$.a = %x|1%',
    '$.a = true',
    '$.a != "x"',
    '$.a NOT EXISTS',
    '$.a.b = "x"',
    '$.c = "y"',
    '$.c = "*"',
    '$.c IS NULL',
  );
  const pattern = fc.letrec<{ node: string }>((tie) => ({
    node: fc.oneof(
      { depthSize: 'small' },
      leaf,
      fc
        .tuple(tie('node'), fc.constantFrom('&&', '||'), tie('node'))
        .map(([a, operator, b]) => `(${a} ${operator} ${b})`),
    ),
  })).node;
  const value = fc.constantFrom('x', 'xy', 'y', 'true', '1', 1, true, null, undefined, {}, { b: 'x' }, ['x']);

  property.prop([pattern, value, value], { numRuns: 1_000 })('hold for no record less than match', (text, a, c) => {
    const node = parseFilterPattern(`{ ${text} }`);
    const leaves = requiredLeaves(node, NAMES);
    const record = { a, c };
    if (leaves === undefined || !compilePattern(node)(record)) return;
    expect(compilePattern({ kind: 'or', children: leaves })(record)).toBe(true);
    expect(leaves.some((one) => compilePattern(one)(record))).toBe(true);
  });
});
