import { spawn } from 'node:child_process';
import { UsageError } from '../usage-error.ts';

/** Milliseconds that one question to git takes at most. */
const PATIENCE = 60_000;

/**
 * Of a hook's environment only what names no repository: the one asked is where the folder is. Nothing is fetched, asked of
 * a person, locked, or replaced by another object.
 */
const ENVIRONMENT = {
  GIT_DIR: undefined,
  GIT_WORK_TREE: undefined,
  GIT_INDEX_FILE: undefined,
  GIT_OBJECT_DIRECTORY: undefined,
  GIT_COMMON_DIR: undefined,
  GIT_NO_LAZY_FETCH: '1',
  GIT_NO_REPLACE_OBJECTS: '1',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_TERMINAL_PROMPT: '0',
  LC_ALL: 'C',
};

/** No program that a repository's configuration names is run. */
const CONFIGURATION = ['-c', 'core.hooksPath=/dev/null', '-c', 'core.fsmonitor=false'];

/** What git answered. */
export interface Answer {
  readonly code: number;
  readonly stdout: Buffer;
  /** The first line of what it said. */
  readonly said: string;
}

/**
 * Asks git, without a shell. An answer over `most` bytes ends it.
 * @param folder where
 * @param input its standard input
 * @throws {UsageError} where there is no git, no such folder, or the answer is too long or takes too long
 */
export async function git(
  folder: string,
  args: readonly string[],
  { most, input = '' }: { readonly most: number; readonly input?: string },
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const child = spawn('git', [...CONFIGURATION, ...args], {
      cwd: folder,
      env: { ...process.env, ...ENVIRONMENT },
      stdio: ['pipe', 'pipe', 'pipe'],
      timeout: PATIENCE,
    });
    const [out, err]: [Buffer[], Buffer[]] = [[], []];
    let bytes = 0;
    const refuse = (message: string, cause?: unknown) => {
      child.kill();
      reject(new UsageError(message, { cause }));
    };
    child.stdout.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > most) refuse(`git ${args[0]} answered more than ${most} bytes: compare with a folder instead`);
      else out.push(chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      if (err.length < 16) err.push(chunk);
    });
    // It may have ended without reading all; what it says tells why.
    child.stdin.on('error', () => undefined);
    child.on('error', (cause: NodeJS.ErrnoException) =>
      refuse(cause.code === 'ENOENT' ? 'no git to ask: install it, or compare with a folder' : cause.message, cause),
    );
    child.on('close', (code, signal) => {
      const [said = ''] = Buffer.concat(err).toString('utf8').split('\n');
      if (signal !== null) refuse(`git ${args[0]} did not answer within ${PATIENCE / 1_000} seconds`);
      else resolve({ code: code ?? 1, stdout: Buffer.concat(out), said });
    });
    child.stdin.end(input);
  });
}
