import { spawn } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT, trailbell } from './command-line.ts';
import { recordOf, WHITELISTED } from './sample-records.ts';
import { folderOf } from './temporary-folder.ts';

/** So many records that threads are worth their start. */
const MANY = 100_000;

async function history() {
  const line = (number: number) => JSON.stringify(recordOf(number, number % 50 === 0 ? {} : WHITELISTED));
  const lines = Array.from({ length: MANY }, (_, number) => line(number));
  return join(await folderOf({ 'many.ndjson': `${lines.join('\n')}\n` }), 'many.ndjson');
}

/** Runs the launcher with a temporary folder of its own, so that what is left behind shows. */
async function started(args: readonly string[]) {
  const temporary = await folderOf();
  const child = spawn(process.execPath, ['cli/trailbell.mjs', ...args], {
    cwd: ROOT,
    env: { ...process.env, TMPDIR: temporary },
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  const ended = new Promise<{ code: number | null; signal: string | null }>((resolve) =>
    child.on('close', (code, signal) => resolve({ code, signal })),
  );
  return { child, ended, left: () => readdir(temporary), stderr: () => stderr };
}

describe('the process of a replay', () => {
  it('rates a large file in threads of the bundle, as it does in one', async () => {
    const file = await history();
    const alone = JSON.parse((await trailbell(['replay', file, '--json', '--jobs', '1'])).stdout);
    const together = JSON.parse((await trailbell(['replay', file, '--json', '--jobs', '3'])).stdout);
    expect([alone.speed.jobs, together.speed.jobs]).toEqual([1, 3]);
    expect({ ...together, speed: undefined }).toEqual({ ...alone, speed: undefined });
    expect(together).toMatchObject({ received: MANY, published: MANY / 50 });
  });

  it('ends quietly when the reader of its timeline goes away, and leaves nothing behind', async () => {
    const { child, ended, left, stderr } = await started(['replay', await history(), '--timeline', 'all']);
    child.stdout.once('data', () => child.stdout.destroy());
    expect(await ended).toEqual({ code: 0, signal: null });
    expect({ left: await left(), stderr: stderr() }).toEqual({ left: [], stderr: '' });
  });

  it('leaves nothing behind when it is interrupted', async () => {
    const { child, ended, left } = await started(['replay', '-', '--jobs', '2']);
    const line = `${JSON.stringify(recordOf(1))}\n`;
    child.stdin.on('error', () => undefined);
    for (let number = 0; number < 100; number++) child.stdin.write(line.repeat(1_000));
    while ((await left()).length === 0 && child.stdin.writableLength > 0) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    child.kill('SIGINT');
    const { code, signal } = await ended;
    expect(code === 130 || signal === 'SIGINT').toBe(true);
    expect(await left()).toEqual([]);
  });

  it('reads standard input of any shape', async () => {
    const { stdout } = await trailbell(['replay', '-', '--json'], {
      input: JSON.stringify({ Records: [recordOf(1), recordOf(2)] }),
    });
    expect(JSON.parse(stdout)).toMatchObject({ received: 2, published: 2 });
  });
});
