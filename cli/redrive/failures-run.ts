import { neutralise } from '../../function/core/neutral.ts';
import { AwsProblem } from '../aws/problem.ts';
import { type FailedInvocation, readFailedInvocation } from './failed-invocation.ts';
import type { FailureBucket, FailureObject } from './failure-bucket.ts';
import type { FunctionInvoker } from './function-invoker.ts';
import { progressOf, REFUSED_IN_A_ROW, type Run } from './run.ts';

/** What a run over the failure bucket needs of a stack. */
export interface FailuresRun extends Run {
  readonly bucket: FailureBucket;
  readonly invoker: FunctionInvoker;
  readonly functionName: string;
  readonly region: string;
  readonly account: string;
  /** Leaves the objects where they are. */
  readonly keep: boolean;
}

/** An invocation with its payload has 6 MB, and what is stored may write a character as six. */
const MAX_OBJECT_BYTES = 40 * 1024 * 1024;

/**
 * Gives the function again what it failed on. An object is deleted only after Lambda took its event, or the function dealt
 * with the whole of its batch; a run that ends anywhere loses nothing.
 * @throws {AwsProblem} when the bucket itself refuses
 */
export async function redriveFailures(run: FailuresRun): Promise<void> {
  const { io, max, stop } = run;
  const tell = progressOf(run);
  let refusedInARow = 0;
  let looked = 0;
  for await (const object of run.bucket.list()) {
    if (stop.aborted || looked++ >= max) return;
    refusedInARow = (await redriveOne(run, object)) === 'refused' ? refusedInARow + 1 : 0;
    tell();
    if (refusedInARow === REFUSED_IN_A_ROW) {
      io.say(`${REFUSED_IN_A_ROW} in a row were refused: mend that first`);
      return;
    }
  }
}

async function redriveOne(run: FailuresRun, object: FailureObject): Promise<'done' | 'refused'> {
  const { io, bucket, invoker, dryRun, keep, pace, stop, outcome } = run;
  const name = neutralise(object.key, 512);
  const read =
    object.bytes > MAX_OBJECT_BYTES
      ? { unreadable: 'it is too large' }
      : readFailedInvocation(await bucket.read(object));
  if ('unreadable' in read) {
    outcome.left++;
    io.say(`${name} is no failed invocation: ${read.unreadable}`);
    return 'done';
  }
  if (!isOurs(run, read)) {
    outcome.left++;
    io.say(`${name} is of the function ${read.functionName} in ${read.account}, ${read.region}`);
    return 'done';
  }
  if (dryRun) {
    outcome.sent++;
    const kind = read.isBatch ? 'a batch' : 'an event';
    await io.out(`${name}  ${object.stored}  ${kind}, ${object.bytes} bytes, ${neutralise(read.condition)}\n`);
    return 'done';
  }
  await pace.next(stop);
  if (stop.aborted) return 'done';
  try {
    await (read.isBatch ? invoker.batch(read.event) : invoker.event(read.event));
  } catch (error) {
    if (!(error instanceof AwsProblem)) throw error;
    outcome.left++;
    io.say(`${name}: ${error.message}`);
    return 'refused';
  }
  outcome.sent++;
  if (!keep) await bucket.delete(object);
  return 'done';
}

function isOurs({ functionName, region, account }: FailuresRun, failed: FailedInvocation): boolean {
  return failed.functionName === functionName && failed.region === region && failed.account === account;
}
