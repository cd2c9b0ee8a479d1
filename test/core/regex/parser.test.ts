import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { SyntaxProblem } from '../../../function/core/errors.ts';
import { compileRegex } from '../../../function/core/regex/linear-regex.ts';
import { MAX_POSITIONS, MAX_REGEX_DEPTH, MAX_REGEX_LENGTH, parseRegex } from '../../../function/core/regex/parser.ts';

const GROUPS = '( ) or (?: ): no look-around, named group or flag';
const ESCAPES = '\\d \\D \\s \\S \\w \\W \\xhh or an escaped punctuation mark';
const COUNTS = '{m}, {m,} or {m,n} with at most four digits, or "\\{"';
const REPEATED = 'something to repeat before this, or a "\\" before it';

describe('the regular expression parser', () => {
  test.each([
    ['(?=a)', 0, '"(?="', GROUPS],
    ['a(?!b)', 1, '"(?!"', GROUPS],
    ['(?<=a)b', 0, '"(?<"', GROUPS],
    ['(?<name>a)', 0, '"(?<"', GROUPS],
    ['(?i)a', 0, '"(?i"', GROUPS],
    ['(a)\\1', 3, '"\\\\1"', ESCAPES],
    ['\\bword', 0, '"\\\\b"', ESCAPES],
    ['\\k<a>', 0, '"\\\\k"', ESCAPES],
    ['\\xZ1', 0, '"\\\\x"', ESCAPES],
    ['\\p{L}', 0, '"\\\\p"', ESCAPES],
    ['a\\', 1, 'the end', ESCAPES],
    ['^*', 1, '"*"', 'no repetition of an anchor'],
    ['a$+', 2, '"+"', 'no repetition of an anchor'],
    ['*a', 0, '"*"', REPEATED],
    ['a**', 2, '"*"', REPEATED],
    ['a*+', 2, '"+"', REPEATED],
    ['a|?', 2, '"?"', REPEATED],
    ['a{x}', 1, '"{"', COUNTS],
    ['a{,2}', 1, '"{"', COUNTS],
    ['a{10000}', 1, '"{"', COUNTS],
    ['a{3,2}', 1, '"{3,2}"', 'the lower count first'],
    ['{2}', 0, '"{"', REPEATED],
    ['a}', 1, '"}"', 'a "\\" before this, or its opening bracket'],
    ['a]', 1, '"]"', 'a "\\" before this, or its opening bracket'],
    ['(a', 2, 'the end', '")"'],
    ['a)', 1, '")"', 'a "(" before this, or "\\)"'],
    ['[]', 1, '"]"', 'a character in the class'],
    ['[^]', 2, '"]"', 'a character in the class'],
    ['[a', 2, 'the end', '"]"'],
    ['[b-a]', 1, '"b"', 'a range from the lower to the higher character'],
    ['[\\w-z]', 1, '"\\\\"', 'a single character before "-"'],
    ['[a-\\d]', 3, '"\\\\"', 'a single character after "-"'],
    ['a{1001}', 1, '1001 positions with repetitions written out', `at most ${MAX_POSITIONS}`],
    ['((a{100}){100}){100}', 9, '10000 positions with repetitions written out', `at most ${MAX_POSITIONS}`],
    ['a{600}b{600}', 0, '1200 positions with repetitions written out', `at most ${MAX_POSITIONS}`],
  ])('refuses %j', (source, position, found, expected) => {
    expect(() => parseRegex(source)).toThrow(SyntaxProblem);
    expect(() => parseRegex(source)).toThrow(
      expect.objectContaining({ code: 'invalid_regex', position, found, expected }),
    );
  });

  test('bounds the depth of groups and the length of the text', () => {
    expect(() => parseRegex('('.repeat(65))).toThrow(
      expect.objectContaining({
        position: 64,
        found: '65 groups',
        expected: `at most ${MAX_REGEX_DEPTH} inside one another`,
      }),
    );
    expect(() => parseRegex('|'.repeat(4097))).toThrow(
      expect.objectContaining({
        position: MAX_REGEX_LENGTH,
        found: '4097 characters',
        expected: `at most ${MAX_REGEX_LENGTH}`,
      }),
    );
    expect(() => parseRegex('|'.repeat(4096))).not.toThrow();
  });

  test.each(['a{1000}', 'a{2,}?', '(|){9999}', `${'('.repeat(64)}a${')'.repeat(64)}`, '[-a]', '[a-]', '[\\w-]', '[(]'])(
    'accepts %j',
    (source) => {
      expect(() => parseRegex(source)).not.toThrow();
    },
  );

  test.prop(
    [
      fc.string({ unit: fc.constantFrom(...'ab1^$.*+?()[]{}|\\-,:=!<xdw'), maxLength: 10 }),
      fc.string({ unit: fc.constantFrom(...'ab1-,x'), maxLength: 5 }),
    ],
    { numRuns: 2_000 },
  )('refuses any other text with its own error, or agrees with the native engine', (source, text) => {
    let linear: ReturnType<typeof compileRegex>;
    try {
      linear = compileRegex(source);
    } catch (error) {
      expect(error).toBeInstanceOf(SyntaxProblem);
      return;
    }
    expect(linear.test(text)).toBe(new RegExp(source).test(text));
  });
});
