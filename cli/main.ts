import { COMMANDS, type CommandWords } from './commands.ts';
import { nearest } from './nearest.ts';

/**
 * Runs one command line. Help loads nothing of the commands: it is there at once. @returns the exit code
 * @param argv what follows the program's name
 * @param root the package's folder
 * @param beforeCommand awaited before a command is loaded
 */
export async function main(
  argv: readonly string[],
  root: string,
  beforeCommand?: () => Promise<void>,
): Promise<number> {
  const [name, ...rest] = argv;
  if (name === undefined) return print(process.stderr, `${overview()}\n`, 2);
  const isHelp = name === 'help' || isHelpFlag(name);
  const about = name === 'help' && rest[0] !== undefined && !isHelpFlag(rest[0]) ? rest[0] : undefined;
  if (isHelp && about === undefined) return print(process.stdout, `${overview()}\n`, 0);
  const asked = about ?? name;
  const words = COMMANDS.find((candidate) => candidate.name === asked);
  if (words === undefined) return print(process.stderr, unknownCommand(asked), 2);
  if (isHelp || asksForHelp(rest)) return print(process.stdout, helpOf(words), 0);
  await beforeCommand?.();
  const { runCommand } = await import('./run-command.ts');
  return runCommand(words, rest, root);
}

/** Resolves when the system has the text, or its reader went away, as `head` does. */
function print(stream: NodeJS.WriteStream, text: string, code: number): Promise<number> {
  return new Promise((resolve, reject) => {
    stream.on('error', (error: NodeJS.ErrnoException) => (error.code === 'EPIPE' ? resolve(code) : reject(error)));
    stream.write(text, () => resolve(code));
  });
}

function unknownCommand(name: string): string {
  const meant = nearest(
    name,
    COMMANDS.map((command) => command.name),
  );
  const advice = meant === undefined ? '' : `; did you mean ${meant}?`;
  return [
    `trailbell: there is no command ${JSON.stringify(name.slice(0, 40))}${advice}`,
    'trailbell --help lists the commands',
    '',
  ].join('\n');
}

// Told before the command is loaded, whatever else the line says.
function asksForHelp(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  return argv.slice(0, end === -1 ? undefined : end).some(isHelpFlag);
}

function isHelpFlag(argument: string): boolean {
  return argument === '--help' || argument === '-h';
}

function overview(): string {
  const width = Math.max(...COMMANDS.map(({ name }) => name.length));
  const list = COMMANDS.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`);
  return ['trailbell: severity alerts for AWS CloudTrail', '', ...list, '', 'trailbell COMMAND --help says more.'].join(
    '\n',
  );
}

function helpOf({ usage, summary, details, example }: CommandWords): string {
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
