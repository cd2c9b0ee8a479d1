import { expect, test } from 'vitest';
import { fuzz, INPUTS } from './fuzzing.ts';
import { decode, parse, pattern, render } from './targets.ts';

/** Milliseconds an input may take on a slow and busy machine, all in all. */
const PER_INPUT = 20;

// Shares of all inputs; unpacking and rendering take longest.
test.each([
  ['decode', 0.1, decode],
  ['parse', 0.4, parse],
  ['pattern', 0.4, pattern],
  ['render', 0.1, render],
] as const)(
  '%s neither throws, hangs nor miscounts, whatever it is given',
  async (name, share, target) => {
    const inputs = Math.ceil(INPUTS * share);
    expect(await fuzz(name, inputs, target)).toBeGreaterThanOrEqual(inputs);
  },
  60_000 + INPUTS * PER_INPUT,
);
