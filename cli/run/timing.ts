import { setTimeout as wait } from 'node:timers/promises';
import { type AwsProblem, awsErrorName } from '../aws/problem.ts';

/** Seconds until a failed message comes back: doubling with its receives from the first to the last, with jitter. */
const COMES_BACK = { first: 10, last: 15 * 60 } as const;

/** Milliseconds to rest after failures, doubling with jitter, so that an output that is down drives no message to its redrive. */
const REST = { first: 1_000, last: 60_000 } as const;

/** Failures one after the other after which a worker rests. */
export const REST_AFTER = 3;

/** Seconds until a message that was received so often, and failed, may be received again. */
export function comesBackIn(receives: number): number {
  return jittered(Math.min(COMES_BACK.last, COMES_BACK.first * 2 ** Math.min(receives - 1, 16)));
}

/** Milliseconds to rest, when the time was doubled so often. */
export function restFor(doubled: number): number {
  return jittered(Math.min(REST.last, REST.first * 2 ** Math.min(doubled, 16)));
}

/** Waits so many milliseconds, or until the signal. */
export async function pause(milliseconds: number, until: AbortSignal): Promise<void> {
  await wait(milliseconds, undefined, { signal: until }).catch((error: unknown) => {
    if (!until.aborted) throw error;
  });
}

/** True for what passes by itself: no answer, trouble on the other side, too much at once. */
export function passes(problem: AwsProblem): boolean {
  if (problem.refusal !== 'other') return problem.refusal === 'unreachable';
  const { $metadata } = (problem.cause ?? {}) as { $metadata?: { httpStatusCode?: number } };
  return ($metadata?.httpStatusCode ?? 500) >= 500 || /Throttl|TooManyRequests|OverLimit/.test(awsErrorName(problem));
}

/** Between half of it and all. */
function jittered(most: number): number {
  return most * (0.5 + Math.random() / 2);
}
