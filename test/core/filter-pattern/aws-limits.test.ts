import { describe, expect, test } from 'vitest';
import { type BrokenLimit, brokenAwsLimits } from '../../../function/core/filter-pattern/aws-limits.ts';

const LONG = `{ $.a = "${'x'.repeat(1_020)}" }`;

describe('the limits AWS sets on a filter', () => {
  test.each<[string, readonly BrokenLimit[]]>([
    ['{ $.a = 1 }', []],
    ['{ $.a[*] = %x% && $.b[*] = %y% && $.* = "z" }', []],
    ['{ $.a = %x% || $.a = %y% || $.a = %z% }', [{ limit: 'regularExpressions', found: 3, allowed: 2 }]],
    ['{ $.a[*][*] = 1 }', [{ limit: 'wildcardSelectorsPerSelector', found: 2, allowed: 1 }]],
    ['{ $.*.b[*] = 1 }', [{ limit: 'wildcardSelectorsPerSelector', found: 2, allowed: 1 }]],
    [
      '{ $.a[*] = 1 && ($.b[*] = 2 || $.c[*] = 3) && $.* = 4 }',
      [{ limit: 'wildcardSelectorsPerPattern', found: 4, allowed: 3 }],
    ],
    [LONG, [{ limit: 'characters', found: LONG.length, allowed: 1024 }]],
  ])('broken by %j', (text, expected) => {
    expect(brokenAwsLimits(text)).toEqual(expected);
  });

  test('allow exactly 1,024 characters', () => {
    expect(brokenAwsLimits(`{ $.a = "${'x'.repeat(1_012)}" }`)).toEqual([]);
  });
});
