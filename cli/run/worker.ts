import { neutralise } from '../../function/core/neutral.ts';
import type { Deadline } from '../../function/sinks/sink.ts';
import { AwsProblem } from '../aws/problem.ts';
import { HeartBeat } from './heart-beat.ts';
import type { Journal } from './journal.ts';
import type { Message, MessageQueue } from './message-queue.ts';
import type { Taker } from './taker.ts';
import { comesBackIn, passes, pause, REST_AFTER, restFor } from './timing.ts';

/** What a worker works with. */
export interface Work {
  readonly queue: MessageQueue;
  readonly taker: Taker;
  readonly journal: Journal;
  /** Leaves messages in the queue. */
  readonly keep: boolean;
  /** Messages in work at once. */
  readonly concurrency: number;
  readonly hiddenSeconds: number;
  /** Aborted when the worker is to end. */
  readonly stop: AbortSignal;
  /** Milliseconds that what is in hand has when the worker is to end. @default 20,000: runtimes kill after thirty seconds */
  readonly grace?: number;
  /** What waiting after failures is multiplied with. @default 1 */
  readonly pace?: number;
}

/** Milliseconds that one message may take at most, and see `grace`; what is not done by then is tried again. */
const [LONGEST, GRACE] = [15 * 60_000, 20_000];

/** Messages that `keep` holds at most: SQS hides 120,000 of a queue from all its readers. */
const MAX_KEPT = 10_000;

/**
 * Takes messages of a queue until it is told to stop. A message is deleted only when everything it names has its fate: one
 * that fails comes back later, with its receives counted, until the queue's own redrive takes it. However the process
 * ends, a message in hand comes back when its time is up. With `keep` a message is looked at once, stays hidden while the
 * worker runs, and is given back at the end.
 * @returns how many messages were given back while something still worked on them, such as an output that does not answer
 * @throws {AwsProblem} when the queue refuses what does not pass by itself
 */
export async function work(options: Work): Promise<number> {
  const worker = new Worker(options);
  try {
    await worker.poll();
    return await worker.finish();
  } finally {
    await worker.close();
  }
}

class Worker {
  readonly #work: Work;
  readonly #heart: HeartBeat;
  readonly #inHand = new Set<Promise<void>>();
  readonly #seen = new Set<string>();
  #problem: unknown;
  #endsAt = Number.POSITIVE_INFINITY;
  #failedInARow = 0;
  #end: () => void = () => undefined;
  readonly #ending = new Promise<void>((resolve) => {
    this.#end = resolve;
  });

  constructor(options: Work) {
    this.#work = options;
    const { queue, hiddenSeconds, journal, stop } = options;
    this.#heart = new HeartBeat(queue, hiddenSeconds, journal, (problem) => this.#fail(problem));
    if (stop.aborted) this.#endSoon();
    else stop.addEventListener('abort', () => this.#endSoon(), { once: true });
  }

  async poll(): Promise<void> {
    const { queue, concurrency, hiddenSeconds } = this.#work;
    let refusals = 0;
    while (!this.#isEnding()) {
      if (this.#seen.size >= MAX_KEPT) {
        this.#work.journal.logger.warn({ code: 'holds_no_more', kept: this.#seen.size });
        return;
      }
      if (this.#inHand.size >= concurrency) {
        await Promise.race([...this.#inHand, this.#ending]);
        continue;
      }
      if (this.#failedInARow >= REST_AFTER) await this.#rest(this.#failedInARow - REST_AFTER);
      if (this.#isEnding()) return;
      try {
        const messages = await queue.receive(concurrency - this.#inHand.size, hiddenSeconds);
        refusals = 0;
        for (const message of messages) this.#start(message);
      } catch (error) {
        if (!(error instanceof AwsProblem) || !passes(error)) return this.#fail(error);
        this.#work.journal.logger.warn({ code: 'queue_not_available', why: error.message });
        await this.#rest(refusals++);
      }
    }
  }

  /** Waits for what is in hand, as long as it has. @returns how many are not done then */
  async finish(): Promise<number> {
    const all = Promise.all(this.#inHand);
    if (this.#isEnding()) {
      const timer = new AbortController();
      const late = pause(Math.max(0, this.#endsAt - performance.now()), timer.signal);
      await Promise.race([all, late]);
      timer.abort();
    } else await all;
    if (this.#problem !== undefined) throw this.#problem;
    return this.#inHand.size;
  }

  close(): Promise<void> {
    return this.#heart.end();
  }

  #isEnding(): boolean {
    return this.#work.stop.aborted || this.#problem !== undefined;
  }

  #fail(problem: unknown): void {
    this.#problem ??= problem;
    this.#endSoon();
  }

  #endSoon(): void {
    this.#endsAt = Math.min(this.#endsAt, performance.now() + (this.#work.grace ?? GRACE));
    this.#end();
  }

  #start(message: Message): void {
    this.#heart.hold(message);
    this.#work.journal.add('messagesReceived');
    // What was kept before comes back when hiding it failed, and is not looked at again.
    if (this.#seen.has(message.id)) return;
    const handling: Promise<void> = this.#handle(message)
      .catch((error: unknown) => this.#fail(error))
      .finally(() => this.#inHand.delete(handling));
    this.#inHand.add(handling);
  }

  async #handle(message: Message): Promise<void> {
    const { queue, taker, journal, keep, stop } = this.#work;
    // Left held: the end gives it back.
    if (stop.aborted) return;
    if (!(await this.#isDone(taker, message))) {
      if (this.#isEnding()) return;
      this.#failedInARow++;
      this.#heart.drop(message);
      journal.add('messagesReturned');
      await this.#orWarn('not_given_back', message, () =>
        queue.hide([message], Math.round(this.#pace * comesBackIn(message.receives))),
      );
      return;
    }
    this.#failedInARow = 0;
    if (keep) {
      this.#seen.add(message.id);
      journal.add('messagesKept');
      return;
    }
    // Hidden until it is gone, however slow SQS is.
    if (await this.#orWarn('not_deleted', message, () => queue.delete(message))) journal.add('messagesDeleted');
    this.#heart.drop(message);
  }

  async #isDone(taker: Taker, { id, body }: Message): Promise<boolean> {
    const end = performance.now() + LONGEST;
    const deadline: Deadline = { remaining: () => Math.min(end, this.#endsAt) - performance.now() };
    try {
      return await taker.take({ id, body }, deadline);
    } catch (error) {
      const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'unexpected';
      const why = { name, why: neutralise(message, 500), ...(code === 'unexpected' && { stack }) };
      this.#work.journal.logger.error({ code, item: neutralise(id, 128), ...why });
      return false;
    }
  }

  /** A refusal that passes costs a repeat; another ends the worker. */
  async #orWarn(code: string, { id }: Message, call: () => Promise<unknown>): Promise<boolean> {
    try {
      await call();
      return true;
    } catch (error) {
      if (!(error instanceof AwsProblem)) throw error;
      if (error.refusal === 'denied' || error.refusal === 'no credentials') this.#fail(error);
      this.#work.journal.logger.warn({ code, item: neutralise(id, 128), why: error.message });
      return false;
    }
  }

  #rest(doubled: number): Promise<void> {
    return pause(this.#pace * restFor(doubled), this.#work.stop);
  }

  get #pace(): number {
    return this.#work.pace ?? 1;
  }
}
