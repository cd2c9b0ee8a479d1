#!/usr/bin/env node
// Builds the command line when it is stale, then runs it: Node runs no TypeScript inside node_modules.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const main = join(root, 'dist', 'cli', 'main.js');

// A published package has no sources, so it has nothing to rebuild.
if (existsSync(join(root, 'function', 'alert.ts'))) {
  const { bundleCli, cliIsCurrent } = await import('./bundle.mjs');
  if (!cliIsCurrent(root)) await bundleCli(root);
}
const { main: run } = await import(pathToFileURL(main).href);
process.exitCode = await run(process.argv.slice(2), root);
