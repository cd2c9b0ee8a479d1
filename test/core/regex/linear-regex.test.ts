import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { compileRegex } from '../../../function/core/regex/linear-regex.ts';

const { pattern } = fc.letrec<{ pattern: string; atom: string; piece: string }>((tie) => ({
  atom: fc.oneof(
    { withCrossShrink: true, maxDepth: 2 },
    fc.constantFrom(
      'a',
      'b',
      'c',
      '.',
      '[ab]',
      '[^a]',
      '[b-c_]',
      '\\w',
      '\\W',
      '\\d',
      '\\s',
      '\\S',
      '\\x61',
      '\\.',
      '()',
    ),
    fc.tuple(fc.constantFrom('(', '(?:'), tie('pattern')).map(([open, inner]) => `${open}${inner})`),
  ),
  piece: fc.oneof(
    {
      arbitrary: fc
        .tuple(tie('atom'), fc.constantFrom('', '', '?', '*', '+', '{2}', '{0,2}', '{1,}', '*?', '{0}'))
        .map((parts) => parts.join('')),
      weight: 6,
    },
    { arbitrary: fc.constantFrom('^', '$'), weight: 1 },
  ),
  pattern: fc
    .array(
      fc.array(tie('piece'), { maxLength: 3 }).map((pieces) => pieces.join('')),
      { minLength: 1, maxLength: 2 },
    )
    .map((branches) => branches.join('|')),
}));
const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '1', ' ', '.', '\n', 'é'), maxLength: 5 });

describe('a regular expression', () => {
  test.each([
    ['^(Delete|Revoke|Remove)', 'DeleteBucket', true],
    ['^(Delete|Revoke|Remove)', 'BatchDelete', false],
    ['^([D,d]elete).*|([R,r]evoke).*|([R,r]emove).*', 'BatchrevokeGrants', true],
    ['^Delete[A-Z][a-z]+$', 'DeleteBucket', true],
    ['^Delete[A-Z][a-z]+$', 'DeleteBucketPolicy', false],
    ['.*Key.*', 'ScheduleKeyDeletion', true],
    ['', 'anything', true],
    ['^$', '', true],
    ['^$', 'a', false],
    ['$^', '', true],
    ['a^', 'a', false],
    ['$a', 'a', false],
    ['(^|x)a$', 'ba', false],
    ['(^|x)a$', 'bxa', true],
    ['(^)*a', 'ba', true],
    ['(^a)b', 'ab', true],
    ['(^a)b', 'bab', false],
    ['a?(^b)', 'b', true],
    ['a?(^b)', 'ab', false],
    ['b(a$)', 'ba', true],
    ['(b$)a?', 'cb', true],
    ['(b$)a?', 'bc', false],
    ['(b$|c)$', 'ab', true],
    ['10\\.10\\.0\\.1', '10.10.0.1', true],
    ['10\\.10\\.0\\.1', '10.1010.1', false],
    ['val.{2}', 'value', true],
    ['val.{2}', 'valu', false],
    ['\\x41\\-[\\]^-]', 'A-]', true],
    ['[^\\w]', 'abc_', false],
    ['\\s', '\u2003', true],
    ['.', '\u2028', false],
    ['😀', 'so 😀', true],
  ])('%j finds something in %j: %j', (source, subject, expected) => {
    expect(compileRegex(source).test(subject)).toBe(expected);
  });

  const whole = pattern.map((source) => `^(?:${source})$`);
  test.prop([fc.oneof(pattern, whole), fc.array(text, { minLength: 1, maxLength: 8 })], { numRuns: 2_000 })(
    'gives the answers of the native engine, asked once or again',
    (source, subjects) => {
      const native = new RegExp(source);
      const linear = compileRegex(source);
      for (const subject of [...subjects, ...subjects]) expect(linear.test(subject)).toBe(native.test(subject));
    },
  );

  test.each(['^(x|x)*y', '^(x+)+y', '(\\w+\\s?)*!$', '^(.*)*!$', '^(x?){30}x{30}!$'])(
    'answers %j on the texts that stop a backtracking engine',
    (source) => {
      const linear = compileRegex(source);
      expect(linear.test('x'.repeat(30))).toBe(false);
      expect(linear.test('x'.repeat(1_000_000))).toBe(false);
    },
  );

  test('answers correctly while its bounded table is filled and emptied again and again', () => {
    const linear = compileRegex('(a|b)*a(a|b){14}c$');
    let seed = 1;
    const letters = Array.from({ length: 60_000 }, () => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed % 2 === 0 ? 'a' : 'b';
    }).join('');
    expect(linear.test(`${letters}a${'b'.repeat(14)}c`)).toBe(true);
    expect(linear.test(`${letters}b${'b'.repeat(14)}c`)).toBe(false);
    expect(linear.test(`a${'b'.repeat(14)}c`)).toBe(true);
  });

  test('stops reading where an anchored expression cannot match any more', () => {
    const linear = compileRegex('^Delete');
    expect(linear.test(`x${'Delete'.repeat(1_000)}`)).toBe(false);
    expect(linear.test('Delete')).toBe(true);
  });
});
