import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Packed } from '../function/packed.ts';
import { type Command, SEVERITIES_OPTION, severitiesDir } from './command.ts';
import { readSeverities } from './severities-folder.ts';
import { UsageError } from './usage-error.ts';

/** `build`: writes `dist/alert` and `dist/digest` of the package's folder, or nothing. @throws {SeveritiesError} */
export const buildCommand: Command = {
  name: 'build',
  summary: 'bundle the alert function with its severities into dist/alert, the digest function into dist/digest',
  usage: 'build [--severities DIR]',
  example: 'build --severities ../our-severities',
  takesInputs: false,
  options: SEVERITIES_OPTION,
  async run(args, io) {
    const severities = await readSeverities(severitiesDir(args, io));
    // Two bundles side by side take little longer than one.
    const [bytes, digest] = await Promise.all([
      packAlert(io.root, { severities, teams: [] }, alertFolder(io.root)),
      buildDigest(io.root),
    ]);
    const { policyVersion } = severities;
    io.say(`dist/alert: ${bytes} bytes of JavaScript, severities ${policyVersion}; dist/digest: ${digest.bytes} bytes`);
    return 0;
  },
};

/**
 * Bundles the alert function with the severities of a folder.
 * @throws {SeveritiesError} listing every problem of the folder, before anything is written
 * @throws {UsageError} as `packAlert` does
 */
export async function buildAlert(
  root: string,
  severitiesFolder: string,
  teams: Packed['teams'] = [],
  outdir = alertFolder(root),
): Promise<{ readonly outdir: string; readonly bytes: number; readonly policyVersion: string }> {
  const severities = await readSeverities(severitiesFolder);
  const bytes = await packAlert(root, { severities, teams }, outdir);
  return { outdir, bytes, policyVersion: severities.policyVersion };
}

/**
 * Bundles the digest function, which carries no severities: what it tells of was rated before.
 * @throws {UsageError} as `packAlert` does
 */
export async function buildDigest(
  root: string,
  outdir = join(root, 'dist', 'digest'),
): Promise<{ readonly outdir: string; readonly bytes: number }> {
  return { outdir, bytes: await bundle(root, 'digest', outdir) };
}

/**
 * Bundles the alert function and writes what it carries beside it. @returns bytes of JavaScript
 * @throws {UsageError} where there is nothing to bundle: the published package carries the command line only
 */
export async function packAlert(root: string, packed: Packed, outdir: string): Promise<number> {
  const bytes = await bundle(root, 'alert', outdir);
  await writeFile(join(outdir, 'severities.json'), JSON.stringify(packed));
  return bytes;
}

function alertFolder(root: string): string {
  return join(root, 'dist', 'alert');
}

async function bundle(root: string, name: 'alert' | 'digest', outdir: string): Promise<number> {
  if (!existsSync(join(root, 'function', `${name}.ts`))) {
    throw new UsageError('building the function works in a checkout of trailbell: this is the published package');
  }
  const { bundleFunction } = await import('./bundle.mjs');
  return bundleFunction(root, name, outdir);
}
