import { type Caller, whoCalls } from './aws/caller.ts';
import { AwsProblem, sayingProblems } from './aws/problem.ts';
import { type StackOutputs, stackOutputs } from './aws/stack-outputs.ts';
import type { Command } from './command.ts';
import { openFailureBucket } from './redrive/failure-bucket.ts';
import { redriveFailures } from './redrive/failures-run.ts';
import { openFunction } from './redrive/function-invoker.ts';
import { REDRIVE_OPTIONS, type RedriveOptions, redriveOptions } from './redrive/options.ts';
import { PATIENCE } from './redrive/patience.ts';
import { openQueue } from './redrive/queue.ts';
import { redriveQueue } from './redrive/queue-run.ts';
import { interruptible, type Outcome, Pace, type Run, wordsOf } from './redrive/run.ts';
import { openLedger } from './redrive/sent-ledger.ts';

/** `redrive`: exit 1 when anything was left that should have been sent. */
export const redriveCommand: Command = {
  takesInputs: true,
  options: REDRIVE_OPTIONS,
  async run(args, io) {
    const options = redriveOptions(args);
    return sayingProblems(io, async () => {
      const stack = await stackOutputs(io.root, options.outputs);
      const region = stack.operations.split(':')[3] ?? '';
      const caller = await whoCalls(region);
      const outcome: Outcome = { sent: 0, sentBefore: 0, left: 0 };
      const { dryRun, max } = options;
      return interruptible(io, async (stop) => {
        const run: Run = { io, dryRun, max, pace: new Pace(options.rate), stop, outcome };
        try {
          await (options.failures
            ? overFailures(run, options.failures, stack, caller)
            : overQueue(run, options, stack, caller));
        } finally {
          await io.out(`${wordsOf(outcome, dryRun)}\n`);
        }
        return outcome.left > 0 || stop.aborted ? 1 : 0;
      });
    });
  },
};

async function overQueue(run: Run, { queueUrl }: RedriveOptions, stack: StackOutputs, caller: Caller): Promise<void> {
  const { region, account } = caller;
  const url = needed(queueUrl ?? stack.undeliveredQueueUrl, 'undelivered_queue_url', 'give --queue URL');
  const queue = await openQueue(url, region, account);
  run.io.say(`about ${await queue.depth()} undelivered finding(s) wait`);
  const ledger = stack.ledgerTable === undefined ? undefined : await openLedger(stack.ledgerTable, region);
  const { SNSClient } = await import('@aws-sdk/client-sns');
  const sns = new SNSClient({ region, ...PATIENCE });
  await redriveQueue({ ...run, queue, ledger, sns, topics: stack.topics });
}

async function overFailures(
  run: Run,
  { bucket, keep }: NonNullable<RedriveOptions['failures']>,
  stack: StackOutputs,
  { region, account }: Caller,
): Promise<void> {
  const functionName = needed(stack.functionName, 'function_name', 'deploy it again');
  const name = needed(bucket ?? stack.failureBucket, 'failure_bucket', 'name it after --failures');
  await redriveFailures({
    ...run,
    bucket: await openFailureBucket(name, stack.failurePrefix ?? '', region, account),
    invoker: openFunction(functionName, region),
    functionName,
    region,
    account,
    keep,
  });
}

function needed(value: string | undefined, output: string, remedy: string): string {
  if (value === undefined)
    throw new AwsProblem(`the stack's outputs lack ${output}: deploy this version, or ${remedy}`);
  return value;
}
