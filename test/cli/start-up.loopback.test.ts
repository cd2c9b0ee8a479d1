import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../cli/commands.ts';
import { ROOT, trailbell } from './command-line.ts';
import { loadedBy } from './loaded-files.ts';

const ownFiles = (loaded: readonly string[]) => loaded.filter((name) => !name.startsWith('node:'));

describe('what help loads', () => {
  it.each([[['--help']], [['help']], [['help', 'replay']], [['backfill', '--help']], [['frobnicate']]])(
    'is the launcher, a look at the sources, and one small file: %j',
    async (args) => {
      await trailbell(['--help']);
      const loaded = await loadedBy(ROOT, args).catch((error: { code?: number; stderr?: string }) => {
        expect(error.code).toBe(2);
        return [...(error.stderr ?? '').matchAll(/\/((?:cli|dist\/cli)\/[\w.-]+)$/gm)].map(([, file = '']) => file);
      });
      expect(ownFiles(loaded)).toEqual(['cli/trailbell.mjs', 'cli/staleness.mjs', 'dist/cli/main.js']);
      const bytes = (await readFile(join(ROOT, 'dist/cli/main.js'))).length;
      expect(bytes).toBeLessThan(40_000);
    },
  );

  it('is less than any command does: neither zod nor an SDK', async () => {
    const text = await readFile(join(ROOT, 'dist/cli/main.js'), 'utf8');
    expect(text).not.toMatch(/zod|aws-sdk|smithy|node:crypto/i);
    const loaded = await loadedBy(ROOT, ['explain', 'kms.amazonaws.com/ScheduleKeyDeletion']);
    expect(ownFiles(loaded).length).toBeGreaterThan(5);
    expect(loaded.filter((name) => name.includes('node_modules'))).toEqual([]);
  });
});

describe('help', () => {
  it.each(COMMANDS.map(({ name }) => name))('of %s has its usage and one example', async (name) => {
    const run = await trailbell([name, '--help']);
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.stdout).toMatch(new RegExp(`^trailbell ${name}(?: |\\n)`));
    expect(run.stdout.match(/^Example: trailbell /gm)).toHaveLength(1);
    if (name === 'replay') expect((await trailbell(['help', name])).stdout).toBe(run.stdout);
  });

  it('is given whatever else the line says, but not after --', async () => {
    expect((await trailbell(['check', '--no-such-option', '-h'])).code).toBe(0);
    const { code, stdout } = await trailbell(['classify', '--', '--help']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  });

  it('names what was meant by a command there is not', async () => {
    expect(await trailbell(['relpay', 'x'])).toMatchObject({
      code: 2,
      stdout: '',
      stderr: 'trailbell: there is no command "relpay"; did you mean replay?\ntrailbell --help lists the commands\n',
    });
    const { stderr } = await trailbell(['help', 'frobnicate']);
    expect(stderr).toMatch(/^trailbell: there is no command "frobnicate"\n/);
  });
});
