import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, rm, symlink, utimes } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { folderOf, writeFiles } from '../cli/temporary-folder.ts';
import { ROOT, sourceFiles } from '../house/source-files.ts';
import { onTerrain } from './synth-terrain.ts';

const PARTS = ['cli', 'function', 'infra', 'severities', 'package.json', 'tsconfig.json', 'cdktf.json'];

/** Node as who has installed nothing of ours finds it. */
const OWN_NODE = { name: 'the machine’s own Node', command: ['/usr/bin/env', 'node'] };
const THIS_NODE = { name: 'the pinned Node', command: [process.execPath] };

// Writes down whatever would leave the machine, and lets nothing out.
const GUARD = `
const net = require('node:net'), dns = require('node:dns'), fs = require('node:fs');
const refuse = (what) => (...args) => {
  fs.appendFileSync(process.env.GUARD_LOG, what + ' ' + JSON.stringify(args[0] ?? null) + '\\n');
  throw new Error('no network here');
};
net.Socket.prototype.connect = refuse('connect');
dns.lookup = refuse('lookup');
dns.promises.lookup = refuse('lookup');
`;

interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A copy of the checkout that nothing was built in. */
async function checkout(files: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const root = await folderOf();
  for (const part of PARTS) await cp(join(ROOT, part), join(root, part), { recursive: true });
  await rm(join(root, 'infra', 'config.json'), { force: true });
  await symlink(join(ROOT, 'node_modules'), join(root, 'node_modules'));
  await writeFiles(root, files);
  return root;
}

function run(
  [program = '', ...first]: readonly string[],
  args: readonly string[],
  cwd: string,
  more: NodeJS.ProcessEnv = {},
): Promise<Run> {
  const path = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => !folder.includes('node_modules'));
  const { CHECKPOINT_DISABLE: _, CDKTF_OUTDIR: _outdir, NODE_OPTIONS: _options, ...environment } = process.env;
  const env = { ...environment, PATH: path.join(delimiter), ...more };
  return new Promise((resolve) => {
    execFile(program, [...first, ...args], { cwd, env, timeout: 50_000 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
      resolve({ code, stdout, stderr });
    });
  });
}

const synth = (root: string, { command = THIS_NODE.command, cwd = root, env = {} } = {}) =>
  run(command, [join(root, 'infra', 'app.mjs')], cwd, env);

/** Every file below a folder, by its path there. */
async function filesIn(folder: string): Promise<ReadonlyMap<string, Buffer>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(
    await Promise.all(paths.sort().map(async (path) => [path.slice(folder.length), await readFile(path)] as const)),
  );
}

const stackText = (root: string, name = 'trailbell') =>
  readFile(join(root, 'cdktf.out', 'stacks', name, 'cdk.tf.json'), 'utf8');
const config = async (changes: object) => ({
  'infra/config.json': { ...JSON.parse(await readFile(join(ROOT, 'infra/config.example.json'), 'utf8')), ...changes },
});

describe('a synth from a fresh checkout', () => {
  let first: string;
  let second: string;
  const runs: Run[] = [];

  beforeAll(async () => {
    first = await checkout();
    second = await checkout();
    // Files of a clone are as old as the clone.
    const files = [...sourceFiles('function'), ...sourceFiles('infra')].map(({ path }) => join(second, path));
    for (const file of files) await utimes(file, new Date('2020-01-01'), new Date('2020-01-01'));
    runs.push(await synth(first));
    runs.push(await synth(second, { command: OWN_NODE.command, cwd: '/', env: { TZ: 'Asia/Tokyo', LC_ALL: 'C' } }));
  }, 60_000);

  test('takes the example where there is no configuration, and says so', () => {
    for (const { code, stdout, stderr } of runs) {
      expect(code, stderr).toBe(0);
      expect(stdout).toBe('');
      expect(stderr).toContain('infra/config.json is absent: synthesising the example, infra/config.example.json');
      expect(stderr).toContain('cdktf.out/stacks/trailbell/cdk.tf.json');
    }
  });

  test('gives the same bytes from two checkouts, on two Nodes, from two folders', async () => {
    const files = await filesIn(join(first, 'cdktf.out'));
    expect(files).toEqual(await filesIn(join(second, 'cdktf.out')));
    expect([...files.keys()]).toEqual([
      '/manifest.json',
      expect.stringMatching(/^\/stacks\/trailbell\/assets\/.*\/trailbell\.zip$/),
      expect.stringMatching(/^\/stacks\/trailbell\/assets\/.*\/trailbell-digest\.zip$/),
      '/stacks/trailbell/cdk.tf.json',
    ]);
  });

  test('writes nothing of this machine', async () => {
    for (const [path, content] of await filesIn(join(first, 'cdktf.out'))) {
      for (const folder of [first, ROOT, process.env['HOME'] ?? '/root/']) {
        expect(content.includes(`${folder.replace(/\/$/, '')}/`), `${folder} in ${path}`).toBe(false);
      }
    }
  });

  test('puts the zips where Terraform runs, each under the hash it compares', async () => {
    const { resource } = JSON.parse(await stackText(first));
    const functions = Object.values<{ filename: string; source_code_hash: string }>(resource.aws_lambda_function);
    expect(new Set(functions.map(({ source_code_hash }) => source_code_hash)).size).toBe(2);
    for (const { filename, source_code_hash } of functions) {
      const zip = await readFile(join(first, 'cdktf.out', 'stacks', 'trailbell', filename));
      expect(createHash('sha256').update(zip).digest('base64')).toBe(source_code_hash);
    }
  });

  test('builds and zips only what is switched on', async () => {
    expect((await readdir(join(first, 'dist'))).sort()).toEqual(['alert', 'cli', 'digest', 'infra']);
    expect((await readdir(join(first, 'dist', 'infra'))).filter((name) => name.endsWith('.zip')).sort()).toEqual([
      'trailbell-digest.zip',
      'trailbell.zip',
    ]);
  });

  test('changes nothing when it is run again', async () => {
    const before = await filesIn(join(first, 'cdktf.out'));
    await synth(first);
    expect(await filesIn(join(first, 'cdktf.out'))).toEqual(before);
  });

  test('writes where the CDKTF command line wants it', async () => {
    const out = join(await folderOf(), 'elsewhere');
    expect(await synth(first, { env: { CDKTF_OUTDIR: out } })).toMatchObject({ code: 0 });
    expect(await readFile(join(out, 'stacks', 'trailbell', 'cdk.tf.json'), 'utf8')).toBe(await stackText(first));
  });
});

describe.each([THIS_NODE, OWN_NODE])('a synth on $name', ({ command }) => {
  test('asks the network nothing', async () => {
    const root = await checkout();
    const guard = await folderOf({ 'guard.cjs': GUARD });
    const log = join(guard, 'log');
    const env = { NODE_OPTIONS: `--require ${join(guard, 'guard.cjs')}`, GUARD_LOG: log };

    expect(await synth(root, { command, env })).toMatchObject({ code: 0 });
    expect(existsSync(log)).toBe(false);

    // The guard would have noticed.
    await run(command, ['-e', "fetch('https://192.0.2.1').catch(() => {})"], root, env);
    expect(await readFile(log, 'utf8')).toMatch(/^(?:connect|lookup)/);
  });

  test('refuses a broken configuration before anything is written, and lists all that is wrong', async () => {
    const root = await checkout(
      await config({ region: 'Frankfurt', logRetentionDays: 31, trial: 'create', trail: undefined }),
    );
    const { code, stdout, stderr } = await synth(root, { command });
    expect(code).toBe(1);
    expect(stdout).toBe('');
    const said = stderr.split('\n').filter((line) => line.includes('infra/config.json'));
    for (const pointer of ['/region', '/logRetentionDays', '/trail', '/trial']) {
      expect(said, pointer).toContainEqual(expect.stringMatching(new RegExp(`${pointer}\\b.*expected`)));
    }
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(existsSync(join(root, 'cdktf.out'))).toBe(false);
  });
});

describe('a synth of one’s own configuration', () => {
  const EVERY_TOOL = {
    forwarder: {},
    indexer: { endpoint: 'https://index.example.com', authorization: 'none' },
  };
  let root: string;
  let own: Run;

  beforeAll(async () => {
    root = await checkout(await config({ name: 'corp', region: 'eu-north-1', ...EVERY_TOOL }));
    own = await synth(root);
  }, 60_000);

  test('is a stack of its name', async () => {
    expect(own.code, own.stderr).toBe(0);
    expect(own.stderr).not.toContain('example,');
    expect(JSON.parse(await stackText(root, 'corp')).provider.aws[0].region).toBe('eu-north-1');
  });

  test('puts nothing of the tools it switches on into the zip of the alert function', async () => {
    const zipped = (name: string) => readFile(join(root, 'dist', 'infra', `${name}.zip`), 'latin1');
    // Zips are not compressed: what a function says stands in it as it is.
    const alert = await zipped('corp');
    for (const [tool, words] of [
      ['corp-forward', ['NumberOfCloudTrailRecordsShippedToKinesis', 'STREAM_ARN', 'PutRecords']],
      ['corp-index', ['INDEX_ENDPOINT', '_flattened', 'application/x-ndjson']],
    ] as const) {
      const ofTool = await zipped(tool);
      for (const word of words) {
        expect(ofTool.includes(word), `${word} in ${tool}`).toBe(true);
        expect(alert.includes(word), `${word} in the alert function`).toBe(false);
      }
    }
  });

  test('gives every function that reads files the same S3 client, and no other', async () => {
    const clientOf = (name: string) => readFile(join(root, 'dist', name, 's3-client.mjs'));
    const client = await clientOf('alert');
    for (const name of ['forward', 'index-records']) expect(await clientOf(name)).toEqual(client);
    expect(existsSync(join(root, 'dist', 'digest', 's3-client.mjs'))).toBe(false);
  });

  test.each([
    ['what AWS would refuse at apply', { teams: [{ name: 'operations' }] }, '/teams/0/name'],
    ['a file that is no JSON', undefined, 'at 1:10'],
  ])('is refused for %s', async (_, changes, said) => {
    const root = await checkout(changes === undefined ? { 'infra/config.json': '{ "name" }' } : await config(changes));
    const { code, stderr } = await synth(root);
    expect(code).toBe(1);
    expect(stderr).toContain(said);
    expect(existsSync(join(root, 'cdktf.out'))).toBe(false);
  });

  test('is refused for severities that are broken', async () => {
    const root = await checkout({ 'severities/policy.json': {} });
    const { code, stderr } = await synth(root);
    expect(code).toBe(1);
    expect(stderr).toContain('policy.json');
    expect(existsSync(join(root, 'cdktf.out'))).toBe(false);
  });
});

describe('a synth on CDK Terrain', () => {
  // CDKTF's own packages under the other names show that renaming imports is all there is to do.
  test('gives the same stack after the imports are renamed, and nothing else', async () => {
    const [root, plain] = [await checkout(), await checkout()];
    await rm(join(root, 'node_modules'));
    await mkdir(join(root, 'node_modules', '@cdktn'), { recursive: true });
    const renames = new Map([
      ['cdktf', 'cdktn'],
      ['@cdktf', ''],
    ]);
    for (const name of await readdir(join(ROOT, 'node_modules'))) {
      const as = renames.get(name) ?? name;
      if (as) await symlink(join(ROOT, 'node_modules', name), join(root, 'node_modules', as));
    }
    const provider = join('node_modules', '@cdktf', 'provider-aws');
    await symlink(join(ROOT, provider), join(root, provider.replace('@cdktf', '@cdktn')));
    for (const { path, lines } of sourceFiles('infra')) {
      await writeFiles(root, { [path]: `${lines.map(onTerrain).join('\n')}\n` });
    }
    const { code, stderr } = await synth(root);
    expect(code, stderr).toBe(0);
    await synth(plain);
    expect(await stackText(root)).toBe(await stackText(plain));
  });
});
