import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout the tests are in. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** One source file, its path relative to the checkout. */
export interface SourceFile {
  readonly path: string;
  readonly lines: readonly string[];
}

/** The TypeScript and JavaScript files of folders of the checkout, sorted; a folder that is not there has none. */
export function sourceFiles(...folders: readonly string[]): SourceFile[] {
  return folders.flatMap((folder) => pathsUnder(folder).filter((path) => /\.m?[jt]s$/.test(path))).map(readSource);
}

/** Every file under a folder of the checkout, by its path relative to the checkout, sorted. */
export function pathsUnder(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length))
    .sort();
}

/** The text of a file of the checkout. */
export function textOf(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** The value of a JSON file of the checkout. */
export function jsonOf(path: string): Record<string, unknown> {
  return JSON.parse(textOf(path));
}

/** A file's name without its endings: `classify` of `classify.loopback.test.ts`. */
export function stemOf(path: string): string {
  return basename(path).replace(/\..*$/, '');
}

function readSource(path: string): SourceFile {
  return { path, lines: textOf(path).replace(/\n$/, '').split('\n') };
}
