import { parseArgs } from 'node:util';
import { TrailbellError } from '../function/core/errors.ts';
import { backfillCommand } from './backfill.ts';
import { buildCommand } from './build.ts';
import { checkCommand } from './check.ts';
import { classifyCommand } from './classify.ts';
import type { Arguments, Command, Io } from './command.ts';
import { demoCommand } from './demo.ts';
import { draftCommand } from './draft.ts';
import { explainCommand } from './explain.ts';
import { indexSetupCommand } from './index-setup.ts';
import { initCommand } from './init.ts';
import { reconcileCommand } from './reconcile.ts';
import { redriveCommand } from './redrive.ts';
import { replayCommand } from './replay.ts';
import { runCommand } from './run.ts';
import { schemaCommand } from './schema.ts';
import { deployCommand, destroyCommand, planCommand } from './terraform.ts';
import { testCommand } from './test.ts';
import { UsageError } from './usage-error.ts';
import { verifyCommand } from './verify.ts';

const COMMANDS: readonly Command[] = [
  demoCommand,
  classifyCommand,
  replayCommand,
  explainCommand,
  draftCommand,
  checkCommand,
  testCommand,
  initCommand,
  planCommand,
  deployCommand,
  verifyCommand,
  redriveCommand,
  reconcileCommand,
  runCommand,
  backfillCommand,
  indexSetupCommand,
  destroyCommand,
  buildCommand,
  schemaCommand,
];

/**
 * Runs one command line. @returns the exit code: 0 fine, 1 problems found, 2 wrong usage
 * @param argv what follows the program's name
 * @param root the package's folder
 */
export async function main(argv: readonly string[], root: string): Promise<number> {
  const io = standardIo(root);
  const [name, ...rest] = argv;
  if (name === undefined) {
    io.say(overview());
    return 2;
  }
  if (name === '--help' || name === '-h' || name === 'help') {
    await io.out(`${overview()}\n`);
    return 0;
  }
  const command = COMMANDS.find((candidate) => candidate.name === name);
  try {
    if (command === undefined) throw new UsageError(`there is no command ${JSON.stringify(name.slice(0, 40))}`);
    const { help, args } = parse(command, rest);
    if (help) {
      await io.out(helpOf(command));
      return 0;
    }
    return await command.run(args, io);
  } catch (error) {
    if (error instanceof UsageError) {
      io.say(`trailbell: ${error.message}`);
      io.say(command ? `usage: trailbell ${command.usage}` : 'trailbell --help lists the commands');
      return 2;
    }
    if (error instanceof TrailbellError) {
      io.say(`trailbell: ${error.message}`);
      return 1;
    }
    throw error;
  }
}

function parse(command: Command, argv: readonly string[]): { help: boolean; args: Arguments } {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      options: { ...command.options, help: { type: 'boolean', short: 'h' } },
      allowPositionals: command.takesInputs,
    });
    return {
      help: values['help'] === true,
      args: { inputs: positionals, options: values as Arguments['options'] },
    };
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

function overview(): string {
  const width = Math.max(...COMMANDS.map(({ name }) => name.length));
  const list = COMMANDS.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`);
  return ['trailbell: severity alerts for AWS CloudTrail', '', ...list, '', 'trailbell COMMAND --help says more.'].join(
    '\n',
  );
}

function helpOf({ usage, summary, details, example }: Command): string {
  return [
    `trailbell ${usage}`,
    '',
    summary,
    '',
    ...(details ? [details, ''] : []),
    `Example: trailbell ${example}`,
    '',
  ].join('\n');
}

function standardIo(root: string): Io {
  // A reader that goes away, as `head` does, ends the work quietly.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  return {
    root,
    async out(text) {
      process.stdout.write(text);
      // A pipe that is full leaves bytes in this process. Of one that broke, the listener above tells: nothing goes on.
      if (process.stdout.writableLength > 0 || process.stdout.errored) {
        await new Promise<void>((resolve) => process.stdout.write('', (error) => error ?? resolve()));
      }
    },
    say(line) {
      process.stderr.write(`${line}\n`);
    },
  };
}
