import { expect } from 'vitest';

/** Milliseconds below which a measurement says nothing about growth; squares of such lengths take minutes. */
const TOO_SHORT = 25;

/** How much twice the input may cost, at most: twice, and what a busy machine adds. */
const MOST = 2.5;

/** Measurements before a growth counts as what it looks like: others use the machine as well. */
const TRIES = 6;

/**
 * Expects work to take time in proportion to its input: four times the input, at most 2.5² times the time. What stays under
 * 25 ms even so is fast enough whatever its growth.
 * @param workOn makes the input of a length, outside of the time, and gives the work on it
 */
export function expectLinear(workOn: (length: number) => () => void, length: number): void {
  const [short, long] = [workOn(length), workOn(length * 4)];
  let least = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const took = fastest(long, 2);
    if (took < TOO_SHORT) return;
    least = Math.min(least, took / fastest(short));
    if (least <= MOST ** 2) return;
  }
  expect(least, 'times the time for four times the input').toBeLessThanOrEqual(MOST ** 2);
}

/** The least milliseconds of a few runs: what the work takes where nothing is in its way. */
export function fastest(work: () => void, runs = 3): number {
  let least = Number.POSITIVE_INFINITY;
  for (let run = 0; run < runs; run++) {
    const started = performance.now();
    work();
    least = Math.min(least, performance.now() - started);
  }
  return least;
}
