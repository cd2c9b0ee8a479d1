import { describe, expect, test } from 'vitest';
import { SyntaxProblem } from '../../../function/core/errors.ts';
import { refuseAmbiguity } from '../../../function/core/regex/ambiguity.ts';

describe('a pattern for the deletions policy', () => {
  test.each([
    '(a+)+$',
    '(a|a)*',
    '(a|aa)+',
    '(\\w+\\s?)*',
    '(.*)*',
    '(a*)*b',
    '(a?b?)*c',
    '((a?)+b)*c',
    '(a(|)(|)b)*c',
    '^(([a-z])+.)+[A-Z]([a-z])+$',
    '(x{0,2}){3,}y',
    '(ab|a|b)*c',
    'ok(\\d|[0-5])*z',
  ])('is refused when a loop matches the same text in two ways: %s', (source) => {
    expect(() => refuseAmbiguity(source)).toThrow(SyntaxProblem);
  });

  test.each([
    '^(Delete|Revoke|Remove)',
    '^([D,d]elete).*|([R,r]evoke).*|([R,r]emove).*',
    '^Delete[A-Z][a-z]+$',
    '.*Key.*',
    '.*.*.*x',
    '(a?)*b',
    '(a|b)*c',
    '(ab|ac)+',
    '(a*b)*c',
    '([A-Z][a-z]+)+',
    '(a|a)b',
    '(^a|b)*c',
    'a{0,900}b',
  ])('is accepted otherwise: %s', (source) => {
    expect(() => refuseAmbiguity(source)).not.toThrow();
  });

  test('is refused with the place of the loop and what to write', () => {
    expect(() => refuseAmbiguity('^Delete(a+)+')).toThrow(
      expect.objectContaining({
        code: 'invalid_regex',
        position: 8,
        found: 'a loop that can match the same text in two ways',
        expected: 'one way to match each text, e.g. "a+" for "(a+)+"',
      }),
    );
  });

  test('is refused when its loops are too large to be checked', () => {
    const branches = Array.from({ length: 250 }, (_, index) => `\\x${index.toString(16).padStart(2, '0')}`);
    expect(() => refuseAmbiguity(`(${branches.join('|')})*`)).toThrow('a loop too large to check');
  });

  test('is refused when it does not parse at all', () => {
    expect(() => refuseAmbiguity('(?=a)')).toThrow(SyntaxProblem);
  });
});
