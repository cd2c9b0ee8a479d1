import { classify } from '../../function/core/classify.ts';
import type { QueryPlace } from '../../function/core/console-links.ts';
import type { Policy } from '../../function/core/policy.ts';
import type { SourceRecord } from '../../function/core/record.ts';
import type { TeamInterests } from '../../function/core/teams.ts';
import type { Verdict } from '../../function/core/verdict.ts';
import { type Accepted, acceptedOf } from '../../function/sinks/accepted.ts';
import { WholeInput } from '../whole-input.ts';

/** A finding of the history. */
export interface HistoryFinding extends Accepted {
  /**
   * True when only a count makes it one. Which record reaches a count depends on what came before: the function may have
   * told of it with another one.
   */
  readonly isByCount: boolean;
}

/** What the severities make of a history: every finding once, whatever repeats there are. */
export class HistoryFindings {
  records = 0;
  /** Records that could not be read; the function tells `operations` of them. */
  rejected = 0;
  readonly #policy: Policy;
  readonly #teams: readonly TeamInterests[];
  readonly #place: QueryPlace | undefined;
  readonly #whole: WholeInput;
  readonly #found = new Map<string, HistoryFinding>();

  /** @param place where the records can be queried, when it is known */
  constructor(policy: Policy, teams: readonly TeamInterests[], place: QueryPlace | undefined) {
    this.#policy = policy;
    this.#teams = teams;
    this.#place = place;
    this.#whole = new WholeInput(policy);
  }

  /** Takes the next record. */
  take({ read, position, raw }: SourceRecord): void {
    this.records++;
    const source = { read, position, raw, place: this.#place };
    const verdict = this.#whole.take(source);
    if (verdict !== undefined) this.#judge(source, verdict, false);
  }

  /** Every finding, once all records are taken. */
  finish(): readonly HistoryFinding[] {
    for (const [source, verdict] of this.#whole.finish()) {
      this.#judge(source, verdict, classify(this.#policy, source.read).action !== 'publish');
    }
    return [...this.#found.values()];
  }

  #judge(source: SourceRecord, verdict: Verdict, isByCount: boolean): void {
    if (verdict.action === 'reject') this.rejected++;
    const accepted = acceptedOf(this.#policy, this.#teams, { source, verdict, place: this.#place });
    if (accepted !== undefined && !this.#found.has(accepted.dedupKey)) {
      this.#found.set(accepted.dedupKey, { ...accepted, isByCount });
    }
  }
}
