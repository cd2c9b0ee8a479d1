import type { Outcome } from './outcome.ts';
import type { Explanation } from './policy.ts';
import type { Severity } from './severity.ts';

/** What becomes of a record: each record counts once, under one of these. */
export type Action = 'ignore' | 'quiet' | 'log' | 'publish' | 'reject';

/** Stable codes of a verdict, as logs, attributes and the CLI print them. */
export type Code =
  | 'aws_resource_white_listed'
  | 'detection_matched'
  | 'an_aws_resource_was_deleted'
  | `${Severity}_severity_aws_event_happened`
  | 'aws_resource_not_listed'
  | 'aws_event_not_listed'
  | 'aws_insight'
  | 'unreadable_record';

/** One thing that spoke for a severity. `id` names the detection. */
export interface Reason {
  readonly by: 'detection' | 'deletion' | 'row' | 'unlisted';
  readonly id?: string;
  readonly severity: Severity;
  readonly code: Code;
  /** What to tell a reader; absent for plain rows, deletions and what is unlisted. */
  readonly explanation?: Explanation | undefined;
  /** A detection on trial is rated and logged, and publishes nothing. */
  readonly trial?: boolean;
  /** A detection that adjust entries do not lower without naming it. */
  readonly guardrail?: boolean;
  /** A detection that the same call would not meet, had it gone through. */
  readonly aboutFailure?: true;
}

/** A record that a whitelist entry covers: counted, never logged. */
export interface Whitelisted {
  readonly verdict: 'whitelisted';
  readonly severity: null;
  readonly code: 'aws_resource_white_listed';
  readonly action: 'ignore';
  readonly reasons: readonly [];
  readonly whitelistedBy: string;
}

/** A classified record with everything that spoke for its severity, strongest first. */
export interface Rated {
  readonly verdict: 'rated';
  readonly severity: Severity;
  readonly code: Code;
  readonly action: 'quiet' | 'log' | 'publish';
  /** At least one; the first gave the code. */
  readonly reasons: readonly [Reason, ...Reason[]];
  /** The adjust entry that had the last word. */
  readonly adjustedBy?: string;
  /** Present when the call did not go through. */
  readonly failed?: Exclude<Outcome, 'succeeded'>;
  /** Would be published, were it not for detections still on trial. */
  readonly wouldPublish?: true;
}

/** A value that is no CloudTrail record. `why` holds nothing of its content. */
export interface Rejected {
  readonly verdict: 'rejected';
  readonly severity: null;
  readonly code: 'unreadable_record';
  readonly action: 'reject';
  readonly reasons: readonly [];
  readonly why: string;
}

/** What classification says of a value; every value gets exactly one. */
export type Verdict = Whitelisted | Rated | Rejected;

/** The verdict on what could not be read as a record. */
export function rejected(why: string): Rejected {
  return { verdict: 'rejected', severity: null, code: 'unreadable_record', action: 'reject', reasons: [], why };
}
