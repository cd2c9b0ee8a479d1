import { spawn } from 'node:child_process';
import { ROOT } from '../command-line.ts';

/** A command line that runs until it is told to stop. */
export interface Running {
  readonly stdout: () => string;
  readonly stderr: () => string;
  kill(signal: NodeJS.Signals): void;
  /** Reads no more of its standard output, as `head` does when it has enough. */
  goAway(): void;
  /** Resolves when it has ended, with its exit code; null when a signal ended it. */
  readonly ended: Promise<number | null>;
}

/** Starts the real command line, in a process of its own. */
export function start(...args: readonly string[]): Running {
  const child = spawn(process.execPath, ['cli/trailbell.mjs', ...args], { cwd: ROOT });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
  });
  return {
    stdout: () => stdout,
    stderr: () => stderr,
    kill: (signal) => void child.kill(signal),
    goAway: () => void child.stdout.destroy(),
    ended: new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => resolve(code));
    }),
  };
}

/** Waits until something holds; a test's own time-out ends the waiting. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 50));
}
