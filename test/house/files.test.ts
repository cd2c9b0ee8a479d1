import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { pathsUnder, type SourceFile, sourceFiles, stemOf } from './source-files.ts';

const CEILING = 200;
const MEDIAN = 80;
const VAGUE = new Set(['utils', 'util', 'helpers', 'helper', 'common', 'manager', 'service', 'services', 'misc']);
// What data-only folders hold is named for AWS services, and README.md is what everyone calls it.
const CODE = ['function', 'infra', 'cli', 'test'];

/** How many lines a file has beside its tables: lists of data that begin and end a line of their own. */
function linesBesideTables({ lines }: SourceFile): number {
  let count = 0;
  let inTable = false;
  for (const line of lines) {
    if (!inTable) count += 1;
    if (/^(?:export )?const .* = (?:new Map\()?\[$/.test(line)) inTable = true;
    if (/^\][\w\s<>[\]]*\)?;$/.test(line)) inTable = false;
  }
  return count;
}

const isIllustration = ({ path }: SourceFile) => path.startsWith('test/fixtures/');
const code = () => sourceFiles(...CODE).filter((file) => !isIllustration(file));

describe('files', () => {
  it(`have at most ${CEILING} lines, tables of data and tests aside`, () => {
    const long = code().filter((file) => linesBesideTables(file) > CEILING && !file.path.endsWith('.test.ts'));
    expect(long.map(({ path, lines }) => `${path}: ${lines.length}`)).toEqual([]);
  });

  it(`of the function and the command line have ${MEDIAN} lines or fewer in the middle`, () => {
    const lengths = sourceFiles('function', 'cli')
      .map(({ lines }) => lines.length)
      .sort((a, b) => a - b);
    expect(lengths.length).toBeGreaterThan(50);
    expect(lengths[Math.floor(lengths.length / 2)]).toBeLessThanOrEqual(MEDIAN);
  });

  it('are named in kebab case', () => {
    const paths = CODE.flatMap(pathsUnder).filter((path) => basename(path) !== 'README.md');
    const odd = paths.filter((path) => !path.split('/').every((part) => /^[a-z0-9]+(?:[.-][a-z0-9]+)*$/.test(part)));
    expect(odd).toEqual([]);
  });

  it('are not named for nothing in particular, nor are folders', () => {
    const vague = CODE.flatMap(pathsUnder).filter((path) =>
      path.split('/').some((part) =>
        stemOf(part)
          .split('-')
          .some((word) => VAGUE.has(word)),
      ),
    );
    expect(vague).toEqual([]);
  });
});
