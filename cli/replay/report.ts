import { SEVERITIES } from '../../function/core/severity.ts';
import type { Mention } from './mention.ts';
import type { MessageFigures, Messages, StormName } from './messages.ts';
import type { Ranking } from './ranking.ts';
import type { ReasonName } from './reason-name.ts';
import type { AccountName, PrincipalName, Summary } from './summary.ts';
import type { HourOfDay, VolumeReport } from './volume.ts';

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
  /** Records that `--where`, `--since` or `--until` leave out; counted nowhere else. */
  readonly outside: number;
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
  readonly principals: Top<PrincipalName>;
  readonly accounts: Top<AccountName>;
  readonly regions: Top<{ readonly name: string }>;
  /** Rankings that held more names than are kept, so that their figures are lower bounds. */
  readonly lowerBounds: readonly string[];
  /**
   * Ten to read first: the severest; of equals those of different reasons and principals, earlier ones first. At equal
   * severity in order of time.
   */
  readonly findings: readonly Mention[];
  /** What came when. */
  readonly volume: VolumeReport;
  /** What came in each of the 24 hours of the day, UTC. */
  readonly hours: readonly HourOfDay[];
  readonly speed: Speed;
}

/** How fast a replay was. */
export interface Speed {
  readonly seconds: number;
  readonly recordsPerSecond: number;
  /** Of the inputs as they lie there, packed or not. */
  readonly bytes: number;
  /** Threads that rated. */
  readonly jobs: number;
}

/** What a report is made of. */
export interface ReportParts {
  readonly summary: Summary;
  readonly messages: Messages;
  readonly findings: readonly Mention[];
  readonly outside: number;
  readonly speed: Speed;
}

/** The report of all that was counted under one policy. */
export function reportOf({ summary, messages, findings, outside, speed }: ReportParts): Report {
  const { counted, volume, reasons, principals, accounts, regions } = summary;
  const { actions, received } = counted;
  const codes = [...counted.codes].filter(([, records]) => records > 0);
  return {
    policyVersion: summary.policy.policyVersion,
    from: counted.oldest ?? null,
    to: counted.newest ?? null,
    received,
    whitelisted: actions.ignore,
    quiet: actions.quiet,
    logged: actions.log,
    published: actions.publish,
    rejected: actions.reject,
    outside,
    onTrial: counted.onTrial,
    publishedPer1000: received === 0 ? 0 : Math.round((actions.publish / received) * 10_000) / 10,
    messages: messages.figures(),
    storms: messages.storms.top(MAX_RANKED).map(({ of, records }) => ({ ...of, heldBack: records })),
    severities: Object.fromEntries(SEVERITIES.toReversed().map((severity) => [severity, counted.severities[severity]])),
    codes: Object.fromEntries(codes.sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))),
    reasons: topOf(reasons),
    principals: topOf(principals),
    accounts: topOf(accounts),
    regions: topOf(regions),
    lowerBounds: Object.entries({ storms: messages.storms, reasons, principals, accounts, regions }).flatMap(
      ([name, ranking]) => (ranking.isComplete ? [] : [name]),
    ),
    findings,
    volume: volume.report(),
    hours: volume.hours(),
    speed,
  };
}

function topOf<T>(ranking: Ranking<T>): Top<T> {
  return ranking.top(MAX_RANKED).map(({ of, records, published }) => ({ ...of, records, published }));
}
