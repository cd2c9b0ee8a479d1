import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Packed } from '../function/packed.ts';
import { type Command, SEVERITIES_OPTION, severitiesDir } from './command.ts';
import { readSeverities } from './severities-folder.ts';
import { UsageError } from './usage-error.ts';

/** `build`: writes `dist/alert` of the package's folder, or nothing. @throws {SeveritiesError} */
export const buildCommand: Command = {
  name: 'build',
  summary: 'bundle the alert function with its severities into dist/alert',
  usage: 'build [--severities DIR]',
  example: 'build --severities ../our-severities',
  takesInputs: false,
  options: SEVERITIES_OPTION,
  async run(args, io) {
    const { bytes, policyVersion } = await buildAlert(io.root, severitiesDir(args, io));
    io.say(`dist/alert: ${bytes} bytes of JavaScript, severities ${policyVersion}`);
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
  outdir = join(root, 'dist', 'alert'),
): Promise<{ readonly outdir: string; readonly bytes: number; readonly policyVersion: string }> {
  const severities = await readSeverities(severitiesFolder);
  const bytes = await packAlert(root, { severities, teams }, outdir);
  return { outdir, bytes, policyVersion: severities.policyVersion };
}

/**
 * Bundles the alert function and writes what it carries beside it. @returns bytes of JavaScript
 * @throws {UsageError} where there is nothing to bundle: the published package carries the command line only
 */
export async function packAlert(root: string, packed: Packed, outdir: string): Promise<number> {
  if (!existsSync(join(root, 'function', 'alert.ts'))) {
    throw new UsageError('building the function works in a checkout of trailbell: this is the published package');
  }
  const { bundleFunction } = await import('./bundle.mjs');
  const bytes = await bundleFunction(root, 'alert', outdir);
  await writeFile(join(outdir, 'severities.json'), JSON.stringify(packed));
  return bytes;
}
