import { sayingProblems } from './aws/problem.ts';
import type { Command, Io } from './command.ts';
import { interruptible } from './redrive/run.ts';
import { Journal } from './run/journal.ts';
import { MessageQueue } from './run/message-queue.ts';
import { openTaker } from './run/open-taker.ts';
import { RUN_OPTIONS, type RunOptions, runOptions } from './run/options.ts';
import { work } from './run/worker.ts';
import { UsageError } from './usage-error.ts';

/** Milliseconds between two metrics lines. */
const METRICS_EVERY = 60_000;

/** `run`: exit 0 when it was told to stop, 1 when the queue refuses what does not pass by itself. */
export const runCommand: Command = {
  takesInputs: false,
  options: RUN_OPTIONS,
  async run(args, io) {
    const options = runOptions(args);
    if (options.to !== 'alerts' && args.options['outputs'] !== undefined) {
      throw new UsageError('--outputs goes with --to alerts');
    }
    const journal = new Journal('trailbell-run', io, logOf(options, io));
    return sayingProblems(io, async () => {
      const taker = await openTaker(options.to, options.region, args, io, journal);
      const queue = await MessageQueue.open(options.queueUrl, options.region);
      if ((await queue.hasRedrive()) === false) io.say(NO_REDRIVE);
      const telling = setInterval(() => journal.tell(), METRICS_EVERY);
      let abandoned = 0;
      try {
        abandoned = await interruptible(io, (stop) => work({ ...options, queue, taker, journal, stop }));
      } finally {
        clearInterval(telling);
        journal.tell();
      }
      if (abandoned > 0) await endProcess(io);
      return 0;
    });
  },
};

/** What still waits for an output would keep the process for another minute, in which runtimes kill it. */
async function endProcess(io: Io): Promise<never> {
  await Promise.race([io.out(''), new Promise((resolve) => setTimeout(resolve, LAST_WORDS))]);
  process.exit(0);
}

/** Milliseconds for what was written to get out of the process. */
const LAST_WORDS = 1_000;

const NO_REDRIVE =
  'the queue has no redrive policy: a message that always fails comes back until its retention ends, and is then gone';

/** Standard output holds records only, where it holds records. */
function logOf({ to }: RunOptions, io: Io): (line: string) => void {
  if (to === 'stdout') return (line) => io.say(line.trimEnd());
  return (line) => void io.out(line);
}
