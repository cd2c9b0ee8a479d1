import { describe, expect, it } from 'vitest';
import { type Import, importsOf } from './import-lines.ts';
import { sourceFiles } from './source-files.ts';

const importsUnder = (...folders: readonly string[]) => sourceFiles(...folders).flatMap(importsOf);
const goesTo =
  (...folders: readonly string[]) =>
  ({ to }: Import) =>
    folders.some((folder) => to.startsWith(`${folder}/`));
const isPackage = (name: string) => (to: string) => to === name || to.startsWith(`${name}/`);

describe('the reading of import lines', () => {
  it.each([
    ["import { a } from './a.ts';", 'core/a.ts'],
    ["import type { A } from '../sources/a.ts';", 'sources/a.ts'],
    ["import {\n  a,\n  b,\n} from './a.ts';", 'core/a.ts'],
    ["import * as z from 'zod/mini';", 'zod/mini'],
    ["import 'node:fs';", 'node:fs'],
    ["export { a } from './a.ts';", 'core/a.ts'],
    ["export * from './a.ts';", 'core/a.ts'],
    ["const { a } = await import('./a.ts');", 'core/a.ts'],
    ["type A = import('../sinks/a.ts').A;", 'sinks/a.ts'],
    ["const a = require('node:fs');", 'node:fs'],
  ])('finds %j', (text, to) => {
    expect(importsOf({ path: 'core/x.ts', lines: text.split('\n') })).toEqual([{ from: 'core/x.ts', to }]);
  });

  it('finds nothing in what is no import', () => {
    const lines = ["export const a = 'from ./a.ts';", '// imported from elsewhere', "text('./a.ts')"];
    expect(importsOf({ path: 'core/x.ts', lines })).toEqual([]);
  });

  it('finds something to judge in every folder', () => {
    for (const folder of ['function/core', 'function/sources', 'function/sinks', 'cli', 'infra']) {
      expect(importsUnder(folder).length, folder).toBeGreaterThan(0);
    }
  });
});

describe('imports', () => {
  it('of the core are zod and the core', () => {
    const strangers = importsUnder('function/core').filter(
      (found) => !goesTo('function/core')(found) && !isPackage('zod')(found.to),
    );
    expect(strangers).toEqual([]);
  });

  it('of sources and sinks never cross', () => {
    expect(importsUnder('function/sources').filter(goesTo('function/sinks'))).toEqual([]);
    expect(importsUnder('function/sinks').filter(goesTo('function/sources'))).toEqual([]);
  });

  it('of the function stay in the function', () => {
    expect(importsUnder('function').filter(goesTo('infra', 'cli', 'test'))).toEqual([]);
  });

  it('of the command line and of the stack come from the function, not from tests', () => {
    expect(importsUnder('cli', 'infra').filter(goesTo('test'))).toEqual([]);
    expect(importsUnder('infra').filter(goesTo('cli'))).toEqual([]);
  });

  it('of cdktf are in infra alone', () => {
    const isCdk = ({ to }: Import) => /^(?:@cdktf\/|cdktf(?:$|\/|-)|constructs(?:$|\/))/.test(to);
    expect(importsUnder('function', 'cli').filter(isCdk)).toEqual([]);
  });
});

describe('the core', () => {
  it('touches no environment, clock, chance or console', () => {
    const impure =
      /(?<![\w.])(?:process|console|globalThis|setTimeout|setInterval|fetch)\s*[.(]|Date\.now|new Date\(\)|Math\.random/;
    const found = sourceFiles('function/core').flatMap(({ path, lines }) =>
      lines.filter((line) => !/^\s*(?:\*|\/[/*])/.test(line) && impure.test(line)).map((line) => `${path}: ${line}`),
    );
    expect(found).toEqual([]);
  });
});
