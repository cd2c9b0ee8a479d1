import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../cli/commands.ts';
import { argumentsOf, loadCommand } from '../../cli/run-command.ts';
import { UsageError } from '../../cli/usage-error.ts';

/** The words of a command line as a shell takes them, up to the first pipe or redirection. */
function wordsOf(line: string): string[] {
  const words = [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
  const end = words.findIndex((word) => word === '|' || word === '>');
  return end === -1 ? words : words.slice(0, end);
}

describe.each(COMMANDS.map((words) => [words.name, words] as const))('%s', (name, { usage, example, summary }) => {
  it('has an example that it takes', async () => {
    const [first, ...rest] = wordsOf(example);
    expect(first).toBe(name);
    const command = await loadCommand(name);
    const { inputs } = argumentsOf(command, rest);
    if (/^[^[]*(?:…|FILE|SOURCE)/.test(usage) && !usage.includes(' [')) expect(inputs).not.toEqual([]);
  });

  it('has a usage that begins with its name and names every option it takes', async () => {
    expect(usage).toMatch(new RegExp(`^${name}(?: |$)`));
    const { options } = await loadCommand(name);
    const missing = Object.keys(options).filter((option) => !usage.includes(`--${option}`));
    expect(missing).toEqual([]);
  });

  it('has a summary of one line', () => {
    expect(summary).toMatch(/^[^\n]{10,120}$/);
  });

  it('refuses an option it does not have', async () => {
    const command = await loadCommand(name);
    expect(() => argumentsOf(command, ['--no-such-option'])).toThrow(UsageError);
  });
});
