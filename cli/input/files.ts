import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from './input-error.ts';

/** Files that can hold records; others of a folder or a bucket are passed over. */
export const RECORD_FILE = /\.(?:json|ndjson|jsonl|log)(?:\.gz)?$/i;

/** The inputs a command line names: `-` stays itself, folders become their record files, sorted. @throws {InputError} */
export async function listInputs(names: readonly string[]): Promise<string[]> {
  const inputs: string[] = [];
  for (const name of names) {
    if (name === '-' || !(await statOf(name)).isDirectory()) {
      inputs.push(name);
      continue;
    }
    const found = await recordFilesUnder(name);
    if (found.length === 0) throw new InputError(name, 'the folder holds no .json, .ndjson, .jsonl or .log file');
    for (const file of found) inputs.push(file);
  }
  return inputs;
}

/** Why the system does not give a file, for people. */
export function reasonOf(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code === 'ENOENT') return 'no such file or folder';
  if (code === 'EACCES' || code === 'EPERM') return 'no permission to read it';
  if (code === 'EISDIR') return 'a folder, not a file';
  return cause instanceof Error ? cause.message : 'cannot be read';
}

/** What the system says of a file or folder. @throws {InputError} when there is none */
export async function statOf(name: string) {
  try {
    return await stat(name);
  } catch (cause) {
    throw new InputError(name, reasonOf(cause), { cause });
  }
}

async function recordFilesUnder(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => !entry.isDirectory() && RECORD_FILE.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
  } catch (cause) {
    throw new InputError(folder, reasonOf(cause), { cause });
  }
}
