import { expect, it } from 'vitest';
import { textOf } from './source-files.ts';

function declaredCodes(): string[] {
  const [, union = ''] = /export type ErrorCode =([^;]+);/.exec(textOf('function/core/errors.ts')) ?? [];
  return [...union.matchAll(/'([a-z_]+)'/g)].map(([, code = '']) => code);
}

function listedCodes(): string[] {
  const [, after = ''] = textOf('README.md').split(/^#+ Error codes$/m);
  const [section = ''] = after.split(/^#/m);
  return [...section.matchAll(/^\| `([^`]+)` \|/gm)].map(([, code = '']) => code);
}

it('every error code is in the table of README.md, once, and no other', () => {
  expect(declaredCodes().length).toBeGreaterThan(5);
  expect(listedCodes().sort()).toEqual(declaredCodes().sort());
});
