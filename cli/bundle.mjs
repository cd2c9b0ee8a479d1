// Plain JavaScript, so that whichever Node people have can build the bundles.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { build } from 'esbuild';

/** @type {import('esbuild').BuildOptions} */
const common = {
  bundle: true,
  platform: 'node',
  format: 'esm',
  // ES module builds of the SDK are smaller, and survive splitting.
  mainFields: ['module', 'main'],
  conditions: ['module'],
  logLevel: 'error',
  legalComments: 'none',
  // Some dependencies are CommonJS and call require() for Node's own modules.
  banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
};

/**
 * Bundles the command line into `dist/cli/main.js`. What only a checkout has stays outside. Several processes may do so
 * at once, and others run what is there: every file is replaced whole, the entry after what it loads.
 * @param {string} root the package's folder
 */
export async function bundleCli(root) {
  const outdir = join(root, 'dist', 'cli');
  // Taken before the sources are read: an edit during the build leaves it stale.
  const hash = sourcesHash(root);
  const { outputFiles } = await build({
    ...common,
    write: false,
    target: 'node20',
    entryPoints: [join(root, 'cli', 'main.ts')],
    outdir,
    splitting: true,
    chunkNames: 'chunk-[hash]',
    external: ['esbuild', 'fauxqs', '@aws-sdk/*'],
  });
  await mkdir(outdir, { recursive: true });
  const byName = new Map(outputFiles.map(({ path, contents }) => [basename(path), contents]));
  const main = byName.get('main.js') ?? '';
  byName.delete('main.js');
  for (const [name, contents] of byName) await replaceFile(join(outdir, name), contents);
  // Node runs the runtime client as a file of its own.
  await replaceFile(join(outdir, 'bootstrap.mjs'), await readFile(join(root, 'cli', 'lambda', 'bootstrap.mjs')));
  await replaceFile(join(outdir, 'main.js'), main);
  await replaceFile(join(outdir, 'sources.sha256'), hash);
}

/**
 * @param {string} path
 * @param {string | Uint8Array} contents
 */
async function replaceFile(path, contents) {
  const written = `${path}.${process.pid}`;
  await writeFile(written, contents);
  await rename(written, path);
}

/**
 * Bundles one function into `dist/<name>/`: `index.mjs` and the chunks it loads when needed.
 * @param {string} root the package's folder
 * @param {'alert' | 'digest'} name which function
 * @param {string} outdir where to
 * @returns {Promise<number>} bytes of JavaScript
 */
export async function bundleFunction(root, name, outdir) {
  await rm(outdir, { recursive: true, force: true });
  await mkdir(outdir, { recursive: true });
  const { metafile } = await build({
    ...common,
    target: 'node24',
    minify: true,
    splitting: true,
    metafile: true,
    absWorkingDir: root,
    alias: { '@aws-sdk/credential-provider-node': join(root, 'function', 'sinks', 'credentials.ts') },
    entryPoints: [{ in: `./function/${name}.ts`, out: 'index' }],
    outExtension: { '.js': '.mjs' },
    chunkNames: '[hash]',
    outdir,
  });
  return Object.values(metafile?.outputs ?? {}).reduce((sum, { bytes }) => sum + bytes, 0);
}

/**
 * True when `dist/cli` was built from the sources that are there now, or when there are no sources to build from.
 * @param {string} root the package's folder
 */
export function cliIsCurrent(root) {
  try {
    const built = readFileSync(join(root, 'dist', 'cli', 'sources.sha256'), 'utf8');
    return !statSync(join(root, 'function'), { throwIfNoEntry: false }) || built === sourcesHash(root);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}

/** @param {string} root */
function sourcesHash(root) {
  const hash = createHash('sha256');
  for (const folder of ['function', 'cli']) {
    for (const file of readdirSync(join(root, folder), { recursive: true, withFileTypes: true }).sort(byPath)) {
      if (!file.isFile()) continue;
      const path = join(file.parentPath, file.name);
      const { mtimeMs, size } = statSync(path);
      hash.update(`${path}\0${mtimeMs}\0${size}\0`);
    }
  }
  return hash.digest('hex');
}

/**
 * @param {import('node:fs').Dirent} a
 * @param {import('node:fs').Dirent} b
 */
function byPath(a, b) {
  return join(a.parentPath, a.name) < join(b.parentPath, b.name) ? -1 : 1;
}
