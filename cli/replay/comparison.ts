import type { Policy } from '../../function/core/policy.ts';
import { SEVERITIES } from '../../function/core/severity.ts';
import type { Verdict } from '../../function/core/verdict.ts';
import type { InputRecord } from '../input/records.ts';
import { type Change, type ChangeGroup, Changes } from './changes.ts';
import { Replayed } from './replayed.ts';
import { type Report, reportOf } from './report.ts';

/** What an edit changes, as plain data: what `--json` prints, and all the terminal shows. */
export interface ComparisonReport {
  readonly current: Report;
  readonly proposed: Report;
  readonly changes: Readonly<Record<Change, ChangeReport>>;
}

/** The records of one kind of change. `groups`: severest first, then largest; the rarest are left out of very many. */
export interface ChangeReport {
  readonly records: number;
  readonly groups: readonly (ChangeGroup & { readonly records: number })[];
}

/** All records of the inputs under two policies, and where these differ. */
export class Comparison {
  readonly #current: Replayed;
  readonly #proposed: Replayed;
  readonly #changes: Changes;
  /** Records that wait in one policy or both, with the verdict there is. */
  readonly #waiting = new Map<InputRecord, { current?: Verdict; proposed?: Verdict }>();

  constructor(current: Policy, proposed: Policy) {
    this.#current = new Replayed(current);
    this.#proposed = new Replayed(proposed);
    this.#changes = new Changes(current, proposed);
  }

  /** Rates the next record under both. */
  take(source: InputRecord): void {
    const current = this.#current.take(source);
    const proposed = this.#proposed.take(source);
    if (current && proposed) this.#changes.add({ source, current, proposed });
    else this.#waiting.set(source, { ...(current && { current }), ...(proposed && { proposed }) });
  }

  /** The report, once all input is taken. */
  finish(): ComparisonReport {
    this.#current.finish((source, current) => this.#tell(source, { current }));
    this.#proposed.finish((source, proposed) => this.#tell(source, { proposed }));
    for (const [source, { current, proposed }] of this.#waiting) {
      if (current && proposed) this.#changes.add({ source, current, proposed });
    }
    return {
      current: reportOf(this.#current.summary),
      proposed: reportOf(this.#proposed.summary),
      changes: {
        new: this.#reportOf('new'),
        lost: this.#reportOf('lost'),
        louder: this.#reportOf('louder'),
        quieter: this.#reportOf('quieter'),
        unpublished: this.#reportOf('unpublished'),
      },
    };
  }

  #reportOf(change: Change): ChangeReport {
    const groups = this.#changes.groups[change].top().map(({ of, records }) => ({ records, ...of }));
    return { records: this.#changes.records[change], groups: groups.sort((a, b) => rankOf(b) - rankOf(a)) };
  }

  #tell(source: InputRecord, verdict: { current: Verdict } | { proposed: Verdict }): void {
    this.#waiting.set(source, { ...this.#waiting.get(source), ...verdict });
  }
}

/** The louder of a group's two severities: a lost critical finding is as much to look at as a new one. */
function rankOf({ current, proposed }: ChangeGroup): number {
  const ranks = [current, proposed].map(({ severity }) => (severity === null ? -1 : SEVERITIES.indexOf(severity)));
  return Math.max(...ranks);
}
