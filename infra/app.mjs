// Plain JavaScript, so that the CDKTF CLI can run it on whichever Node its user has.
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

// Asked before cdktf is loaded: a synth makes no request and waits for none.
process.env['CHECKPOINT_DISABLE'] ??= '1';

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
  external: ['cdktf', '@cdktf/provider-aws', 'constructs'],
});
const { main } = await import(pathToFileURL(outfile).href);
process.exitCode = await main(root);
