import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';
import { ROOT } from './command-line.ts';

const folders: string[] = [];

afterAll(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

/** Files by path; what is neither text nor bytes is written as JSON. */
export type Files = Readonly<Record<string, unknown>>;

/** A new folder with these files, gone when the test file has ended. */
export async function folderOf(files: Files = {}): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'trailbell-cli-'));
  folders.push(folder);
  await writeFiles(folder, files);
  return folder;
}

/** Adds files to a folder. */
export async function writeFiles(folder: string, files: Files): Promise<void> {
  for (const [path, value] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    const content = typeof value === 'string' || value instanceof Uint8Array ? value : JSON.stringify(value);
    await writeFile(join(folder, path), content);
  }
}

/** A copy of the shipped severities with these files added or replaced. */
export async function severitiesWith(files: Files): Promise<string> {
  const folder = await folderOf();
  await cp(join(ROOT, 'severities'), folder, { recursive: true });
  await writeFiles(folder, files);
  return folder;
}
