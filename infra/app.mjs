// Plain JavaScript, so that the CDKTF CLI can run it on whichever Node its user has.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

// Asked before cdktf is loaded: a synth makes no request and waits for none.
process.env['CHECKPOINT_DISABLE'] ??= '1';
// cdktf calls what Node 24 calls deprecated; nobody who deploys can act on it.
process.noDeprecation = true;

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const outdir = join(root, 'dist', 'infra');

await build({
  entryPoints: ['main', 'functions-on'].map((name) => join(root, 'infra', `${name}.ts`)),
  outdir,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  logLevel: 'error',
  packages: 'external',
});
const { functionsOn } = await load('functions-on');

// The functions' bundles are the command line's to build; cdktf is loaded meanwhile.
const [status, { main }] = await Promise.all([buildFunctions(functionsOn(root)), load('main')]);
process.exitCode = status === 0 ? await main(root) : status;

/** @param {string} name */
function load(name) {
  return import(pathToFileURL(join(outdir, `${name}.mjs`)).href);
}

/** @param {readonly string[] | undefined} functions */
async function buildFunctions(functions) {
  if (functions === undefined) return 0;
  const args = [join(root, 'cli', 'trailbell.mjs'), 'build', '--functions', functions.join(',')];
  const [status] = await once(spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit'] }), 'exit');
  return status ?? 1;
}
