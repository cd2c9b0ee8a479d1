import { spawn } from 'node:child_process';
import { ROOT } from '../command-line.ts';

/** The real command line, in a process of its own; `onSaid` sees what it writes to standard error, and may end it. */
export function startRedrive(
  outputs: string,
  rate: number,
  onSaid: (text: string, kill: (signal: NodeJS.Signals) => void) => void,
): Promise<{ readonly code: number | null; readonly stdout: string }> {
  const args = ['cli/trailbell.mjs', 'redrive', '--outputs', outputs, '--rate', String(rate)];
  const child = spawn(process.execPath, args, { cwd: ROOT });
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => onSaid(chunk, (signal) => child.kill(signal)));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout }));
  });
}
