import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readCatalogue } from '../../cli/catalogue.ts';
import { readFolder } from '../../cli/severities-folder.ts';
import { editorSchemaTexts } from '../../function/core/severities/editor-schema.ts';
import { jsonOf, pathsUnder, ROOT, textOf } from './source-files.ts';

const temporary = mkdtempSync(join(tmpdir(), 'trailbell-house-'));

afterAll(() => rmSync(temporary, { recursive: true }));

/** The JSON blocks of a document, each with the path named alone on the last line of text before it. */
function blocksOf(markdown: string): [path: string, json: string][] {
  return [...markdown.matchAll(/^```json\n(.*?)^```$/gms)].map(({ index, 1: json = '' }) => {
    const [before = ''] = markdown.slice(0, index).trimEnd().split('\n').slice(-1);
    return [/^`severities\/([^`]+)`$/.exec(before)?.[1] ?? `unnamed, after: ${before}`, json];
  });
}

describe('severities/README.md', () => {
  const blocks = blocksOf(textOf('severities/README.md'));

  it('shows a file of every kind', () => {
    const kinds = ['local/services/', 'local/policy.json', 'local/detections/', 'local/accounts.json'];
    for (const kind of kinds) expect(blocks.filter(([path]) => path.startsWith(kind)).length, kind).toBeGreaterThan(0);
  });

  it.each(blocks.map(([path, json], index) => [index + 1, path, json] as const))(
    'block %i, %s, loads beside the shipped files',
    async (index, path, json) => {
      expect(path).toMatch(/^local\//);
      const folder = join(temporary, String(index));
      cpSync(join(ROOT, 'severities'), folder, { recursive: true });
      const { local: before } = await readFolder(folder);
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), json);
      const { local: after } = await readFolder(folder);
      expect(after).not.toEqual(before);
    },
  );
});

describe('severities/schema/', () => {
  it('is what the formats and the catalogue give: npm run schema writes it', async () => {
    const texts = editorSchemaTexts(await readCatalogue(ROOT));
    const paths = pathsUnder('severities/schema');
    expect(paths.map((path) => basename(path))).toEqual(Object.keys(texts).sort());
    for (const [file, text] of Object.entries(texts)) {
      expect(textOf(`severities/schema/${file}`) === text, `${file} is current`).toBe(true);
    }
  });
});

describe('severities/local/', () => {
  it('is shipped without content', () => {
    expect(pathsUnder('severities/local')).toEqual(['severities/local/README.md']);
  });
});

describe.each(pathsUnder('severities/services'))('%s', (path) => {
  const { eventSource, events } = jsonOf(path) as { eventSource: string; events: Record<string, unknown> };
  const lines = textOf(path).split('\n');

  it('is named for its eventSource', () => {
    expect(`${basename(path, '.json')}.amazonaws.com`).toBe(eventSource);
  });

  it('holds one row a line, in order of name', () => {
    const start = lines.indexOf('  "events": {') + 1;
    expect(start).toBeGreaterThan(0);
    const rows = lines.slice(start, -3);
    expect(lines.slice(-3)).toEqual(['  }', '}', '']);
    const names = rows.map((row) => /^ {4}"([^"]+)": .*[^,],?$/.exec(row)?.[1] ?? row);
    expect(names).toEqual(Object.keys(events));
    expect(names).toEqual([...names].sort());
  });

  it('says why of every row at high and critical', () => {
    for (const [name, row] of Object.entries(events)) {
      expect(row, name).toSatisfy(
        (value) => !['high', 'critical'].includes(typeof value === 'string' ? value : '') || typeof value === 'object',
      );
      if (typeof row === 'object') expect(row, name).toMatchObject({ reason: expect.stringMatching(/\S.{10}/) });
    }
  });
});
