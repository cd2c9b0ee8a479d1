import { rm, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cliIsCurrent } from '../../cli/bundle.mjs';
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
      'dist/cli/sources.sha256': '0'.repeat(64),
    });
    expect(cliIsCurrent(root)).toBe(false);
  });

  it('is true of what was built where there are no sources', async () => {
    expect(cliIsCurrent(await folderOf({ 'dist/cli/sources.sha256': '0'.repeat(64) }))).toBe(true);
  });

  it('does not pass over a file it cannot read', async () => {
    const root = await folderOf({ 'dist/cli/sources.sha256/folder': '', 'function/alert.ts': '' });
    await utimes(join(root, 'dist'), new Date(0), new Date(0));
    expect(() => cliIsCurrent(root)).toThrow(/EISDIR/);
    await rm(join(root, 'dist'), { recursive: true });
  });
});
