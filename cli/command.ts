import { join } from 'node:path';
import type { ParseArgsOptionsConfig } from 'node:util';
import type { Paint } from './terminal/colour.ts';
import type { StatusLine } from './terminal/status-line.ts';

/** Where a command writes: results to standard output, everything else to standard error. */
export interface Io {
  /** The package's folder, which holds the shipped `severities/`. */
  readonly root: string;
  /** Writes results; resolves when the system has them all: what the process was told of stays written if it is killed. */
  out(text: string): Promise<void>;
  /** Writes one line for people. */
  say(line: string): void;
  /** The line that says how far work is; undefined where standard error is no terminal that can redraw one. */
  readonly statusLine?: StatusLine | undefined;
  /** Colours severities in results, where standard output takes colours. */
  readonly paint?: Paint | undefined;
}

/** What the command line said, after the command's name. */
export interface Arguments {
  readonly inputs: readonly string[];
  /** A list is of an option that may be given several times. */
  readonly options: Readonly<Record<string, string | boolean | readonly string[] | undefined>>;
}

/** Exit code: 0 fine, 1 problems found. Wrong usage is thrown as UsageError and becomes 2. */
export type ExitCode = 0 | 1;

/** What a command takes and does. Its words are in `commands.ts`, so that help loads nothing of it. */
export interface Command {
  /** Whether anything may follow that is no option. */
  readonly takesInputs: boolean;
  readonly options: ParseArgsOptionsConfig;
  run(args: Arguments, io: Io): Promise<ExitCode>;
}

/** The option of every command that reads severities. */
export const SEVERITIES_OPTION = { severities: { type: 'string' } } as const satisfies ParseArgsOptionsConfig;

/** The severities folder a command works on: `--severities DIR`, else the shipped one. */
export function severitiesDir({ options }: Arguments, { root }: Io): string {
  const chosen = options['severities'];
  return typeof chosen === 'string' ? chosen : join(root, 'severities');
}
