import type { BatchAnswer, LineAnswer } from '../core/indexing/answer.ts';
import type { Output, OutputLine } from './output.ts';
import type { Deadline } from './sink.ts';

/** What became of a line: the output has it, had it before, refuses it for good; or it is left for another try. */
export type LineFate =
  | { readonly kind: 'taken' | 'repeated' }
  | { readonly kind: 'refused' | 'left'; readonly reason: string };

/** Told once of every line. */
export type OnFate<T> = (line: T, fate: LineFate) => void;

/** Figures of a delivery. */
export interface Requests {
  /** Requests sent. */
  sent: number;
  /** Of these, those that sent something another time. */
  retried: number;
}

/** Requests on their way at once: while one waits the other is made. */
const AT_ONCE = 2;

/** How often a line is sent at most. */
const MAX_ATTEMPTS = 8;

/** Back-off between attempts, in milliseconds: doubling from the first to the last, with full jitter. */
const BACKOFF = { first: 200, last: 15_000 } as const;

/**
 * Takes lines, sends them in batches within an output's limits and tells what became of each, in any order. What may be
 * taken later is sent again with back-off, and only that; a batch that is too large, or refused for one line's sake, in
 * halves. Nothing is tried for ever: after eight attempts, or at the deadline, a line is left. Once the output says that
 * it takes nothing until its settings change, all that follows is left without asking.
 */
export class BatchDelivery<T extends OutputLine> {
  readonly requests: Requests = { sent: 0, retried: 0 };
  readonly #output: Output;
  readonly #deadline: Deadline;
  readonly #onFate: OnFate<T>;
  readonly #pace: number;
  readonly #onTheWay = new Set<Promise<void>>();
  #gathered: T[] = [];
  #bytes = 0;
  #closed: string | undefined;
  #failure: { readonly cause: unknown } | undefined;

  /** @param pace what back-off is multiplied with; 0 in tests that do not wait. @default 1 */
  constructor(output: Output, deadline: Deadline, onFate: OnFate<T>, pace = 1) {
    this.#output = output;
    this.#deadline = deadline;
    this.#onFate = onFate;
    this.#pace = pace;
  }

  /** Takes a line; resolves when there is room for another. */
  async accept(line: T): Promise<void> {
    const bytes = Buffer.byteLength(line.text);
    const { maxBytes, maxLines } = this.#output;
    if (this.#gathered.length > 0 && (this.#gathered.length >= maxLines || this.#bytes + bytes > maxBytes)) {
      await this.#start();
    }
    this.#gathered.push(line);
    this.#bytes += bytes;
  }

  /** Sends what is gathered; resolves when everything has its fate. */
  async settle(): Promise<void> {
    if (this.#gathered.length > 0) await this.#start();
    await Promise.all(this.#onTheWay);
    if (this.#failure) throw this.#failure.cause;
  }

  async #start(): Promise<void> {
    const batch = this.#gathered;
    this.#gathered = [];
    this.#bytes = 0;
    while (this.#onTheWay.size >= AT_ONCE) await Promise.race(this.#onTheWay);
    if (this.#failure) throw this.#failure.cause;
    const sending: Promise<void> = this.#deliver(batch)
      .catch((cause: unknown) => {
        this.#failure ??= { cause };
      })
      .finally(() => this.#onTheWay.delete(sending));
    this.#onTheWay.add(sending);
  }

  async #deliver(batch: readonly T[]): Promise<void> {
    let waiting = batch;
    for (let attempt = 1; ; attempt++) {
      const again = await this.#send(waiting, attempt > 1);
      const [first] = again;
      if (first === undefined) return;
      const pause = this.#pace * Math.random() * Math.min(BACKOFF.last, BACKOFF.first * 2 ** (attempt - 1));
      if (attempt === MAX_ATTEMPTS || this.#deadline.remaining() <= pause) {
        for (const { line, reason } of again) this.#onFate(line, { kind: 'left', reason });
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, pause));
      waiting = again.map(({ line }) => line);
    }
  }

  /** @returns the lines to be sent again */
  async #send(batch: readonly T[], isRetry: boolean): Promise<{ readonly line: T; readonly reason: string }[]> {
    const answer = await this.#ask(batch, isRetry);
    if (answer.kind === 'split' && batch.length > 1) {
      const middle = Math.ceil(batch.length / 2);
      await this.#deliver(batch.slice(0, middle));
      await this.#deliver(batch.slice(middle));
      return [];
    }
    const again: { line: T; reason: string }[] = [];
    for (const [index, line] of batch.entries()) {
      const said = answerFor(answer, index);
      if (said.kind === 'again') again.push({ line, reason: said.reason });
      else if (said.kind === 'closed') this.#onFate(line, { kind: 'left', reason: said.reason });
      else this.#onFate(line, said);
    }
    return again;
  }

  async #ask(batch: readonly T[], isRetry: boolean): Promise<BatchAnswer> {
    if (this.#closed !== undefined) return { kind: 'closed', reason: this.#closed };
    this.requests.sent++;
    if (isRetry) this.requests.retried++;
    const body = Buffer.from(batch.map(({ text }) => text).join(''));
    const answer = await this.#output.post(body, batch.length, this.#deadline);
    if (answer.kind === 'closed') this.#closed = answer.reason;
    return answer;
  }
}

function answerFor(answer: BatchAnswer, index: number): LineAnswer {
  switch (answer.kind) {
    case 'lines':
      return answer.lines[index] ?? { kind: 'again', reason: 'no answer for this line' };
    case 'split':
      return { kind: 'refused', reason: answer.reason };
    default:
      return answer;
  }
}
