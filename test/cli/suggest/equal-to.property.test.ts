import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { beginsWith, equalTo } from '../../../cli/suggest/equal-to.ts';
import { compileFilterPattern } from '../../../function/core/filter-pattern/compile.ts';

/** Values as attackers would choose them: what quotes, escapes, wildcards and regular expressions are made of. */
const hostile = fc.string({
  unit: fc.oneof(
    fc.constantFrom(
      '"',
      '\\',
      '*',
      '%',
      '^',
      '$',
      '.',
      '|',
      '(',
      ')',
      '[',
      ']',
      '{',
      '}',
      '&&',
      ' ',
      '\n',
      'a',
      'B',
      '1',
    ),
    fc.constantFrom('\u00e9', '\u00ff', '\u0100', '\u202e', '\ud83d\ude00', '\ud83d', '\u0000'),
  ),
  maxLength: 12,
});

const field = '$.userIdentity.invokedBy';
const holds = (condition: string, value: unknown) =>
  compileFilterPattern(`{ ${condition} }`)({ userIdentity: { invokedBy: value } });

describe('equalTo', () => {
  test.prop([hostile, hostile], { numRuns: 2_000 })(
    'holds for the value it was made of, and for no other',
    (value, other) => {
      const condition = equalTo(field, value);
      if (condition === undefined) return;
      expect(holds(condition, value)).toBe(true);
      expect(holds(condition, other)).toBe(other === value);
      for (const near of [`${value}x`, `x${value}`, value.replace('*', 'any'), `${value}\n`, value.toUpperCase()]) {
        expect(holds(condition, near)).toBe(near === value);
      }
    },
  );

  test.prop([fc.oneof(fc.jsonValue(), hostile)])('holds for nothing but strings', (value) => {
    for (const text of ['1', 'true', '', '*', 'a*']) {
      const condition = equalTo(field, text);
      if (condition !== undefined) expect(holds(condition, value)).toBe(value === text);
    }
  });

  it.each([
    ['plain', `${field} = "plain"`],
    ['say "hi" \\o/', `${field} = "say \\"hi\\" \\\\o/"`],
    ['a*b', `${field} = %^a\\x2ab$%`],
    ['50 % *', `${field} = %^50\\x20\\x25\\x20\\x2a$%`],
  ])('of %j is %s', (value, condition) => {
    expect(equalTo(field, value)).toBe(condition);
  });

  it.each(['\u0100*', 'x'.repeat(901)])('is undefined where the language has none', (value) => {
    expect(equalTo(field, value)).toBeUndefined();
  });
});

describe('beginsWith', () => {
  test.prop([hostile, hostile], { numRuns: 1_000 })(
    'holds for what begins so, and for nothing else',
    (start, other) => {
      const condition = start === '' ? undefined : beginsWith(field, start);
      if (condition === undefined) return;
      for (const value of [start, `${start}${other}`, other, other + start]) {
        expect(holds(condition, value)).toBe(value.startsWith(start));
      }
    },
  );
});
