import { type SpawnOptions, spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { AwsProblem } from './problem.ts';

const PROGRAMS = ['terraform', 'tofu'] as const;

/**
 * The first of Terraform and OpenTofu on the PATH, in this order.
 * @throws {AwsProblem} when there is neither
 */
export async function findTerraform(path: string): Promise<string> {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  for (const program of PROGRAMS) {
    for (const folder of path.split(delimiter).filter((entry) => entry !== '')) {
      const file = join(folder, program + suffix);
      if (await isExecutable(file)) return file;
    }
  }
  throw new AwsProblem(
    'neither terraform nor tofu is on the PATH: install Terraform 1.10 or later, or OpenTofu 1.10 or later, and try again',
  );
}

/**
 * Runs a program to its end with this terminal's input and output. An interrupt reaches the program, which then finishes
 * in order; this process waits for it. @returns its exit code, 1 when a signal ended it
 */
export async function runHere(program: string, args: readonly string[], cwd: string): Promise<number> {
  const { code } = await run(program, args, { cwd, stdio: 'inherit' });
  return code;
}

/** Runs a program and gives what it wrote. */
export async function outputOf(
  program: string,
  args: readonly string[],
  cwd: string,
): Promise<{ readonly code: number; readonly stdout: string }> {
  return run(program, args, { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
}

async function run(program: string, args: readonly string[], options: SpawnOptions) {
  const keepWaiting = () => undefined;
  process.on('SIGINT', keepWaiting);
  try {
    return await new Promise<{ code: number; stdout: string }>((resolve, reject) => {
      const child = spawn(program, args, { ...options, env: { CHECKPOINT_DISABLE: '1', ...process.env } });
      let stdout = '';
      child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
        stdout += chunk;
      });
      child.once('error', (cause) =>
        reject(new AwsProblem(`${program} did not start: ${cause.message}`, 'other', { cause })),
      );
      child.once('close', (code) => resolve({ code: code ?? 1, stdout }));
    });
  } finally {
    process.off('SIGINT', keepWaiting);
  }
}

async function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}
