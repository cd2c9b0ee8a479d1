import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { MAX_JSON_LENGTH, sortedJson } from '../function/core/severities/json.ts';
import { isIgnoredPath, placeOf } from '../function/core/severities/layout.ts';
import { type Loaded, loadSeverities, type SeveritiesFile } from '../function/core/severities/load.ts';
import type { Severities } from '../function/core/severities/model.ts';
import { SeveritiesError } from '../function/core/severities/problem.ts';

/** A severities folder as read: what it comes to, the parts it is made of, and the detections' examples. */
export interface Folder extends Omit<Loaded, 'content'> {
  readonly severities: Severities;
}

/**
 * Reads the severities folder `dir`, its `local/` applied.
 * @throws {SeveritiesError} with every problem of the folder; with `cause` when the disk refused to give a file.
 */
export async function readFolder(dir: string): Promise<Folder> {
  const [files, commit] = await Promise.all([readFiles(dir), commitOf(dir)]);
  const { content, ...parts } = loadSeverities(files);
  const hash = createHash('sha256').update(sortedJson(content)).digest('hex').slice(0, 12);
  return { severities: { policyVersion: commit ? `${hash}+g${commit}` : hash, ...content }, ...parts };
}

/** The severities of the folder `dir`. @throws {SeveritiesError} as `readFolder` does. */
export async function readSeverities(dir: string): Promise<Severities> {
  return (await readFolder(dir)).severities;
}

/** `local/services/x.json` is three levels down; one more shows a file put too deep, and ends a circle of links. */
const MAX_LEVELS = 4;

async function readFiles(dir: string): Promise<SeveritiesFile[]> {
  const paths = await pathsUnder(dir, '', MAX_LEVELS);
  return Promise.all(paths.map((path) => readSeveritiesFile(dir, path)));
}

// Links are followed: a `local/` that lives in another repository is still the user's.
async function pathsUnder(dir: string, folder: string, levels: number): Promise<string[]> {
  const names = await orProblem(folder || dir, 'a readable folder', () => readdir(join(dir, folder)));
  const nested = names.map(async (name) => {
    const path = folder ? `${folder}/${name}` : name;
    if (isIgnoredPath(path)) return [];
    const entry = await orProblem(path, 'a readable file or folder', () => stat(join(dir, path)));
    if (entry.isDirectory()) return levels > 1 ? pathsUnder(dir, path, levels - 1) : [];
    return placeOf(path) === 'ignored' ? [] : [path];
  });
  return (await Promise.all(nested)).flat();
}

async function readSeveritiesFile(dir: string, path: string): Promise<SeveritiesFile> {
  return orProblem(path, 'a readable file', async () => {
    const { size } = await stat(join(dir, path));
    if (size > MAX_JSON_LENGTH) {
      return { path, unreadable: { found: `${size} bytes`, expected: `at most ${MAX_JSON_LENGTH}` } };
    }
    const bytes = await readFile(join(dir, path));
    const text = bytes.toString('utf8');
    if (Buffer.from(text, 'utf8').equals(bytes)) return { path, text };
    return { path, unreadable: { found: 'bytes that are not UTF-8', expected: 'UTF-8 text' } };
  });
}

async function orProblem<T>(file: string, expected: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    const found = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    throw new SeveritiesError([{ file, pointer: '', found, expected }], { cause });
  }
}

const run = promisify(execFile);

// A git hook sets these for the repository it runs in, which need not be the folder's.
const NO_REPOSITORY = { GIT_DIR: undefined, GIT_WORK_TREE: undefined };

// The commit only adds to a version that the content hash already tells apart, so a folder outside git has none.
async function commitOf(dir: string): Promise<string | undefined> {
  try {
    const env = { ...process.env, ...NO_REPOSITORY };
    const { stdout } = await run('git', ['rev-parse', '--short=7', 'HEAD'], { cwd: dir, env, timeout: 5_000 });
    return stdout.trim().slice(0, 7) || undefined;
  } catch {
    return undefined;
  }
}
