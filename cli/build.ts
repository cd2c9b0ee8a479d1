import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Packed } from '../function/packed.ts';
import { type Arguments, type Command, SEVERITIES_OPTION, severitiesDir } from './command.ts';
import { readSeverities } from './severities-folder.ts';
import { UsageError } from './usage-error.ts';

/** The functions there are, by the names of their folders in `dist/`. */
const FUNCTIONS = ['alert', 'digest', 'forward', 'index-records'] as const;

type FunctionName = (typeof FUNCTIONS)[number];

/** `build`: writes a folder of `dist/` for each function, or nothing. @throws {SeveritiesError} */
export const buildCommand: Command = {
  takesInputs: false,
  options: { functions: { type: 'string' }, ...SEVERITIES_OPTION },
  async run(args, io) {
    const names = namedFunctions(args.options['functions']);
    const severities = await readSeverities(severitiesDir(args, io));
    const outdirs = Object.fromEntries(names.map((name) => [name, folderOf(io.root, name)]));
    const bytes = await bundle(io.root, outdirs);
    if (names.includes('alert')) await pack({ severities, teams: [] }, folderOf(io.root, 'alert'));
    const told = names.map((name) =>
      name === 'alert'
        ? `dist/alert: ${bytes[name]} bytes of JavaScript, severities ${severities.policyVersion}`
        : `dist/${name}: ${bytes[name]} bytes`,
    );
    io.say(told.join('; '));
    return 0;
  },
};

/** @throws {UsageError} for a name no function has */
function namedFunctions(option: Arguments['options'][string]): readonly FunctionName[] {
  if (typeof option !== 'string') return FUNCTIONS;
  const given = option.split(',');
  const unknown = given.find((name) => !FUNCTIONS.some((known) => known === name));
  if (unknown !== undefined) {
    throw new UsageError(`--functions ${option}: ${unknown || 'nothing'}, expected of ${FUNCTIONS.join(', ')}`);
  }
  return FUNCTIONS.filter((name) => given.includes(name));
}

/**
 * Bundles the alert function with the severities of a folder.
 * @throws {SeveritiesError} listing every problem of the folder, before anything is written
 * @throws {UsageError} as `packAlert` does
 */
export async function buildAlert(
  root: string,
  severitiesFolder: string,
  teams: Packed['teams'] = [],
  outdir = folderOf(root, 'alert'),
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
  outdir = folderOf(root, 'digest'),
): Promise<{ readonly outdir: string; readonly bytes: number }> {
  return { outdir, bytes: await bundleOne(root, 'digest', outdir) };
}

/**
 * Bundles the forward function, which carries nothing besides: it rates no record.
 * @throws {UsageError} as `packAlert` does
 */
export async function buildForward(
  root: string,
  outdir = folderOf(root, 'forward'),
): Promise<{ readonly outdir: string; readonly bytes: number }> {
  return { outdir, bytes: await bundleOne(root, 'forward', outdir) };
}

/**
 * Bundles the index function, which rates no record either.
 * @throws {UsageError} as `packAlert` does
 */
export async function buildIndexRecords(
  root: string,
  outdir = folderOf(root, 'index-records'),
): Promise<{ readonly outdir: string; readonly bytes: number }> {
  return { outdir, bytes: await bundleOne(root, 'index-records', outdir) };
}

/**
 * Bundles the alert function and writes what it carries beside it. @returns bytes of JavaScript
 * @throws {UsageError} where there is nothing to bundle: the published package carries the command line only
 */
export async function packAlert(root: string, packed: Packed, outdir: string): Promise<number> {
  const bytes = await bundleOne(root, 'alert', outdir);
  await pack(packed, outdir);
  return bytes;
}

function pack(packed: Packed, outdir: string): Promise<void> {
  return writeFile(join(outdir, 'severities.json'), JSON.stringify(packed));
}

function folderOf(root: string, name: FunctionName): string {
  return join(root, 'dist', name);
}

async function bundleOne(root: string, name: FunctionName, outdir: string): Promise<number> {
  const { [name]: bytes = 0 } = await bundle(root, { [name]: outdir });
  return bytes;
}

async function bundle(
  root: string,
  outdirs: Readonly<Partial<Record<FunctionName, string>>>,
): Promise<Partial<Record<FunctionName, number>>> {
  for (const name of Object.keys(outdirs)) {
    if (existsSync(join(root, 'function', `${name}.ts`))) continue;
    throw new UsageError('building the function works in a checkout of trailbell: this is the published package');
  }
  const { bundleFunctions } = await import('./bundle.mjs');
  return bundleFunctions(root, outdirs);
}
