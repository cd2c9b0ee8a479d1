import { join } from 'node:path';
import type { ParseArgsOptionsConfig } from 'node:util';

/** Where a command writes: results to standard output, everything else to standard error. */
export interface Io {
  /** The package's folder, which holds the shipped `severities/`. */
  readonly root: string;
  /** Writes results; resolves when the system has them all: what the process was told of stays written if it is killed. */
  out(text: string): Promise<void>;
  /** Writes one line for people. */
  say(line: string): void;
}

/** What the command line said, after the command's name. */
export interface Arguments {
  readonly inputs: readonly string[];
  /** A list is of an option that may be given several times. */
  readonly options: Readonly<Record<string, string | boolean | readonly string[] | undefined>>;
}

/** Exit code: 0 fine, 1 problems found. Wrong usage is thrown as UsageError and becomes 2. */
export type ExitCode = 0 | 1;

/** One command of the command line. */
export interface Command {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  readonly usage: string;
  /** What the help of the command adds to the summary. */
  readonly details?: string;
  /** One real example, without the program's name. */
  readonly example: string;
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
