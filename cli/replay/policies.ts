import type { Policy } from '../../function/core/policy.ts';

/** The severities a replay rates by: the current ones and, where it compares, the proposed ones. */
export interface Policies {
  readonly current: Policy;
  readonly proposed: Policy | undefined;
}

/** Both, in the order in which what belongs to each is kept. */
export function eachPolicy({ current, proposed }: Policies): readonly Policy[] {
  return proposed === undefined ? [current] : [current, proposed];
}
