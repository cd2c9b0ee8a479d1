import type { Severities } from '../../function/core/severities/model.ts';
import type { ExitCode, Io } from '../command.ts';
import { progress } from '../terminal/progress.ts';
import { InputProblems } from './input-problems.ts';
import { bytesOf, type Step, stepsOf } from './input-units.ts';
import { localRaters, threadRaters } from './raters.ts';
import type { Descriptors, Question, RatingParts } from './rating.ts';
import { openNamelessFiles, SpillFile } from './spill-file.ts';

/** What is rated, and by what. */
export interface RateOptions extends Question {
  /** Files, folders, `s3://` places, or `-`. */
  readonly inputs: readonly string[];
  readonly io: Io;
  readonly current: Severities;
  /** Severities to compare with. */
  readonly proposed: Severities | undefined;
  /** Threads at most. */
  readonly jobs: number;
  /** Unpacked bytes from which on threads are worth their start. @default 32 MB */
  readonly threadsFrom?: number;
}

/** Bytes to rate from which on threads are worth their start. */
const MANY_BYTES = 32 * 1024 * 1024;

/** Every record rated once; what is to be looked at in order of time waits on disk. */
export interface AllRated {
  readonly parts: readonly RatingParts[];
  /** Files for the findings, and for what reaches a count. */
  readonly list: SpillFile;
  readonly own: SpillFile;
  readonly records: number;
  readonly bytes: number;
  readonly jobs: number;
  readonly exitCode: ExitCode;
  close(): void;
}

/** Rates every record of the inputs, in as many threads as there is work for. What cannot be read is said. */
export async function rateAll(options: RateOptions): Promise<AllRated> {
  const { inputs, io, jobs, threadsFrom = MANY_BYTES, current, proposed, selection, timeline } = options;
  const counted = { records: 0, bytes: 0, skipped: 0 };
  let exitCode: ExitCode = 0;
  const shown = progress(io, { label: 'replaying', total: io.statusLine ? await bytesOf(inputs) : undefined });
  const read = (bytes: number, records: number) => {
    counted.bytes += bytes;
    counted.records += records;
    shown.advance(bytes, records);
  };
  const steps = stepsOf({
    names: inputs,
    selection,
    jobs,
    onRead: (bytes) => read(bytes, 0),
    onSkipped: () => counted.skipped++,
  });
  const [first, isAll] = await someOf(steps, threadsFrom);
  const threads = isAll ? 1 : jobs;
  const descriptors = openNamelessFiles(threads * 2 + 2);
  const close = () => {
    for (const descriptor of descriptors) new SpillFile(descriptor).close();
  };
  const [list = 0, own = 0, ...files] = descriptors;
  const pairs = Array.from({ length: threads }, (_, thread): Descriptors => {
    return { runs: files[thread * 2] ?? 0, payloads: files[thread * 2 + 1] ?? 0 };
  });
  const [only] = pairs;
  const data = { current, proposed, question: { selection, timeline } };
  const raters = pairs.length === 1 && only ? localRaters(data, only) : threadRaters(data, pairs);
  const said = new InputProblems((problem) => {
    exitCode = 1;
    io.say(`trailbell: ${problem}`);
  });
  try {
    let number = 0;
    for (const step of first) await go(step, number++);
    if (!isAll) for await (const step of steps) await go(step, number++);
    const parts = await raters.finish();
    if (counted.skipped > 0) io.say(`trailbell: ${counted.skipped} object(s) skipped that hold no records of calls`);
    return { parts, list: new SpillFile(list), own: new SpillFile(own), ...counted, exitCode, jobs: threads, close };
  } catch (error) {
    await raters.stop();
    close();
    throw error;
  } finally {
    shown.end();
  }

  async function go(step: Step, number: number): Promise<void> {
    if (step.kind !== 'unit') {
      said.act(number, step);
      return;
    }
    const { unit } = step;
    await raters.rate(number, unit, (done) => {
      read(done.bytes, done.records);
      said.act(number, { kind: unit.kind, input: unit.input, done });
    });
  }
}

/** The first steps, until they are many bytes. @returns them, and whether they are all there are */
async function someOf(steps: AsyncGenerator<Step>, many: number): Promise<readonly [readonly Step[], boolean]> {
  const first: Step[] = [];
  let weight = 0;
  for (;;) {
    const { value, done } = await steps.next();
    if (done) return [first, true];
    first.push(value);
    weight += value.kind === 'unit' ? value.weight : 0;
    if (weight >= many) return [first, false];
  }
}
