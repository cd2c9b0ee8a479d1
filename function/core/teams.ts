import type { Accounts } from './severities/model.ts';

/** What a team wants to hear of beyond its own accounts. An empty or absent list interests nobody. */
export interface TeamInterests {
  readonly name: string;
  readonly accounts?: readonly string[] | undefined;
  /** Event sources, such as `iam.amazonaws.com`. */
  readonly services?: readonly string[] | undefined;
  /** Detection ids. */
  readonly detections?: readonly string[] | undefined;
}

/** The `team` of a finding that no team claims. A subscription to it, or one without a team, hears of these. */
export const UNCLAIMED = 'unclaimed';

/**
 * The teams a finding concerns: the account's own team first, then all whose interests it meets, each once. Never empty.
 */
export function teamsFor(
  subject: {
    readonly accountId: string | undefined;
    readonly eventSource: string | undefined;
    readonly detections: readonly string[];
  },
  account: Accounts[string] | undefined,
  teams: readonly TeamInterests[],
): readonly [string, ...string[]] {
  const concerned = new Set(account?.team ? [account.team] : []);
  for (const { name, accounts, services, detections } of teams) {
    if (
      accounts?.includes(subject.accountId ?? '') ||
      services?.includes(subject.eventSource ?? '') ||
      subject.detections.some((id) => detections?.includes(id))
    ) {
      concerned.add(name);
    }
  }
  const [first, ...others] = concerned;
  return first === undefined ? [UNCLAIMED] : [first, ...others];
}
