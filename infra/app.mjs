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
const outfile = join(root, 'dist', 'infra', 'main.mjs');

// The functions' bundles are the command line's to build; it does so while this builds its own.
const building = once(
  spawn(process.execPath, [join(root, 'cli', 'trailbell.mjs'), 'build'], { stdio: ['ignore', 'inherit', 'inherit'] }),
  'exit',
);
const [[status]] = await Promise.all([
  building,
  build({
    entryPoints: [join(root, 'infra', 'main.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'error',
    packages: 'external',
  }),
]);
if (status === 0) {
  const { main } = await import(pathToFileURL(outfile).href);
  process.exitCode = await main(root);
} else {
  process.exitCode = status ?? 1;
}
