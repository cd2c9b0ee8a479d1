import { readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { checkoutCopy } from './checkout-copy.ts';
import { trailbell } from './command-line.ts';
import { recordOf } from './sample-records.ts';

let root: string;

beforeEach(async () => {
  root = await checkoutCopy();
});

const built = () => stat(join(root, 'dist', 'cli', 'main.js'));

async function edit(path: string, from: string, to: string): Promise<void> {
  const text = await readFile(join(root, path), 'utf8');
  expect(text).toContain(from);
  await writeFile(join(root, path), text.replace(from, to));
}

describe('the launcher', () => {
  it('builds the command line once, and again when a source has changed', async () => {
    await trailbell(['--help'], { root });
    const first = await built();
    expect((await trailbell(['--help'], { root })).stdout).toContain('trailbell COMMAND --help');
    expect((await built()).mtimeMs).toBe(first.mtimeMs);

    await edit('cli/main.ts', 'trailbell COMMAND --help says more.', 'Nothing more to say.');
    expect((await trailbell(['--help'], { root })).stdout).toContain('Nothing more to say.');
    expect((await built()).mtimeMs).toBeGreaterThan(first.mtimeMs);
  });

  it('builds again before a command when the time of a source goes back, and a source comes or goes', async () => {
    await trailbell(['--help'], { root });
    const changes = [
      () => utimes(join(root, 'function', 'core', 'classify.ts'), new Date(0), new Date(0)),
      () => writeFile(join(root, 'cli', 'extra.ts'), ''),
      () => rm(join(root, 'cli', 'extra.ts')),
    ];
    for (const change of changes) {
      const before = await built();
      await change();
      // Of help these are no sources.
      await trailbell(['--help'], { root });
      expect((await built()).mtimeMs).toBe(before.mtimeMs);
      await trailbell(['schema', '--no-such-option'], { root });
      expect((await built()).mtimeMs).toBeGreaterThan(before.mtimeMs);
    }
  });

  it('does not build again for an edited severity, which it still obeys', async () => {
    const store = { eventSource: 'kms.amazonaws.com', eventName: 'CreateCustomKeyStore' };
    const classify = async () => {
      const { lines } = await trailbell(['classify', '-'], { root, input: JSON.stringify(recordOf(1, store)) });
      return JSON.parse(lines[0] ?? 'null');
    };
    expect(await classify()).toMatchObject({ severity: 'high' });
    const before = await built();
    const service = {
      eventSource: 'kms.amazonaws.com',
      service: 'AWS KMS',
      events: { CreateCustomKeyStore: 'low' },
    };
    await writeFile(join(root, 'severities', 'services', 'kms.json'), JSON.stringify(service));
    expect(await classify()).toMatchObject({ severity: 'low' });
    expect((await built()).mtimeMs).toBe(before.mtimeMs);
  });

  it('may be started several times at once before anything is built', async () => {
    const runs = Array.from({ length: 4 }, () =>
      trailbell(['classify', '-'], { root, input: JSON.stringify(recordOf(1)) }),
    );
    for (const run of await Promise.all(runs)) expect(run).toMatchObject({ code: 0, stderr: '' });
    const left = await readdir(join(root, 'dist', 'cli'));
    for (const name of left) expect(name).toMatch(/\.(?:js|mjs|json|txt)$/);
  });

  it('needs no sources, and no package, where the command line is built', async () => {
    await trailbell(['--help'], { root });
    for (const part of ['function', 'node_modules', 'cli/main.ts', 'cli/bundle.mjs', 'cli/staleness.mjs']) {
      await rm(join(root, part), { recursive: true });
    }
    const run = await trailbell(['classify', '-'], { root, input: JSON.stringify(recordOf(1)) });
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.lines).toHaveLength(1);
  });
});
