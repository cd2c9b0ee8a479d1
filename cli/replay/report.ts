import { SEVERITIES } from '../../function/core/severity.ts';
import type { Mention } from './mention.ts';
import type { MessageFigures, StormName } from './messages.ts';
import type { Ranking } from './ranking.ts';
import type { ReasonName } from './reason-name.ts';
import type { AccountName, Summary } from './summary.ts';

/** Entries shown of each ranking. */
const MAX_RANKED = 10;

type Top<T> = readonly (T & { readonly records: number; readonly published: number })[];

/** A replay under one policy as plain data: what `--json` prints, and all the terminal shows. */
export interface Report {
  readonly policyVersion: string;
  readonly from: string | null;
  readonly to: string | null;
  /** The balance: `received = whitelisted + quiet + logged + published + rejected`. */
  readonly received: number;
  readonly whitelisted: number;
  readonly quiet: number;
  readonly logged: number;
  readonly published: number;
  readonly rejected: number;
  /** Would be published, were it not for detections on trial; counted under another action. */
  readonly onTrial: number;
  readonly publishedPer1000: number;
  readonly messages: MessageFigures;
  /** What was held back for digests, most findings first. */
  readonly storms: readonly (StormName & { readonly heldBack: number })[];
  /** Rated records by severity, severest first. */
  readonly severities: Readonly<Record<string, number>>;
  /** All records by code, most frequent first. */
  readonly codes: Readonly<Record<string, number>>;
  readonly reasons: Top<ReasonName>;
  readonly principals: Top<{ readonly name: string; readonly account: string | null }>;
  readonly accounts: Top<AccountName>;
  readonly regions: Top<{ readonly name: string }>;
  /** Rankings that held more names than are kept, so that their figures are lower bounds. */
  readonly lowerBounds: readonly string[];
  /** The severest, at equal severity in input order. */
  readonly findings: readonly Mention[];
}

/** The report of a summary as it stands. */
export function reportOf(summary: Summary): Report {
  const { tally, messages, reasons, principals, accounts, regions } = summary;
  const figures = messages.figures();
  const { actions, received } = tally;
  return {
    policyVersion: summary.policy.policyVersion,
    from: tally.oldest ?? null,
    to: summary.newest ?? null,
    received,
    whitelisted: actions.ignore,
    quiet: actions.quiet,
    logged: actions.log,
    published: actions.publish,
    rejected: actions.reject,
    onTrial: summary.onTrial,
    publishedPer1000: received === 0 ? 0 : Math.round((actions.publish / received) * 10_000) / 10,
    messages: figures,
    storms: messages.storms.top(MAX_RANKED).map(({ of, records }) => ({ ...of, heldBack: records })),
    severities: Object.fromEntries(SEVERITIES.toReversed().map((severity) => [severity, tally.severities[severity]])),
    codes: Object.fromEntries([...summary.codes].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))),
    reasons: topOf(reasons),
    principals: topOf(principals),
    accounts: topOf(accounts),
    regions: topOf(regions),
    lowerBounds: Object.entries({ storms: messages.storms, reasons, principals, accounts, regions }).flatMap(
      ([name, ranking]) => (ranking.isComplete ? [] : [name]),
    ),
    findings: summary.findings,
  };
}

function topOf<T>(ranking: Ranking<T>): Top<T> {
  return ranking.top(MAX_RANKED).map(({ of, records, published }) => ({ ...of, records, published }));
}
