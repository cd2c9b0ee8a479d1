import type { Deadline } from '../sink.ts';

/**
 * Milliseconds that may be spent waiting, and never past a deadline. Calls side by side cost what one of them costs: only
 * time in which at least one is open is counted.
 */
export class Budget {
  readonly #total: number;
  readonly #deadline: Deadline;
  #spent = 0;
  #open = 0;
  #since = 0;

  /** Milliseconds one attempt may take of it. */
  readonly longest: number;

  constructor(milliseconds: number, deadline: Deadline, longest = Number.POSITIVE_INFINITY) {
    this.#total = milliseconds;
    this.longest = longest;
    this.#deadline = deadline;
  }

  /** Milliseconds left; zero or less when nothing more should be waited for. */
  remaining(): number {
    const left = this.#total - this.#spent - (this.#open > 0 ? performance.now() - this.#since : 0);
    return Math.min(left, this.#deadline.remaining());
  }

  /** Counts the time until `work` settles. */
  async spend<T>(work: () => Promise<T>): Promise<T> {
    if (this.#open++ === 0) this.#since = performance.now();
    try {
      return await work();
    } finally {
      if (--this.#open === 0) this.#spent += performance.now() - this.#since;
    }
  }
}
