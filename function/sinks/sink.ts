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

/**
 * An earlier deadline, which leaves time for what must follow.
 * @param milliseconds kept at most: half of what there is, when that is less
 */
export function keeping(milliseconds: number, deadline: Deadline): Deadline {
  const kept = Math.max(0, Math.min(milliseconds, deadline.remaining() / 2));
  return { remaining: () => deadline.remaining() - kept };
}

/** A finding that neither a topic nor the queue took, with the code of the topic's refusal. */
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
  /** Sent before, by this or another invocation. */
  readonly repeated: number;
  /** Left to a digest, or to the summary of this invocation. */
  readonly heldBack: number;
  /** Refused for good, or not taken before the time was up. */
  readonly undelivered: number;
  /** Of the undelivered, those that have no fate: not even the queue took them. */
  readonly lost: readonly Undelivered[];
  /** Of the undelivered, those the queue took; the others are lost. */
  readonly handedOver: number;
  /** Published although another invocation may have sent the same. */
  readonly possiblyRepeated: number;
}

/** Findings or records out, for one invocation. Knows nothing of Lambda events. */
export interface Sink {
  /** Takes one classified record; may keep it until {@link settle}. Must not throw for any record. */
  accept(classified: Classified): void;
  /** Finishes everything accepted. Refusals are results, not exceptions. */
  settle(deadline: Deadline): Promise<readonly TopicTally[]>;
}
