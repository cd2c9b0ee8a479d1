import { classify } from '../function/core/classify.ts';
import { type CountedMatch, Counts, countedMatches } from '../function/core/counting.ts';
import type { Policy } from '../function/core/policy.ts';
import type { Verdict } from '../function/core/verdict.ts';
import type { InputRecord } from './input/records.ts';

const NO_MATCH: readonly CountedMatch[] = [];

/**
 * Classifies all records of the inputs, counted detections included. What waits for a count is held in memory; it is a
 * small part of any real trail.
 */
export class WholeInput {
  readonly #policy: Policy;
  readonly #counts = new Counts();
  readonly #waiting = new Map<number, InputRecord>();
  #taken = 0;

  constructor(policy: Policy) {
    this.#policy = policy;
  }

  /** The verdict on the next record; undefined where counts decide, which `finish` then tells. */
  take(source: InputRecord): Verdict | undefined {
    const position = this.#taken++;
    const matches = 'unreadable' in source.read ? NO_MATCH : countedMatches(this.#policy, source.read);
    if (matches.length === 0) return classify(this.#policy, source.read);
    this.#counts.add(position, matches);
    this.#waiting.set(position, source);
    return undefined;
  }

  /** The records that waited, in their order, once all input is taken. */
  *finish(): Iterable<readonly [InputRecord, Verdict]> {
    const firing = this.#counts.firing();
    for (const [position, source] of this.#waiting) {
      yield [source, classify(this.#policy, source.read, firing.get(position))];
    }
  }
}
