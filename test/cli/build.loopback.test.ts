import { existsSync } from 'node:fs';
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildAlert } from '../../cli/build.ts';
import { readSeverities } from '../../cli/severities-folder.ts';
import { SeveritiesError } from '../../function/core/severities/problem.ts';
import { checkoutCopy } from './checkout-copy.ts';
import { ROOT, trailbell } from './command-line.ts';
import { recordOf } from './sample-records.ts';
import { folderOf, severitiesWith } from './temporary-folder.ts';

const DETECTION = {
  id: 'by-alice',
  title: 'Something by Alice',
  severity: 'critical',
  when: '{ $.userIdentity.arn = "*:user/alice" }',
  reason: 'A test.',
  examples: { match: [recordOf(1)], noMatch: [recordOf(2, { userIdentity: {} })] },
};

describe('build', () => {
  let outdir: string;
  let dir: string;
  let built: Awaited<ReturnType<typeof buildAlert>>;

  beforeAll(async () => {
    dir = await severitiesWith({ 'local/detections/by-alice.json': DETECTION });
    outdir = join(await folderOf(), 'alert');
    built = await buildAlert(ROOT, dir, [{ name: 'platform', services: ['iam.amazonaws.com'] }], outdir);
  });

  it('writes the bundle, in plain JavaScript files, with the S3 client apart', async () => {
    const files = (await readdir(outdir)).filter((name) => name !== 'severities.json');
    expect(files).toEqual(expect.arrayContaining(['index.mjs', 's3-client.mjs']));
    for (const file of files) expect(file).toMatch(/\.mjs$/);
  });

  it('says how large it is without the S3 client, at most 490,000 bytes', async () => {
    const files = (await readdir(outdir)).filter((name) => !['severities.json', 's3-client.mjs'].includes(name));
    const sizes = await Promise.all(files.map(async (file) => (await stat(join(outdir, file))).size));
    expect(built.bytes).toBe(sizes.reduce((sum, size) => sum + size, 0));
    expect(built.bytes).toBeLessThanOrEqual(490_000);
  });

  it('writes the severities and the teams beside it, without the examples', async () => {
    const text = await readFile(join(outdir, 'severities.json'), 'utf8');
    expect(JSON.parse(text)).toEqual({
      severities: await readSeverities(dir),
      teams: [{ name: 'platform', services: ['iam.amazonaws.com'] }],
    });
    expect(text).toContain('"by-alice"');
    expect(text).not.toContain('"examples"');
    expect(text).not.toContain('192.0.2.10');
  });

  it('puts nothing of this machine into the bundle', async () => {
    for (const file of await readdir(outdir)) {
      expect(await readFile(join(outdir, file), 'utf8')).not.toContain(ROOT);
    }
  });

  it('leaves what is there alone when the severities are broken', async () => {
    const broken = await severitiesWith({ 'policy.json': {} });
    const before = await readFile(join(outdir, 'severities.json'), 'utf8');
    await expect(buildAlert(ROOT, broken, [], outdir)).rejects.toThrow(SeveritiesError);
    expect(await readFile(join(outdir, 'severities.json'), 'utf8')).toBe(before);
    expect(await readdir(outdir)).toContain('index.mjs');
  });
});

describe('build, from the command line', () => {
  it('writes dist/alert of its own checkout, and nothing when the severities are broken', async () => {
    const root = await checkoutCopy();
    const broken = await severitiesWith({ 'policy.json': {} });
    const refused = await trailbell(['build', '--severities', broken], { root });
    expect(refused).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(/policy\.json.*expected/) });
    expect(existsSync(join(root, 'dist', 'alert'))).toBe(false);
    expect(await trailbell(['build'], { root })).toMatchObject({ code: 0, stdout: '' });
    expect(await readdir(join(root, 'dist', 'alert'))).toEqual(
      expect.arrayContaining(['index.mjs', 'severities.json']),
    );
    const whole = await Promise.all(['digest', 'forward', 'index-records'].map((name) => bytesOf(root, name)));
    await rm(join(root, 'dist', 'alert'), { recursive: true });
    const some = await trailbell(['build', '--functions', 'index-records,digest'], { root });
    expect(some.stderr).toMatch(/^dist\/digest: \d+ bytes; dist\/index-records: \d+ bytes\n$/);
    expect(existsSync(join(root, 'dist', 'alert'))).toBe(false);
    expect(await Promise.all(['digest', 'forward', 'index-records'].map((name) => bytesOf(root, name)))).toEqual(whole);
  });

  it.each(['alarm', 'alert,,digest', ''])('refuses the function %j, naming those there are', async (functions) => {
    const refused = await trailbell(['build', '--functions', functions]);
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toContain('expected of alert, digest, forward, index-records');
  });
});

/** Every file of a built function, by its name. */
async function bytesOf(root: string, name: string): Promise<Record<string, string>> {
  const folder = join(root, 'dist', name);
  const files = (await readdir(folder)).sort();
  return Object.fromEntries(
    await Promise.all(files.map(async (file) => [file, await readFile(join(folder, file), 'latin1')])),
  );
}
