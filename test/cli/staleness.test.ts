import { rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cliIsCurrent, helpIsCurrent, partOfListing, sourcesListing } from '../../cli/staleness.mjs';
import { folderOf } from './temporary-folder.ts';

describe('cliIsCurrent', () => {
  it('is false where nothing was built', async () => {
    expect(cliIsCurrent(await folderOf({ 'function/alert.ts': '', 'cli/main.ts': '' }))).toBe(false);
    expect(cliIsCurrent(await folderOf())).toBe(false);
  });

  it('is false where something else was built', async () => {
    const root = await folderOf({
      'function/alert.ts': '',
      'cli/main.ts': '',
      'dist/cli/sources.txt': 'function/alert.ts\t0\t0\n',
    });
    expect(cliIsCurrent(root)).toBe(false);
  });

  it('is true of what was built where there are no sources', async () => {
    expect(cliIsCurrent(await folderOf({ 'dist/cli/sources.txt': 'function/alert.ts\t0\t0\n' }))).toBe(true);
  });

  it('is true until a source is edited, comes or goes', async () => {
    const root = await folderOf({
      'function/alert.ts': '',
      'cli/main.ts': 'a',
      'cli/deep/er.ts': '',
      'dist/cli/x': '',
    });
    const build = () => writeFile(join(root, 'dist', 'cli', 'sources.txt'), sourcesListing(root));
    for (const change of [
      () => writeFile(join(root, 'cli', 'deep', 'er.ts'), 'edited'),
      () => utimes(join(root, 'function', 'alert.ts'), new Date(0), new Date(0)),
      () => writeFile(join(root, 'cli', 'deep', 'new.ts'), ''),
      () => rm(join(root, 'cli', 'deep'), { recursive: true }),
    ]) {
      await build();
      expect(cliIsCurrent(root)).toBe(true);
      await change();
      expect(cliIsCurrent(root)).toBe(false);
    }
  });

  it('does not pass over a file it cannot read', async () => {
    const root = await folderOf({ 'dist/cli/sources.txt/folder': '', 'function/alert.ts': '' });
    await utimes(join(root, 'dist'), new Date(0), new Date(0));
    expect(() => cliIsCurrent(root)).toThrow(/EISDIR/);
    await rm(join(root, 'dist'), { recursive: true });
  });
});

describe('helpIsCurrent', () => {
  it('looks at the sources of help alone', async () => {
    const root = await folderOf({ 'function/alert.ts': '', 'cli/main.ts': 'a', 'cli/other.ts': '', 'dist/cli/x': '' });
    expect(helpIsCurrent(root)).toBe(false);
    const listing = partOfListing(sourcesListing(root), new Set(['cli/main.ts']));
    expect(listing).toMatch(/^cli\/main\.ts\t[\d.]+\t1\n$/);
    await writeFile(join(root, 'dist', 'cli', 'help-sources.txt'), listing);
    expect(helpIsCurrent(root)).toBe(true);
    await writeFile(join(root, 'cli', 'other.ts'), 'edited');
    expect(helpIsCurrent(root)).toBe(true);
    await writeFile(join(root, 'cli', 'main.ts'), 'edited');
    expect(helpIsCurrent(root)).toBe(false);
    await rm(join(root, 'cli', 'main.ts'));
    expect(helpIsCurrent(root)).toBe(false);
    await writeFile(join(root, 'dist', 'cli', 'help-sources.txt'), '');
    expect(helpIsCurrent(root)).toBe(false);
  });
});
