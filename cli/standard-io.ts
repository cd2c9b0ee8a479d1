import type { Io } from './command.ts';
import { paintFor } from './terminal/colour.ts';
import { statusLineOf } from './terminal/status-line.ts';

/**
 * The standard streams of this process. A reader of results that goes away, as `head` does, ends the work quietly; one of
 * messages that goes away is no longer told.
 * @param root the package's folder
 */
export function standardIo(root: string): Io {
  const { stdout, stderr, env } = process;
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  stderr.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  const statusLine = statusLineOf(stderr, env);
  return {
    root,
    statusLine,
    paint: paintFor(stdout, env),
    async out(text) {
      statusLine?.clear();
      stdout.write(text);
      // A pipe that is full leaves bytes in this process. Of one that broke, the listener above tells: nothing goes on.
      if (stdout.writableLength > 0 || stdout.errored) {
        await new Promise<void>((resolve) => stdout.write('', (error) => error ?? resolve()));
      }
    },
    say(line) {
      statusLine?.clear();
      stderr.write(`${line}\n`);
    },
  };
}
