import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readFolder, readSeverities } from '../../cli/severities-folder.ts';
import { SeveritiesError } from '../../function/core/severities/problem.ts';
import { KMS, POLICY, RELEASE, ROOT_LOGIN } from '../core/severities/folder.ts';

let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'severities-'));
});

afterEach(() => rm(dir, { recursive: true }));

async function write(folder: Readonly<Record<string, unknown>>, root = dir): Promise<void> {
  for (const [path, value] of Object.entries(folder)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    const content = typeof value === 'string' || value instanceof Uint8Array ? value : JSON.stringify(value);
    await writeFile(join(root, path), content);
  }
}

async function errorOf(reading: Promise<unknown>): Promise<SeveritiesError> {
  const error = await reading.then(
    () => new Error('the folder loads'),
    (reason: unknown) => reason,
  );
  if (error instanceof SeveritiesError) return error;
  throw error;
}

describe('readFolder', () => {
  it('gives the severities with their version, the parts and the examples', async () => {
    const override = { id: 'root-login', override: true, stage: 'trial', reason: 'Noisy.' };
    await write({ ...RELEASE, 'README.md': '# Severities', 'local/detections/root-login.json': override });
    const folder = await readFolder(dir);
    expect(folder.severities).toMatchObject({ policy: POLICY, detections: [{ id: 'root-login', stage: 'trial' }] });
    expect(folder.severities.policyVersion).toMatch(/^[0-9a-f]{12}$/);
    expect(folder.upstream.detections).toEqual([ROOT_LOGIN]);
    expect(folder.local.overrides).toEqual([override]);
    expect(folder.examples.get('root-login')).toEqual(ROOT_LOGIN.examples);
  });

  it('follows a link to a local/ kept elsewhere', async () => {
    const elsewhere = await mkdtemp(join(tmpdir(), 'severities-local-'));
    await write({ 'policy.json': { alertAt: 'critical' } }, elsewhere);
    await write(RELEASE);
    await symlink(elsewhere, join(dir, 'local'));
    expect((await readSeverities(dir)).policy.alertAt).toBe('critical');
    await rm(elsewhere, { recursive: true });
  });

  it('ends on a circle of links', async () => {
    await write(RELEASE);
    await symlink(dir, join(dir, 'again'));
    const { problems } = await errorOf(readFolder(dir));
    expect(problems).toContainEqual(
      expect.objectContaining({ file: 'again/policy.json', found: 'a file nothing reads' }),
    );
  });

  it('refuses a folder that is not there, with the cause', async () => {
    const error = await errorOf(readFolder(join(dir, 'absent')));
    expect(error.message).toMatch(/absent: found ENOENT, expected a readable folder$/);
    expect(error.cause).toMatchObject({ code: 'ENOENT' });
  });

  it('refuses a folder without a policy', async () => {
    await write({ 'services/kms.json': KMS });
    expect((await errorOf(readFolder(dir))).message).toBe('policy.json: found no such file, expected the policy');
  });

  it('refuses a link to nothing, with the cause', async () => {
    await symlink(join(dir, 'absent'), join(dir, 'policy.json'));
    const error = await errorOf(readFolder(dir));
    expect(error.problems).toMatchObject([{ file: 'policy.json', found: 'ENOENT' }]);
    expect(error.cause).toMatchObject({ code: 'ENOENT' });
  });

  it('refuses a file that is too large or not UTF-8, along with every other problem', async () => {
    await write({
      'policy.json': new Uint8Array(5 * 1024 * 1024).fill(0x20),
      'services/kms.json': Buffer.from(JSON.stringify({ ...KMS, service: 'Schlüssel' }), 'latin1'),
      'servces/s3.json': {},
    });
    expect((await errorOf(readFolder(dir))).problems).toMatchObject([
      { file: 'policy.json', found: '5242880 bytes' },
      { file: 'servces/s3.json' },
      { file: 'services/kms.json', expected: 'UTF-8 text' },
    ]);
  });
});

describe('policyVersion', () => {
  const versionOf = async (folder: Readonly<Record<string, unknown>>) => {
    await rm(dir, { recursive: true });
    await write(folder);
    return (await readSeverities(dir)).policyVersion;
  };

  it('is the same for the same content, whatever its white space, order of keys, examples and documents', async () => {
    const { events, ...rest } = KMS;
    const same = {
      ...RELEASE,
      'services/kms.json': `${JSON.stringify({ events, ...rest, $schema: 'elsewhere' }, null, 4)}\r\n`,
      'detections/root-login.json': { ...ROOT_LOGIN, examples: { match: [{}], noMatch: [{}] } },
      'README.md': '',
    };
    expect(await versionOf(same)).toBe(await versionOf(RELEASE));
  });

  it.each<[string, Record<string, unknown>]>([
    ['a row', { 'services/kms.json': { ...KMS, events: { ...KMS.events, Decrypt: 'low' } } }],
    ['a local edit', { 'local/policy.json': { alertAt: 'low' } }],
    ['an account name', { 'local/accounts.json': { '111122223333': { name: 'prod' } } }],
  ])('changes with %s', async (_what, change) => {
    expect(await versionOf({ ...RELEASE, ...change })).not.toBe(await versionOf(RELEASE));
  });

  it('names the commit in a git work tree, and not before there is one', async () => {
    await write(RELEASE);
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], {
        cwd: dir,
        encoding: 'utf8',
        env: { PATH: process.env['PATH'], HOME: dir },
      });
    git('init', '--quiet');
    const before = await readSeverities(dir);
    git('commit', '--quiet', '--allow-empty', '--no-verify', '--message', 'Severities');
    const after = await readSeverities(dir);
    expect(before.policyVersion).toMatch(/^[0-9a-f]{12}$/);
    expect(after.policyVersion).toBe(`${before.policyVersion}+g${git('rev-parse', 'HEAD').slice(0, 7)}`);
  });
});

describe('the shipped folder', () => {
  it('loads', async () => {
    const { services } = await readSeverities(fileURLToPath(new URL('../../severities', import.meta.url)));
    expect(services.length).toBeGreaterThan(0);
  });
});
