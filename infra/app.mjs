// Plain JavaScript, so that the CDKTF CLI can run it on whichever Node its user has.
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

// Asked before cdktf is loaded: a synth makes no request and waits for none.
process.env['CHECKPOINT_DISABLE'] ??= '1';
// cdktf calls what Node 24 calls deprecated; nobody who deploys can act on it.
process.noDeprecation = true;

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const outfile = join(root, 'dist', 'infra', 'main.mjs');
await build({
  entryPoints: [join(root, 'infra', 'main.ts')],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  logLevel: 'error',
  packages: 'external',
});

// The function's bundle is the command line's to build.
const built = spawnSync(process.execPath, [join(root, 'cli', 'trailbell.mjs'), 'build'], {
  stdio: ['ignore', 'inherit', 'inherit'],
});
if (built.status === 0) {
  const { main } = await import(pathToFileURL(outfile).href);
  process.exitCode = await main(root);
} else {
  process.exitCode = built.status ?? 1;
}
