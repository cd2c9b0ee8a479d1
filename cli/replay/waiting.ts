import type { PolicyDetection } from '../../function/core/policy.ts';
import { reachingHits, readHit } from './count-pass.ts';
import { eachPolicy, type Policies } from './policies.ts';
import type { RatingParts } from './rating.ts';
import { merged, type Placed, type RunsOf, RunWriter } from './runs.ts';
import type { SpillFile } from './spill-file.ts';
import type { Outcome, Place, Spilled } from './spilled.ts';

/** A record that somebody looks at again, found in order of time. */
export interface Waiting extends Placed {
  /** What its verdicts come to, and the thread whose it is; undefined where only a count makes it one. */
  readonly spilled: (Outcome & { readonly payload: Place | null; readonly part: number }) | undefined;
  /** The counts it reaches, and where its text is. */
  readonly fired: readonly Fired[];
}

/** A count that a record reaches. */
export interface Fired {
  readonly policy: number;
  readonly detection: string;
  readonly payload: Place;
  readonly part: number;
}

type Line = Spilled | (Placed & { readonly fired: Fired });

/**
 * All records that wait, in order of time: what threads put on disk, with the counts that records reach.
 * @param own a file for what reaches a count
 */
export function* waitingRecords(policies: Policies, parts: readonly RatingParts[], own: SpillFile): Generator<Waiting> {
  const files = parts.map(({ descriptors, spilled }) => ({ descriptor: descriptors.runs, runs: spilled }));
  const lines = merged([...files, firedRuns(policies, parts, own)], (line, part) => {
    const found: Line = JSON.parse(line);
    return { ...found, part };
  });
  let waiting: Waiting | undefined;
  for (const line of lines) {
    const { time, unit, index } = line;
    const isSame = waiting?.unit === unit && waiting.index === index;
    if (waiting && !isSame) yield waiting;
    const before: Waiting = waiting && isSame ? waiting : { time, unit, index, spilled: undefined, fired: [] };
    waiting = 'fired' in line ? { ...before, fired: [...before.fired, line.fired] } : { ...before, spilled: line };
  }
  if (waiting) yield waiting;
}

/** Counts, under each policy, and puts what reaches a count in order of time. */
function firedRuns(policies: Policies, parts: readonly RatingParts[], own: SpillFile): RunsOf {
  const writer = new RunWriter<Placed & { readonly fired: Fired }>(own);
  for (const [policy, { counted }] of eachPolicy(policies).entries()) {
    const detections = new Map(
      counted.entries.map((detection): [string, PolicyDetection] => [detection.id, detection]),
    );
    const files = parts.map(({ descriptors, hits }) => ({ descriptor: descriptors.runs, runs: hits[policy] ?? [] }));
    const hits = merged(files, (line, part) => ({ ...readHit(line), part }));
    for (const { time, unit, index, detection, payload, part } of reachingHits(hits, detections)) {
      writer.add({ time, unit, index, fired: { policy, detection, payload, part } });
    }
  }
  return { descriptor: own.descriptor, runs: writer.finish() };
}
