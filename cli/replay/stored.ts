import type { Code } from '../../function/core/verdict.ts';
import type { Change } from './changes.ts';
import type { Mention } from './mention.ts';
import type { ReasonName } from './reason-name.ts';
import type { Standing } from './standing.ts';

/** What storm control makes of a finding: a message of its own, a line of a digest, or nothing because it came before. */
export type Told = 'at-once' | 'held-back' | 'repeated';

/** A finding of a replay, or a record that a comparison changes, as it waits on disk. Every text but `record` is neutralised. */
export interface Stored {
  /** `eventTime` in milliseconds; 0 where it tells none. */
  readonly time: number;
  /** What the proposed severities change; null without a comparison, or where they change nothing. */
  readonly change: Change | null;
  readonly current: Standing;
  /** Null without a comparison. */
  readonly proposed: Standing | null;
  /** How the record is rated: by the proposed severities where these rate it higher, else by the current ones. */
  readonly mention: Mention;
  readonly code: Code;
  /** Strongest first. */
  readonly reasons: readonly (ReasonName & { readonly attack: readonly string[] })[];
  readonly account: string | null;
  readonly region: string | null;
  readonly sourceIPAddress: string | null;
  readonly userAgent: string | null;
  /** `errorCode` of a call that failed. */
  readonly errorCode: string | null;
  /** Null for what is not published. */
  readonly told: Told | null;
  /** JSON text of the record as it came: not neutralised. */
  readonly record: string;
}
