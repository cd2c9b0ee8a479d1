import { s3Loader } from '../function/sources/objects/s3.ts';
import { AwsProblem, sayingProblems } from './aws/problem.ts';
import { BackfillRun } from './backfill/backfill-run.ts';
import { Bucket } from './backfill/bucket.ts';
import { dryRun } from './backfill/dry-run.ts';
import { historyOf } from './backfill/history.ts';
import { openTarget } from './backfill/open-target.ts';
import { BACKFILL_OPTIONS, type BackfillOptions, backfillOptions } from './backfill/options.ts';
import { count, showProgress } from './backfill/progress.ts';
import type { Selection } from './backfill/selection.ts';
import { type BackfillState, jobOf, NOTHING_DONE, StateFile } from './backfill/state.ts';
import type { Target } from './backfill/target.ts';
import type { Arguments, Command, Io } from './command.ts';
import { interruptible, Pace } from './redrive/run.ts';
import { Journal } from './run/journal.ts';

/** `backfill`: exit 1 when anything is left to do, or there never was anything. */
export const backfillCommand: Command = {
  takesInputs: true,
  options: BACKFILL_OPTIONS,
  async run(args, io) {
    const options = backfillOptions(args);
    const journal = new Journal('trailbell-backfill', io, (line) => io.say(line.trimEnd()));
    return sayingProblems(io, async () => {
      const target = await openTarget(options, args, io, journal);
      const bucket = await Bucket.open(options.selection.bucket);
      if (options.dryRun) {
        const objects = historyOf(bucket, options.selection, new Date());
        if ((await dryRun(io, bucket, s3Loader(), objects, options.target)) > 0) return 0;
        io.say(nothingIn(options.selection));
        return 1;
      }
      return interruptible(io, async (stop) => {
        const isWhole = await runAll(options, args, { io, target, bucket, stop });
        const records = Object.entries(journal.figures).filter(([, amount]) => amount > 0);
        if (records.length > 0) io.say(records.map(([name, amount]) => `${name} ${count(amount)}`).join(', '));
        return isWhole ? 0 : 1;
      });
    });
  },
};

interface Parts {
  readonly io: Io;
  readonly target: Target;
  readonly bucket: Bucket;
  readonly stop: AbortSignal;
}

async function runAll(
  options: BackfillOptions,
  args: Arguments,
  { io, target, bucket, stop }: Parts,
): Promise<boolean> {
  const { selection, rate, concurrency } = options;
  const now = new Date();
  const state = target.inOneGo ? undefined : stateFileOf(options, args);
  const before = (await state?.read()) ?? NOTHING_DONE;
  if (state && before.objects + before.failed.length > 0) io.say(wordsOf(before, state.path));
  const objectsAfter = (key: string | undefined) => historyOf(bucket, selection, now, key);
  const run = new BackfillRun({ io, target, objectsAfter, pace: new Pace(rate), concurrency, stop, state }, before);
  const counted = new Counted();
  const end = process.stderr.isTTY
    ? showProgress(process.stderr, () => ({ done: run.done, failed: run.failed.size, total: counted.total }))
    : () => undefined;
  // A listing of its own, for the time left; where it is refused, so is the run's.
  const counting = process.stderr.isTTY
    ? counted.all(objectsAfter(before.lastKey), before.failed.length, stop).catch((error: unknown) => {
        if (!(error instanceof AwsProblem)) throw error;
      })
    : undefined;
  try {
    const isWhole = await run.run();
    if (!isWhole || run.done + before.objects > 0) return isWhole;
    io.say(nothingIn(selection));
    return false;
  } finally {
    end();
    counted.end();
    await counting;
    const left = run.failed.size === 0 ? '' : `; run the same command again`;
    const file = state === undefined ? '' : ` (${state.path})`;
    const words = `${count(run.done)} object(s) done, ${count(run.failed.size)} failed${left}${run.failed.size > 0 ? file : ''}`;
    if (target.inOneGo) io.say(words);
    else await io.out(`${words}\n`);
  }
}

function nothingIn({ bucket, prefix, from, until, accounts, regions }: Selection): string {
  const isPart = [from, until, accounts, regions].some((part) => part !== undefined);
  const which = isPart ? ' of this time, account and Region' : '';
  return `trailbell: nothing to do: s3://${bucket}/${prefix} holds no CloudTrail log file${which}`;
}

/** Counts ahead of a run. */
class Counted {
  total: number | undefined;
  #isOver = false;

  async all(objects: AsyncIterable<unknown>, before: number, stop: AbortSignal): Promise<void> {
    let total = before;
    for await (const _ of objects) {
      if (this.#isOver || stop.aborted) return;
      total++;
    }
    this.total = total;
  }

  end(): void {
    this.#isOver = true;
  }
}

function stateFileOf({ selection, target, state }: BackfillOptions, { options }: Arguments): StateFile {
  const { queue, alerts, stream, endpoint, prefix, format } = options;
  const job = jobOf({ ...selection, target, queue, alerts, stream, endpoint, prefix, format });
  return new StateFile(state ?? `trailbell-backfill-${job}.json`, job);
}

function wordsOf({ lastKey, objects, failed }: BackfillState, path: string): string {
  const again = failed.length > 0 ? `, ${count(failed.length)} failed one(s) first` : '';
  const after = lastKey === undefined ? '' : ` after ${lastKey}`;
  return `going on${after}: ${count(objects)} object(s) are done${again} (${path})`;
}
