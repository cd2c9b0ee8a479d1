// Plain JavaScript, so that whichever Node people have can build the bundles.
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { HELP_SOURCES_FILE, partOfListing, SOURCES_FILE, sourcesListing } from './staleness.mjs';

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

/** @type {import('esbuild').Plugin} */
const COMMANDS_APART = {
  name: 'commands-apart',
  setup({ onResolve }) {
    onResolve({ filter: /\/run-command\.ts$/ }, () => ({ path: './run-command.js', external: true }));
  },
};

/**
 * Bundles the command line into `dist/cli/main.js`. What only a checkout has stays outside. Several processes may do so
 * at once, and others run what is there: every file is replaced whole, the entry after what it loads.
 * @param {string} root the package's folder
 */
export async function bundleCli(root) {
  const outdir = join(root, 'dist', 'cli');
  // Taken before the sources are read: an edit during the build leaves it stale.
  const listing = sourcesListing(root);
  /** @type {import('esbuild').BuildOptions} */
  const options = { ...common, write: false, target: 'node20', outdir };
  const [entry, commands] = await Promise.all([
    // Alone, so that help loads one file.
    build({
      ...options,
      banner: {},
      metafile: true,
      absWorkingDir: root,
      entryPoints: [join(root, 'cli', 'main.ts')],
      plugins: [COMMANDS_APART],
    }),
    build({
      ...options,
      // Each thread of a replay begins with a file of its own.
      entryPoints: [join(root, 'cli', 'run-command.ts'), join(root, 'cli', 'replay', 'rating-thread.ts')],
      entryNames: '[name]',
      splitting: true,
      chunkNames: 'chunk-[hash]',
      external: ['esbuild', 'fauxqs', '@aws-sdk/*'],
    }),
  ]);
  await mkdir(outdir, { recursive: true });
  for (const { path, contents } of commands.outputFiles ?? []) await replaceFile(path, contents);
  // Node runs the runtime client as a file of its own.
  await replaceFile(join(outdir, 'bootstrap.mjs'), await readFile(join(root, 'cli', 'lambda', 'bootstrap.mjs')));
  await replaceFile(join(outdir, 'report-page.json'), JSON.stringify(await bundlePage(root)));
  for (const { path, contents } of entry.outputFiles ?? []) await replaceFile(path, contents);
  const helpSources = new Set([...Object.keys(entry.metafile?.inputs ?? {}), 'cli/bundle.mjs']);
  await replaceFile(join(outdir, SOURCES_FILE), listing);
  await replaceFile(join(outdir, HELP_SOURCES_FILE), partOfListing(listing, helpSources));
}

/**
 * Bundles what runs in a report's page, and its style. Each is one text that can stand in an element of its own: where
 * strings of the program hold what would end it, esbuild escapes that.
 * @param {string} root the package's folder
 * @returns {Promise<{ script: string, style: string }>}
 */
export async function bundlePage(root) {
  const folder = join(root, 'cli', 'report', 'page');
  /** @type {import('esbuild').BuildOptions} */
  const options = { bundle: true, minify: true, charset: 'ascii', legalComments: 'inline', logLevel: 'error' };
  const targets = ['chrome123', 'firefox120', 'safari17.5'];
  const texts = await Promise.all(
    ['main.ts', 'page.css'].map(async (name) => {
      const { outputFiles } = await build({
        ...options,
        write: false,
        format: name.endsWith('.ts') ? 'iife' : 'esm',
        target: targets,
        entryPoints: [join(folder, name)],
      });
      return (outputFiles[0]?.text ?? '').trim();
    }),
  );
  const [script = '', style = ''] = texts;
  return { script, style };
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
