import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { compilePattern } from '../../../function/core/filter-pattern/compile.ts';
import { impliedValues } from '../../../function/core/filter-pattern/implied.ts';
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
