import { buildBundle } from '../support/bundle.ts';
import type { FaultScript } from '../support/fault-proxy.ts';
import { type LoopbackAccount, startAccount } from './account.ts';
import type { Received } from './inbox.ts';
import type { Sample } from './sample.ts';
import { FaultStack, type StackOptions, TOPICS } from './stack.ts';

/**
 * Milliseconds of one invocation, of a deployment's 60,000: two are kept for the answer, five for handing over, and the
 * ledger is asked while there are eight left besides.
 */
const TIMEOUT = 14_000;

/** Stacks open at once: more would only wait for one another's servers. */
const AT_ONCE = 2;

/** The built bundle, an account on loopback, and stacks in it; tells what each fault did in one line. */
export class FaultLab {
  readonly #bundle: Awaited<ReturnType<typeof buildBundle>>;
  readonly #account: LoopbackAccount;
  readonly #stacks: FaultStack[] = [];
  readonly #lines: string[] = [];
  readonly #waiting: (() => void)[] = [];
  #open = 0;

  private constructor(bundle: Awaited<ReturnType<typeof buildBundle>>, account: LoopbackAccount) {
    this.#bundle = bundle;
    this.#account = account;
    account.lambda.answer = ({ path, payload }) => {
      for (const stack of this.#stacks) stack.take(path, payload);
      return { status: 202 };
    };
  }

  /** Builds the bundle and starts the servers. */
  static async open(): Promise<FaultLab> {
    return new FaultLab(await buildBundle(), await startAccount());
  }

  /** Folder of the built function. */
  get taskRoot(): string {
    return this.#bundle.taskRoot;
  }

  /** A stack of its own, with these faults from the start; whoever asked ends it. */
  async stack(script: FaultScript, options: Partial<StackOptions> = {}): Promise<FaultStack> {
    const { taskRoot } = this;
    const name = `stack-${this.#stacks.length}-${Math.random().toString(16).slice(2, 6)}`;
    const stack = await FaultStack.create(this.#account, name, { taskRoot, timeoutMs: TIMEOUT, ...options });
    this.#stacks.push(stack);
    stack.proxy.script = script;
    return stack;
  }

  /** Works with a stack of its own, once there is room for one, and ends it. */
  async run<T>(
    script: FaultScript,
    work: (stack: FaultStack) => Promise<T>,
    options?: Partial<StackOptions>,
  ): Promise<T> {
    if (this.#open === AT_ONCE) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#open++;
    try {
      const stack = await this.stack(script, options);
      return await work(stack).finally(() => stack.close());
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#open--;
    }
  }

  /** Once a fault is over: what is left is redriven, and what subscribers got is counted. */
  async settle(name: string, stack: FaultStack, { records, findings }: Sample): Promise<Received> {
    await stack.redrive();
    await stack.collect();
    const received = stack.inbox.received(
      TOPICS,
      findings.map((eventID) => ({ eventID })),
    );
    this.#lines.push(lineOf(name, records, findings.length, received, stack));
    return received;
  }

  /** @returns a line for each fault */
  async close(): Promise<readonly string[]> {
    await this.#account.close();
    this.#bundle.remove();
    return this.#lines;
  }
}

function lineOf(name: string, records: number, findings: number, received: Received, stack: FaultStack): string {
  const { expected, atLeastOnce, moreThanOnce, repeats, held } = received;
  const slowest = Math.max(0, ...stack.tries.map(({ milliseconds }) => milliseconds));
  return [
    name.padEnd(68),
    `${records} records`,
    `${findings} findings`,
    `${atLeastOnce} of ${expected} at least once${held > 0 ? ` (${held} in a digest)` : ''}`,
    `${moreThanOnce} more than once (${repeats} repeats)`,
    `${stack.tries.length} tries, slowest ${Math.round(slowest)} ms`,
    `${stack.figures['ledgerFailures'] ?? 0} calls without the ledger's answer`,
    `${stack.figures['possiblyRepeated'] ?? 0} said to be maybe repeated`,
  ].join(' | ');
}
