import { describe, expect, test } from 'vitest';
import { importsOf } from '../house/import-lines.ts';
import { sourceFiles } from '../house/source-files.ts';
import { onTerrain } from './synth-terrain.ts';

const infra = sourceFiles('infra');

const changed = infra.flatMap(({ path, lines }) =>
  lines.flatMap((line) => (onTerrain(line) === line ? [] : [{ path, line, now: onTerrain(line) }])),
);

describe('the move to CDK Terrain', () => {
  test('changes the packages of imports and nothing else', () => {
    expect(changed.length).toBeGreaterThan(30);
    for (const { path, line } of changed) {
      expect(line, path).toMatch(/^(?:import (?:type )?\{.*\}|\}) from '[^']+';$/);
    }
  });

  test('leaves no import of CDKTF behind', () => {
    const left = infra
      .map(({ path, lines }) => ({ path, lines: lines.map(onTerrain) }))
      .flatMap(importsOf)
      .filter(({ to }) => /cdktf/.test(to));
    expect(left).toEqual([]);
  });

  test('concerns infra and its tests alone', () => {
    const elsewhere = [...sourceFiles('function', 'cli', 'severities'), ...sourceFiles('test')]
      .filter(({ path }) => !path.startsWith('test/infra/'))
      .flatMap(importsOf)
      .filter(({ to }) => /^@?cdk(?:tf|tn)\b|^constructs\b/.test(to));
    expect(elsewhere).toEqual([]);
  });

  test('goes through imports by path: the provider as a whole takes seconds to load', () => {
    for (const { to } of infra.flatMap(importsOf).filter(({ to }) => to.startsWith('@cdktf/'))) {
      expect(to).toMatch(/^@cdktf\/provider-aws\/lib\/[a-z0-9-]+\/index\.js$/);
    }
  });
});

describe('the stack', () => {
  test('is wired in at most 80 lines', () => {
    const { lines } = infra.find(({ path }) => path === 'infra/stack.ts')!;
    expect(lines.length).toBeLessThanOrEqual(80);
  });

  test('asks the environment, the clock and chance nothing, so that every checkout synthesises the same', () => {
    const asking = infra
      .filter(({ path }) => !['infra/main.ts', 'infra/app.mjs'].includes(path))
      .flatMap(({ path, lines }) => lines.map((line) => ({ path, line })))
      .filter(({ line }) =>
        /process\.|Date\b|Math\.random|randomUUID|hostname\(/.test(line.replace(/\/\/.*|^\s*\*.*/, '')),
      );
    expect(asking).toEqual([]);
  });
});
