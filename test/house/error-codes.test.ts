import { expect, it } from 'vitest';
import { textOf } from './source-files.ts';

function declaredCodes(): string[] {
  const [, union = ''] = /export type ErrorCode =([^;]+);/.exec(textOf('function/core/errors.ts')) ?? [];
  return [...union.matchAll(/'([a-z_]+)'/g)].map(([, code = '']) => code);
}

function listedCodes(): string[] {
  const [, section = ''] = /^#+ Error codes$(.*?)(?=^#|$(?![^]))/ms.exec(textOf('README.md')) ?? [];
  return [...section.matchAll(/^\| `([^`]+)` \|/gm)].map(([, code = '']) => code);
}

it('every error code is in the table of README.md, once, and no other', () => {
  expect(declaredCodes().length).toBeGreaterThan(5);
  expect(listedCodes().sort()).toEqual(declaredCodes().sort());
});
