#!/usr/bin/env node
// Builds the command line when it is stale, then runs it: Node runs no TypeScript inside node_modules.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const main = join(root, 'dist', 'cli', 'main.js');

const build = async () => (await import('./bundle.mjs')).bundleCli(root);
/** @type {(() => Promise<void>) | undefined} */
let beforeCommand;
// A published package has no sources, so it has nothing to rebuild.
if (existsSync(join(root, 'function', 'alert.ts'))) {
  const { cliIsCurrent, helpIsCurrent } = await import('./staleness.mjs');
  if (!helpIsCurrent(root)) await build();
  // All the sources are looked at only when more than help is asked for.
  beforeCommand = async () => {
    if (!cliIsCurrent(root)) await build();
  };
}
const { main: run } = await import(pathToFileURL(main).href);
process.exitCode = await run(process.argv.slice(2), root, beforeCommand);
