import { mkdir, stat, writeFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative } from 'node:path';
import { neutralise } from '../../function/core/neutral.ts';
import { type TemporaryFolder, temporaryFolder } from '../temporary-folder.ts';
import { UsageError } from '../usage-error.ts';
import { git } from './git-objects.ts';

/** What one ref may hold: many times what any severities folder does. */
const MOST = { files: 10_000, bytes: 64 * 1024 * 1024, listing: 8 * 1024 * 1024 } as const;

/** Severities as a comparison names them. */
export interface Side {
  readonly dir: string;
  /** For people, neutralised: the folder, or the ref with its commit. */
  readonly name: string;
}

/** How the two sides are called, neutralised. */
export interface SideNames {
  readonly current: string;
  readonly proposed: string;
}

/** The two sides of a comparison. A ref's files are gone once it is disposed. */
export interface Sides extends AsyncDisposable {
  readonly current: Side;
  readonly proposed: Side;
}

/**
 * What `--compare SPEC` compares. A folder holds the edit: it is what is proposed, and the severities of the command line
 * are current. A git ref is what was: it is current, and the severities of the command line are proposed, so that a pull
 * request compares its checkout with the branch it goes to. A name that is both is the folder; `refs/heads/NAME` is not.
 * @param spec a folder, or a branch, tag or commit of the repository that holds the severities
 * @param severities the folder of the command line
 * @throws {UsageError} where it is neither, and says what to do
 */
export async function sidesOf(spec: string, severities: string): Promise<Sides> {
  const own = { dir: severities, name: neutralise(shortest(severities)) };
  if (await isFolder(spec)) {
    const proposed = { dir: spec, name: neutralise(shortest(spec)) };
    return { current: own, proposed, [Symbol.asyncDispose]: async () => undefined };
  }
  const { folder, name } = await resolveSeverities(spec, severities);
  return { current: { dir: folder.path, name }, proposed: own, [Symbol.asyncDispose]: folder.remove };
}

/** The path, from where the command runs if it is below. */
function shortest(path: string): string {
  const fromHere = relative(process.cwd(), path) || '.';
  return fromHere.startsWith('..') || isAbsolute(fromHere) ? path : fromHere;
}

/**
 * Writes the severities of a git ref into a private temporary folder, byte by byte as they are committed: no filter,
 * attribute or hook of the repository has a say.
 * @throws {UsageError}
 */
export async function resolveSeverities(
  ref: string,
  severities: string,
): Promise<{ readonly folder: TemporaryFolder; readonly name: string }> {
  const shown = JSON.stringify(neutralise(ref, 100));
  // No ref begins so, and nothing that begins so is to reach a program as an argument.
  if (!/^[^-\p{Cc}][^\p{Cc}]*$/u.test(ref))
    throw new UsageError(`${shown} is no folder, and no name a git ref can have`);
  if (!(await isFolder(severities))) throw new UsageError(`${neutralise(severities)}: no such folder of severities`);
  const { code, stdout, said } = await git(severities, ['rev-parse', '--show-prefix'], { most: MOST.listing });
  if (code !== 0) {
    throw new UsageError(
      `${shown} is no folder, and ${neutralise(severities)} is in no git repository: ${neutralise(said)}`,
    );
  }
  const prefix = stdout.toString('utf8').replace(/\n$/, '');
  const commit = await commitOf(ref, severities, shown);
  const blobs = await blobsUnder(prefix, commit, severities, shown);
  const folder = await temporaryFolder('severities');
  try {
    await writeBlobs(blobs, severities, folder.path);
  } catch (error) {
    await folder.remove();
    throw error;
  }
  return { folder, name: `${neutralise(ref, 100)} (${commit.slice(0, 7)})` };
}

async function commitOf(ref: string, folder: string, shown: string): Promise<string> {
  const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`];
  const { code, stdout } = await git(folder, args, { most: MOST.listing });
  const commit = stdout.toString('latin1').trim();
  if (code === 0 && /^[0-9a-f]{40,64}$/.test(commit)) return commit;
  throw new UsageError(
    `${shown} is no folder, and no branch, tag or commit of the repository of ${neutralise(folder)}: fetch it first ` +
      '(in CI, check out with fetch-depth: 0)',
  );
}

interface Blob {
  /** Relative to the severities folder. */
  readonly path: string;
  readonly hash: string;
  readonly bytes: number;
}

async function blobsUnder(prefix: string, commit: string, folder: string, shown: string): Promise<Blob[]> {
  const args = [
    'ls-tree',
    '-r',
    '-z',
    '-l',
    '--full-tree',
    commit,
    ...(prefix === '' ? [] : ['--', `:(top,literal)${prefix}`]),
  ];
  const { code, stdout, said } = await git(folder, args, { most: MOST.listing });
  if (code !== 0) throw new UsageError(`git ls-tree: ${neutralise(said)}`);
  const blobs = stdout
    .toString('utf8')
    .split('\0')
    .filter((line) => line !== '')
    .map((line) => blobOf(line, prefix, shown));
  const bytes = blobs.reduce((sum, blob) => sum + blob.bytes, 0);
  if (blobs.length === 0)
    throw new UsageError(
      `there is no ${neutralise(prefix || 'file')} in ${shown}: name a ref that has it, or a folder`,
    );
  if (blobs.length > MOST.files || bytes > MOST.bytes) {
    throw new UsageError(
      `${neutralise(prefix)} of ${shown} has ${blobs.length} files of ${bytes} bytes: that is no severities folder`,
    );
  }
  return blobs;
}

function blobOf(line: string, prefix: string, shown: string): Blob {
  const [, mode = '', hash = '', bytes = '', whole = ''] = /^(\d+) \w+ ([0-9a-f]+) +(\d+|-)\t(.*)$/s.exec(line) ?? [];
  const path = whole.slice(prefix.length);
  if (mode === '120000' || mode === '160000') {
    throw new UsageError(
      `${neutralise(whole)} of ${shown} is a link to what is not in it: compare with a folder instead`,
    );
  }
  const isInside = whole.startsWith(prefix) && path.split('/').every((part) => !['', '.', '..'].includes(part));
  if (!isInside || path.includes('\\')) throw new UsageError(`${neutralise(whole)} of ${shown}: no name of a file`);
  return { path, hash, bytes: Number(bytes) };
}

async function writeBlobs(blobs: readonly Blob[], folder: string, into: string): Promise<void> {
  const most = MOST.bytes + blobs.length * 200;
  const input = blobs.map(({ hash }) => `${hash}\n`).join('');
  const { stdout, code, said } = await git(folder, ['cat-file', '--batch'], { most, input });
  if (code !== 0) throw new UsageError(`git cat-file: ${neutralise(said)}`);
  let at = 0;
  for (const { path, hash, bytes } of blobs) {
    const start = stdout.indexOf('\n', at) + 1;
    if (stdout.toString('latin1', at, start) !== `${hash} blob ${bytes}\n`) {
      throw new UsageError(
        `git lacks a file of that ref, ${neutralise(path)}: fetch it whole, or compare with a folder`,
      );
    }
    at = start + bytes + 1;
    await mkdir(dirname(join(into, path)), { recursive: true });
    await writeFile(join(into, path), stdout.subarray(start, start + bytes), { mode: 0o600, flag: 'wx' });
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}
