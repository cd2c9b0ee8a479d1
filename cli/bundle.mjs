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

/** @type {import('esbuild').BuildOptions} */
const functionOptions = { ...common, target: 'node24', minify: true, metafile: true };

/** The S3 client's file beside a function's own ones. */
const S3_FILE = 's3-client.mjs';

/**
 * Bundles functions, each into a folder of its own: `index.mjs`, the chunks it loads when needed, and `s3-client.mjs` where
 * it may read objects. That one shares no chunk with the others, which would grow by what only S3 needs; it is the same for
 * every function, so it is bundled once.
 * @param {string} root the package's folder
 * @param {Readonly<Partial<Record<'alert' | 'digest' | 'forward' | 'index-records', string>>>} outdirs where to, by function
 * @returns {Promise<Record<string, number>>} bytes of JavaScript of each, the S3 client aside
 */
export async function bundleFunctions(root, outdirs) {
  /** @type {Promise<Uint8Array> | undefined} */
  let s3Client;
  const bundled = Object.entries(outdirs).map(async ([name, outdir]) => {
    const { bytes, readsObjects } = await bundleFunction(root, name, outdir);
    if (readsObjects) {
      s3Client ??= bundleS3Client(root);
      await writeFile(join(outdir, S3_FILE), await s3Client);
    }
    return [name, bytes];
  });
  return Object.fromEntries(await Promise.all(bundled));
}

/**
 * @param {string} root
 * @param {string} name
 * @param {string} outdir emptied first
 */
async function bundleFunction(root, name, outdir) {
  await rm(outdir, { recursive: true, force: true });
  await mkdir(outdir, { recursive: true });
  const { metafile } = await build({
    ...functionOptions,
    splitting: true,
    absWorkingDir: root,
    plugins: [trimmed(root, true)],
    entryPoints: [{ in: `./function/${name}.ts`, out: 'index' }],
    outExtension: { '.js': '.mjs' },
    chunkNames: '[hash]',
    outdir,
  });
  const outputs = Object.values(metafile?.outputs ?? {});
  return {
    bytes: outputs.reduce((sum, { bytes }) => sum + bytes, 0),
    readsObjects: outputs.some(({ imports }) =>
      imports.some(({ path, external }) => external && path === `./${S3_FILE}`),
    ),
  };
}

/**
 * @param {string} root
 * @returns {Promise<Uint8Array>}
 */
async function bundleS3Client(root) {
  const { outputFiles } = await build({
    ...functionOptions,
    absWorkingDir: root,
    plugins: [trimmed(root, false)],
    entryPoints: ['./function/sources/objects/s3-client.ts'],
    outfile: S3_FILE,
    write: false,
  });
  const [file] = outputFiles ?? [];
  if (file === undefined) throw new Error(`no ${S3_FILE} came of bundling, expected one file`);
  return file.contents;
}

/**
 * Leaves out what a function never runs, and the S3 client where it is a file of its own.
 * @param {string} root
 * @param {boolean} s3Apart
 * @returns {import('esbuild').Plugin}
 */
function trimmed(root, s3Apart) {
  return {
    name: 'trimmed',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^@aws-sdk\/credential-provider-node$/ }, () => ({
        path: join(root, 'function', 'sinks', 'credentials.ts'),
      }));
      // Tells browsers apart, in browsers.
      onResolve({ filter: /^bowser$/ }, ({ path }) => ({ path, namespace: 'empty' }));
      onLoad({ filter: /.*/, namespace: 'empty' }, () => ({ contents: '' }));
      if (s3Apart) onResolve({ filter: /\/s3-client\.ts$/ }, () => ({ path: `./${S3_FILE}`, external: true }));
    },
  };
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
