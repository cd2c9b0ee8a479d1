import type { Policy } from '../../function/core/policy.ts';
import type { Verdict } from '../../function/core/verdict.ts';
import type { InputRecord } from '../input/records.ts';
import { WholeInput } from '../whole-input.ts';
import { Summary } from './summary.ts';

/** All records of the inputs under one policy. */
export class Replayed {
  readonly summary: Summary;
  readonly #whole: WholeInput;

  constructor(policy: Policy) {
    this.summary = new Summary(policy);
    this.#whole = new WholeInput(policy);
  }

  /** Rates and counts the next record; undefined where its verdict waits for the end of the inputs. */
  take(source: InputRecord): Verdict | undefined {
    const verdict = this.#whole.take(source);
    if (verdict !== undefined) this.summary.add(source, verdict);
    return verdict;
  }

  /** Counts the records whose verdicts waited, and tells `each` of them, once all input is taken. */
  finish(each: (source: InputRecord, verdict: Verdict) => void = () => undefined): void {
    for (const [source, verdict] of this.#whole.finish()) {
      this.summary.add(source, verdict);
      each(source, verdict);
    }
  }
}
