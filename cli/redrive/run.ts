import { setTimeout as wait } from 'node:timers/promises';
import type { Io } from '../command.ts';

/** What became of the things a run looked at. */
export interface Outcome {
  /** Sent, or in a dry run what would be. */
  sent: number;
  /** Sent before by somebody else, so only taken away. */
  sentBefore: number;
  /** Not sent, and left where they are. */
  left: number;
}

/** What every run has: where it speaks, when it must end, and how fast it may go. */
export interface Run {
  readonly io: Io;
  readonly dryRun: boolean;
  readonly max: number;
  readonly pace: Pace;
  /** Aborted when the person wants it to end. */
  readonly stop: AbortSignal;
  readonly outcome: Outcome;
}

/** Milliseconds between two lines of progress. */
const PROGRESS_EVERY = 2_000;

/** Refusals one after the other that make going on pointless. */
export const REFUSED_IN_A_ROW = 5;

/** Spaces what is sent: at most `rate` a second, evenly, so that no burst follows a pause. */
export class Pace {
  readonly rate: number;
  readonly #interval: number;
  #next = 0;

  constructor(rate: number) {
    this.rate = rate;
    this.#interval = 1_000 / rate;
  }

  /** Resolves when the next may go, or at once when the run is to end. */
  async next(stop: AbortSignal): Promise<void> {
    const now = performance.now();
    const at = Math.max(now, this.#next);
    this.#next = at + this.#interval;
    if (at > now) {
      await wait(at - now, undefined, { signal: stop }).catch((error: unknown) => {
        if (!stop.aborted) throw error;
      });
    }
  }
}

/** Runs work that ends in order at Ctrl-C or a SIGTERM; a second one ends the process at once. */
export async function interruptible<T>(io: Io, work: (stop: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const end = () => {
    process.off('SIGINT', end).off('SIGTERM', end);
    io.say('stopping after what is in hand');
    controller.abort();
  };
  process.on('SIGINT', end).on('SIGTERM', end);
  try {
    return await work(controller.signal);
  } finally {
    process.off('SIGINT', end).off('SIGTERM', end);
  }
}

/** Tells every two seconds how far a run is. */
export function progressOf({ io, outcome }: Pick<Run, 'io' | 'outcome'>): () => void {
  let last = performance.now();
  return () => {
    if (performance.now() - last < PROGRESS_EVERY) return;
    last = performance.now();
    io.say(`${wordsOf(outcome, false)} so far`);
  };
}

/** An outcome in words: `sent 3, sent before 1, left 0`. */
export function wordsOf({ sent, sentBefore, left }: Outcome, dryRun: boolean): string {
  return `${dryRun ? 'would send' : 'sent'} ${sent}, sent before ${sentBefore}, left ${left}`;
}
