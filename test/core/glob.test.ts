import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { compileGlob } from '../../function/core/glob.ts';
import { globMatches } from '../support/pattern-interpreter.ts';

describe('a glob', () => {
  test.each([
    ['GetObject', 'GetObject', true],
    ['GetObject', 'getObject', false],
    ['GetObject', 'GetObjectAcl', false],
    ['', '', true],
    ['', 'a', false],
    ['*', '', true],
    ['*', 'anything', true],
    ['**', 'anything', true],
    ['Get*', 'Get', true],
    ['Get*', 'ForGet', false],
    ['*Operation', 'Client.UnauthorizedOperation', true],
    ['*Operation', 'OperationFailed', false],
    ['a*a', 'a', false],
    ['a*a', 'aa', true],
    ['ab*ba', 'aba', false],
    ['*Key*', 'CreateKeyPair', true],
    ['*Key*', 'Createkeypair', false],
    ['a*b*b', 'ab', false],
    ['a*b*b', 'abb', true],
    ['arn:aws:iam::*:role/terraform-*', 'arn:aws:iam::111122223333:role/terraform-apply', true],
    ['arn:aws:iam::*:role/terraform-*', 'arn:aws:iam::111122223333:user/terraform-apply', false],
    ['a.c', 'abc', false],
    ['[a]?', '[a]?', true],
  ])('%j matches %j: %j', (pattern, text, expected) => {
    expect(compileGlob(pattern)(text)).toBe(expected);
  });

  test.prop([
    fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 8 }),
    fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 10 }),
  ])('gives the answers of the obvious recursion', (pattern, text) => {
    expect(compileGlob(pattern)(text)).toBe(globMatches(pattern, text));
  });

  test('finishes on the pattern that makes backtracking matchers explode', () => {
    expect(compileGlob(`${'*a'.repeat(50)}*b`)('a'.repeat(100_000))).toBe(false);
  });
});
