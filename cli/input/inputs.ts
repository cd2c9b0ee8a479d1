import type { ExitCode, Io } from '../command.ts';
import { listInputs } from './files.ts';
import { InputError } from './input-error.ts';

/**
 * Runs `each` on every input a command line names, in order. An input that cannot be read is said on standard error and
 * the others go on; the exit code is then 1.
 */
export async function eachInput(
  names: readonly string[],
  io: Io,
  each: (input: string) => Promise<void>,
): Promise<ExitCode> {
  let exitCode: ExitCode = 0;
  const orReport = async (work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      io.say(`trailbell: ${error.message}`);
      exitCode = 1;
    }
  };
  for (const name of names) {
    await orReport(async () => {
      for (const input of await listInputs([name])) await orReport(() => each(input));
    });
  }
  return exitCode;
}
