import { parseArgs } from 'node:util';
import { TrailbellError } from '../function/core/errors.ts';
import type { Arguments, Command } from './command.ts';
import type { CommandName, CommandWords } from './commands.ts';
import { standardIo } from './standard-io.ts';
import { endOnInterrupt } from './terminal/interrupts.ts';
import { UsageError } from './usage-error.ts';

/** Where each command is: one loads nothing of the others. */
const FILES: Readonly<Record<CommandName, () => Promise<Command>>> = {
  demo: async () => (await import('./demo.ts')).demoCommand,
  classify: async () => (await import('./classify.ts')).classifyCommand,
  replay: async () => (await import('./replay.ts')).replayCommand,
  suggest: async () => (await import('./suggest.ts')).suggestCommand,
  explain: async () => (await import('./explain.ts')).explainCommand,
  draft: async () => (await import('./draft.ts')).draftCommand,
  check: async () => (await import('./check.ts')).checkCommand,
  test: async () => (await import('./test.ts')).testCommand,
  init: async () => (await import('./init.ts')).initCommand,
  plan: async () => (await import('./terraform.ts')).planCommand,
  deploy: async () => (await import('./terraform.ts')).deployCommand,
  verify: async () => (await import('./verify.ts')).verifyCommand,
  redrive: async () => (await import('./redrive.ts')).redriveCommand,
  reconcile: async () => (await import('./reconcile.ts')).reconcileCommand,
  run: async () => (await import('./run.ts')).runCommand,
  backfill: async () => (await import('./backfill.ts')).backfillCommand,
  'index-setup': async () => (await import('./index-setup.ts')).indexSetupCommand,
  destroy: async () => (await import('./terraform.ts')).destroyCommand,
  build: async () => (await import('./build.ts')).buildCommand,
  schema: async () => (await import('./schema.ts')).schemaCommand,
};

/**
 * Runs a command. @returns the exit code: 0 fine, 1 problems found, 2 wrong usage. A signal ends the process with another,
 * unless the command ends in its own time
 * @param argv what follows the command's name
 * @param root the package's folder
 */
export async function runCommand(
  { name, usage }: CommandWords & { readonly name: CommandName },
  argv: readonly string[],
  root: string,
): Promise<number> {
  const io = standardIo(root);
  endOnInterrupt();
  try {
    const command = await loadCommand(name);
    return await command.run(argumentsOf(command, argv), io);
  } catch (error) {
    if (error instanceof UsageError) {
      io.say(`trailbell: ${error.message}`);
      io.say(`usage: trailbell ${usage}`);
      return 2;
    }
    if (error instanceof TrailbellError) {
      io.say(`trailbell: ${error.message}`);
      return 1;
    }
    throw error;
  } finally {
    io.statusLine?.clear();
  }
}

/** Loads what does the work of a command. */
export function loadCommand(name: CommandName): Promise<Command> {
  return FILES[name]();
}

/** What a command line says after the command's name. @throws {UsageError} for what the command does not take */
export function argumentsOf({ options, takesInputs }: Command, argv: readonly string[]): Arguments {
  try {
    const { values, positionals } = parseArgs({ args: [...argv], options, allowPositionals: takesInputs });
    return { inputs: positionals, options: values as Arguments['options'] };
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}
