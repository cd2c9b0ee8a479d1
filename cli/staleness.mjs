// Loaded at every start: nothing but the file system, and no bundler.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The file beside the command line that lists what all of it was built from. */
export const SOURCES_FILE = 'sources.txt';

/** The file that lists what help was built from. */
export const HELP_SOURCES_FILE = 'help-sources.txt';

/**
 * True when `dist/cli` was built from the sources that are there now, or when there are no sources to build from.
 * @param {string} root the package's folder
 */
export function cliIsCurrent(root) {
  try {
    const built = readFileSync(join(root, 'dist', 'cli', SOURCES_FILE), 'utf8');
    return !statSync(join(root, 'function'), { throwIfNoEntry: false }) || built === sourcesListing(root);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}

/**
 * True when what prints help was built from its sources as they are now: a few files, where all are hundreds.
 * @param {string} root the package's folder
 */
export function helpIsCurrent(root) {
  try {
    const built = readFileSync(join(root, 'dist', 'cli', HELP_SOURCES_FILE), 'utf8');
    const files = built.split('\n').map((line) => line.slice(0, line.indexOf('\t')));
    return (
      files.length > 1 &&
      built ===
        files
          .slice(0, -1)
          .map((file) => lineOf(root, file))
          .join('')
    );
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}

/**
 * The sources of the command line with their sizes and times: another text whenever one is edited, comes or goes.
 * @param {string} root the package's folder
 */
export function sourcesListing(root) {
  return ['function', 'cli']
    .flatMap((folder) => filesUnder(root, folder))
    .sort()
    .map((file) => lineOf(root, file))
    .join('');
}

/**
 * The lines of a listing that are about these files.
 * @param {string} listing
 * @param {ReadonlySet<string>} files
 */
export function partOfListing(listing, files) {
  return listing
    .split(/(?<=\n)/)
    .filter((line) => files.has(line.slice(0, line.indexOf('\t'))))
    .join('');
}

/**
 * @param {string} root
 * @param {string} folder relative to it
 * @returns {string[]}
 */
function filesUnder(root, folder) {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    return entry.isDirectory() ? filesUnder(root, path) : [path];
  });
}

/**
 * @param {string} root
 * @param {string} file
 */
function lineOf(root, file) {
  const { mtimeMs, size } = statSync(join(root, file));
  return `${file}\t${mtimeMs}\t${size}\n`;
}
