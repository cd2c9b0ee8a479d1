import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Arguments, Command, ExitCode } from '../../cli/command.ts';

/** The checkout the tests are in. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** What a command line left behind. */
export interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Standard output, line by line. */
  readonly lines: readonly string[];
}

/** Runs the launcher of `root` in a process of its own, with `input` as its standard input. */
export function trailbell(
  args: readonly string[],
  { input = '', root = ROOT }: { readonly input?: string | Buffer; readonly root?: string } = {},
): Promise<Run> {
  return new Promise((resolve, reject) => {
    const options = { cwd: root, maxBuffer: 64 * 1024 * 1024 };
    const child = execFile(process.execPath, ['cli/trailbell.mjs', ...args], options, (error, stdout, stderr) => {
      const code = error ? error.code : 0;
      if (typeof code === 'number') resolve({ code, stdout, stderr, lines: linesOf(stdout) });
      else reject(error);
    });
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
  });
}

/** Runs a command in this process. What it throws is thrown. */
export async function runCommand(
  command: Command,
  inputs: readonly string[] = [],
  options: Arguments['options'] = {},
): Promise<Omit<Run, 'code'> & { readonly code: ExitCode }> {
  let stdout = '';
  let stderr = '';
  const io = {
    root: ROOT,
    async out(text: string) {
      stdout += text;
    },
    say(line: string) {
      stderr += `${line}\n`;
    },
  };
  const code = await command.run({ inputs, options }, io);
  return { code, stdout, stderr, lines: linesOf(stdout) };
}

function linesOf(text: string): string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n');
}
