import type { QueryPlace } from '../core/console-links.ts';
import type { SourceRecord } from '../core/record.ts';
import type { Verdict } from '../core/verdict.ts';

/** A record with its verdict, on its way to the sinks. */
export interface Classified {
  readonly source: SourceRecord;
  readonly verdict: Verdict;
  readonly place: QueryPlace | undefined;
}

/** Tells how long work may still take. */
export interface Deadline {
  /** Milliseconds until no new work should start; negative when that is past. */
  remaining(): number;
}

/** A finding a topic did not take, with the code of the refusal. */
export interface Undelivered {
  readonly topic: string;
  readonly eventID: string;
  readonly errorCode: string;
}

/** What became of one topic's findings: `findings = delivered + repeated + heldBack + undelivered`. */
export interface TopicTally {
  readonly topic: string;
  readonly findings: number;
  readonly delivered: number;
  readonly repeated: number;
  readonly heldBack: number;
  readonly undelivered: readonly Undelivered[];
}

/** Findings or records out, for one invocation. Knows nothing of Lambda events. */
export interface Sink {
  /** Takes one classified record; may keep it until {@link settle}. Must not throw for any record. */
  accept(classified: Classified): void;
  /** Finishes everything accepted. Refusals are results, not exceptions. */
  settle(deadline: Deadline): Promise<readonly TopicTally[]>;
}
