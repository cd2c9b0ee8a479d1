import { SeveritiesError } from '../../function/core/severities/problem.ts';
import type { ExitCode, Io } from '../command.ts';
import { eachInput } from '../input/inputs.ts';
import { recordsOf } from '../input/records.ts';
import { readSeverities } from '../severities-folder.ts';
import { progress } from '../terminal/progress.ts';
import { CHANGES } from './changes.ts';
import type { ComparisonReport } from './comparison.ts';
import { changesText } from './comparison-text.ts';
import type { ReplayChoice } from './options.ts';
import { Replayed } from './replayed.ts';
import { compileSelection } from './selection.ts';
import { severitiesChanges } from './severities-changes.ts';
import { openNamelessFiles, SpillFile } from './spill-file.ts';
import { type Rules, rulesOf, touchedOf } from './touched-calls.ts';
import { MAX_WATCHED, WatchedHistory } from './watched-history.ts';

/**
 * `replay --watch`: keeps a history unpacked, and says at every save of a severities folder what changed on it, until it
 * is interrupted. Only records of calls that an edit touches are rated anew.
 * @returns 1 when an input could not be read, which was said
 * @throws {SeveritiesError} when the folder does not load at the start
 */
export async function watchSeverities(
  { inputs, selection }: Pick<ReplayChoice, 'inputs' | 'selection'>,
  dir: string,
  io: Io,
  stop: AbortSignal = interrupted(),
): Promise<ExitCode> {
  const start = rulesOf(await readSeverities(dir));
  const [descriptor = 0] = openNamelessFiles(1);
  const file = new SpillFile(descriptor);
  try {
    const history = new WatchedHistory(file);
    const selects = compileSelection(selection);
    const shown = progress(io, { label: 'unpacking' });
    const exitCode = await eachInput(inputs, io, async (input) => {
      for await (const source of recordsOf(input)) {
        if (stop.aborted) return;
        if (selects === undefined || selects(source.read)) history.add(source);
        shown.advance(0, 1);
      }
    });
    history.flush();
    shown.end();
    if (history.left > 0) io.say(`trailbell: only the first ${MAX_WATCHED} records are watched`);
    const all = new Set(history.calls());
    const { report } = compared(history, all, start, start);
    await io.out(
      `${history.records} record(s), ${report.published} finding(s). Watching ${dir}: edit, save, and see; Ctrl-C ends.\n`,
    );
    let last = start;
    for await (const _ of severitiesChanges(dir, stop)) {
      const next = await rulesIfSound(dir, io);
      if (next === undefined || next.severities.policyVersion === last.severities.policyVersion) continue;
      await io.out(turnText(history, { start, last, next }, report.published));
      last = next;
    }
    return exitCode;
  } finally {
    file.close();
  }
}

interface Turn {
  readonly start: Rules;
  readonly last: Rules;
  readonly next: Rules;
}

function turnText(history: WatchedHistory, { start, last, next }: Turn, published: number): string {
  const begun = performance.now();
  const calls = history.calls();
  const sinceStart = compared(history, touchedOf(start, next, calls), start, next);
  const sinceLast = last === start ? sinceStart : compared(history, touchedOf(last, next, calls), last, next);
  const seconds = ((performance.now() - begun) / 1_000).toFixed(2);
  const took = `${sinceStart.rated} of ${history.records} record(s) rated in ${seconds} s`;
  return [
    '',
    `Saved: severities ${next.severities.policyVersion}, ${took}`,
    `Findings: ${published} -> ${published + sinceStart.changes.new.records - sinceStart.changes.lost.records}`,
    `Since the last save: ${countsText(sinceLast.changes)}`,
    `Since the start: ${countsText(sinceStart.changes)}`,
    ...changesText(sinceStart.changes),
    '',
  ].join('\n');
}

function countsText(changes: ComparisonReport['changes']): string {
  const counts = CHANGES.map((change) => `${changes[change].records} ${change}`);
  return Object.values(changes).every(({ records }) => records === 0) ? 'nothing changes' : counts.join(', ');
}

function compared(history: WatchedHistory, calls: ReturnType<typeof touchedOf>, from: Rules, to: Rules) {
  const replayed = new Replayed(from.policy, to.policy);
  for (const source of history.of(calls)) replayed.take(source);
  replayed.finish();
  const comparison = replayed.comparison();
  if (comparison === undefined) throw new TypeError('there are two policies');
  return { changes: comparison.changes, report: comparison.current, rated: comparison.current.received };
}

/** The severities as they were saved; undefined, and said, while they do not load. */
async function rulesIfSound(dir: string, io: Io): Promise<Rules | undefined> {
  try {
    return rulesOf(await readSeverities(dir));
  } catch (error) {
    if (!(error instanceof SeveritiesError)) throw error;
    io.say(`trailbell: ${error.message}`);
    io.say('trailbell: still as at the last save that was sound');
    return undefined;
  }
}

/** Aborted by the first Ctrl-C or SIGTERM. */
function interrupted(): AbortSignal {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  return stop.signal;
}
