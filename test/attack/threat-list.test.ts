import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { pathsUnder, ROOT, textOf } from '../house/source-files.ts';

const [, section = ''] = textOf('SECURITY.md').split(/^## What an attacker can write$/m);
const rows = (section.split(/^## /m)[0] ?? '')
  .split('\n')
  .filter((line) => line.startsWith('| '))
  .map((line) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  )
  .slice(1);
const named = rows.flatMap(([, , tests = '']) => [...tests.matchAll(/`([^`]+)`/g)].map(([, path = '']) => path));

describe('the list of what an attacker can write', () => {
  it('has a threat, an answer and a test in every row', () => {
    expect(rows.length).toBeGreaterThan(15);
    expect(rows.filter((cells) => cells.length !== 3 || cells.includes(''))).toEqual([]);
    expect(rows.filter(([, , tests = '']) => !/`test\/[^`]+\.test\.ts`/.test(tests))).toEqual([]);
  });

  it('names tests that there are', () => {
    expect(named.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  it('names every test that attacks', () => {
    const attacking = [...pathsUnder('test/attack'), ...pathsUnder('test/fuzz')].filter((path) =>
      path.endsWith('.test.ts'),
    );
    const own = 'test/attack/threat-list.test.ts';
    expect(attacking.filter((path) => path !== own && !named.includes(path))).toEqual([]);
  });
});
