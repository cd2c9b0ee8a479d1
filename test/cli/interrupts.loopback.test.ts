import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { ROOT, trailbell } from './command-line.ts';
import { recordOf } from './sample-records.ts';
import { folderOf, severitiesWith } from './temporary-folder.ts';

beforeAll(async () => {
  await trailbell(['--help']);
});

/** Starts a command whose standard input stays open, with a temporary folder of its own. */
async function start(args: readonly string[]): Promise<{ child: ChildProcess; temporary: string; said: () => string }> {
  const temporary = await folderOf();
  const child = spawn(process.execPath, ['cli/trailbell.mjs', ...args], {
    cwd: ROOT,
    env: { ...process.env, TMPDIR: temporary },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let text = '';
  child.stdout?.on('data', () => undefined);
  child.stderr?.on('data', (chunk: Buffer) => {
    text += chunk;
  });
  return { child, temporary, said: () => text };
}

/** A copy of the shipped severities in a repository of its own. */
async function committedSeverities(): Promise<string> {
  const folder = await severitiesWith({});
  const identity = ['-c', 'user.name=a', '-c', 'user.email=a@example.com', '-c', 'commit.gpgsign=false'];
  const env = { ...process.env, GIT_DIR: undefined, GIT_WORK_TREE: undefined, GIT_INDEX_FILE: undefined };
  for (const args of [
    ['init', '--quiet'],
    ['add', '--all'],
    ['commit', '--quiet', '-m', 'first'],
  ]) {
    execFileSync('git', [...identity, ...args], { cwd: folder, env });
  }
  return folder;
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let turn = 0; turn < 400; turn++) {
    if (await holds()) return;
    await wait(50);
  }
  throw new Error('it did not come to that within 20 seconds');
}

describe('Ctrl-C', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)(
    '(%s) ends a comparison with a git ref with %i, quietly, its temporary files gone',
    async (signal, code) => {
      const severities = await committedSeverities();
      const { child, temporary, said } = await start(['replay', '-', '--severities', severities, '--compare', 'HEAD']);
      child.stdin?.write(`${JSON.stringify(recordOf(1))}\n`);
      await until(async () => (await readdir(temporary)).some((name) => name.startsWith('trailbell-severities-')));
      // Until its threads are at work, too.
      await wait(500);
      child.kill(signal);
      expect(await once(child, 'exit')).toEqual([code, null]);
      expect(said()).toBe('');
      expect(await readdir(temporary)).toEqual([]);
    },
  );

  it.each([
    ['replay', '-'],
    ['classify', '-'],
    ['suggest', '-'],
  ])('ends %s, waiting for input, with 130', async (...args) => {
    const { child, temporary, said } = await start(args);
    child.stdin?.write(`${JSON.stringify(recordOf(1))}\n`);
    await wait(1_500);
    child.kill('SIGINT');
    expect(await once(child, 'exit')).toEqual([130, null]);
    expect(said()).toBe('');
    expect(await readdir(temporary)).toEqual([]);
  });

  it('ends the demo with 130, and nothing it built is left', async () => {
    const { child, temporary } = await start(['demo']);
    await until(async () => (await readdir(temporary)).some((name) => name.startsWith('trailbell-demo-')));
    child.kill('SIGINT');
    expect(await once(child, 'exit')).toEqual([130, null]);
    expect(await readdir(temporary)).toEqual([]);
  });
});

describe('a reader that goes away', () => {
  const many = Array.from({ length: 20_000 }, (_, index) => `${JSON.stringify(recordOf(index))}\n`).join('');

  it.each([['classify', 'lines.ndjson'], ['replay', 'lines.ndjson', '--timeline', 'all'], ['--help']])(
    'ends %s quietly',
    async (...args) => {
      const folder = await folderOf({ 'lines.ndjson': many });
      const temporary = await folderOf();
      const line = args.map((word) => (word === 'lines.ndjson' ? `${folder}/lines.ndjson` : word)).join(' ');
      const { stdout, stderr } = await promisify(execFile)(
        'bash',
        [
          '-c',
          `set -o pipefail; "$0" cli/trailbell.mjs ${line} | head -n 1; echo "code \${PIPESTATUS[0]}"`,
          process.execPath,
        ],
        { cwd: ROOT, env: { ...process.env, TMPDIR: temporary } },
      );
      expect(stdout.trimEnd().split('\n')).toHaveLength(2);
      expect(stdout).toMatch(/code 0\n$/);
      expect(stderr.replace(/^trailbell: .*\n/gm, '')).toBe('');
      expect(await readdir(temporary)).toEqual([]);
    },
  );
});
