import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { median } from './throughput.ts';

const ROUNDS = 25;

/** Process start to end of `trailbell --help`, in milliseconds: medians, and the median of the ratios of neighbours. */
export interface StartUp {
  /** Help against `node -e 0`. */
  readonly ratio: number;
  readonly helpMs: number;
  readonly emptyMs: number;
}

/** The built command line's help, in a checkout with its look at the sources, against a program that does nothing, in turns. */
export function measureStartUp(root: string): StartUp {
  const help = [join(root, 'cli', 'trailbell.mjs'), '--help'];
  // Builds it, where it is stale.
  elapsed(help);
  const rounds: { readonly help: number; readonly empty: number }[] = [];
  for (let round = -2; round < ROUNDS; round++) {
    const [empty, helped] = [elapsed(['-e', '0']), elapsed(help)];
    if (round >= 0) rounds.push({ help: helped, empty });
  }
  return {
    ratio: median(rounds.map(({ help: helped, empty }) => helped / empty)),
    helpMs: median(rounds.map(({ help: helped }) => helped)),
    emptyMs: median(rounds.map(({ empty }) => empty)),
  };
}

function elapsed(args: readonly string[]): number {
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}: ${stderr}`);
  return performance.now() - start;
}
