import { Random } from './random.ts';

/** Inputs of all targets together: `FUZZ_INPUTS`, else what takes half a minute. */
export const INPUTS = Number(process.env['FUZZ_INPUTS'] ?? 30_000);

/** The seed of all inputs: `FUZZ_SEED`, else another at every run. */
export const SEED = Number(process.env['FUZZ_SEED'] ?? Date.now() % 2 ** 31);

/** Milliseconds no single turn may take. */
const LONGEST = 5_000;

/** One target: makes its next inputs and expects of each what it must; gives how many there were. */
export type Target = (random: Random) => number | Promise<number>;

/**
 * Runs a target until it had so many inputs, then says how many and how fast.
 * @throws where the target does, naming the seed and the turn that give the same inputs again
 */
export async function fuzz(name: string, inputs: number, target: Target): Promise<number> {
  const started = performance.now();
  let done = 0;
  let slowest = 0;
  for (let turn = 0; done < inputs; turn++) {
    const begun = performance.now();
    try {
      done += await target(new Random(Math.imul(SEED, 31) + turn));
    } catch (cause) {
      throw new Error(`${name}: FUZZ_SEED=${SEED}, turn ${turn}: ${cause instanceof Error ? cause.message : cause}`, {
        cause,
      });
    }
    const took = performance.now() - begun;
    if (took > LONGEST) throw new Error(`${name}: FUZZ_SEED=${SEED}, turn ${turn} took ${Math.round(took)} ms`);
    slowest = Math.max(slowest, took);
  }
  const seconds = (performance.now() - started) / 1000;
  process.stdout.write(
    `fuzz ${name}: ${done} inputs, ${Math.round(done / seconds)}/s, slowest turn ${Math.round(slowest)} ms, FUZZ_SEED=${SEED}\n`,
  );
  return done;
}
