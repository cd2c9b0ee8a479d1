import type { Policy } from '../../function/core/policy.ts';
import type { InputRecord } from '../input/value-records.ts';
import { type ComparisonReport, changesOf } from './comparison.ts';
import { Concluding } from './conclusion.ts';
import { eachPolicy, type Policies } from './policies.ts';
import { Rating } from './rating.ts';
import { type ReportParts, reportOf } from './report.ts';
import { NO_SELECTION } from './selection.ts';
import { openNamelessFiles, SpillFile } from './spill-file.ts';

const QUESTION = { selection: NO_SELECTION, timeline: undefined };

/** Records that come from a program, replayed in this thread: the same figures as of the same records in files. */
export class Replayed {
  readonly #policies: Policies;
  readonly #descriptors = openNamelessFiles(3);
  readonly #rating: Rating;
  readonly #begun = performance.now();
  #taken = 0;
  #concluding: Concluding | undefined;
  #seconds = 0;

  /** @param proposed severities to compare with */
  constructor(current: Policy, proposed?: Policy) {
    this.#policies = { current, proposed };
    const [runs = 0, payloads = 0] = this.#descriptors;
    this.#rating = new Rating(this.#policies, QUESTION, { runs, payloads });
  }

  /** Rates and counts the next record. */
  take(source: InputRecord): void {
    this.#rating.take(source, 0, this.#taken++);
  }

  /** Looks at what waits, once all input is taken; before there is anything to report. */
  finish(): void {
    const concluding = new Concluding(this.#policies, QUESTION, {
      parts: [this.#rating.finish()],
      own: new SpillFile(this.#descriptors[2] ?? 0),
      findings: undefined,
    });
    for (const _ of concluding.run());
    this.#seconds = (performance.now() - this.#begun) / 1_000;
    this.#parts = eachPolicy(this.#policies).map((_, policy) => concluding.parts(policy, this.#speed()));
    this.#concluding = concluding;
    for (const descriptor of this.#descriptors) new SpillFile(descriptor).close();
  }

  #parts: readonly ReportParts[] = [];

  /** What the report under the current severities is made of. */
  get summary(): ReportParts {
    const [current] = this.#parts;
    if (current === undefined) throw new TypeError('there is no report before the end');
    return current;
  }

  /** What changes, where there are severities to compare with. */
  comparison(): ComparisonReport | undefined {
    const [current, proposed] = this.#parts;
    if (!current || !proposed || !this.#concluding) return undefined;
    return { current: reportOf(current), proposed: reportOf(proposed), changes: changesOf(this.#concluding.changes) };
  }

  #speed() {
    return { seconds: this.#seconds, recordsPerSecond: Math.round(this.#taken / this.#seconds), bytes: 0, jobs: 1 };
  }
}
