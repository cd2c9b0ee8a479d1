import type { Report } from '../../../cli/replay/report.ts';
import type { Stored } from '../../../cli/replay/stored.ts';
import type { PageInput } from '../../../cli/report/page-text.ts';
import type { Policy } from '../../../function/core/policy.ts';
import { SEVERITIES } from '../../../function/core/severity.ts';
import { eachOf, type Rating } from './made-findings.ts';

/** The page's input for these ratings and findings. */
export function pageOf(policy: Policy, ratings: readonly Rating[], stored: readonly Stored[]): PageInput {
  return {
    report: reportOf(policy, ratings, stored),
    comparison: undefined,
    findings: eachOf(stored),
    policy,
    title: 'Severities on November',
    today: new Date('2026-12-01T00:00:00Z'),
  };
}

function reportOf(policy: Policy, ratings: readonly Rating[], stored: readonly Stored[]): Report {
  const count = (action: string) => ratings.filter(({ verdict }) => verdict.action === action).length;
  const times = ratings.map(({ record }) => String(record['eventTime'])).sort();
  const told = (kind: string) => stored.filter((finding) => finding.told === kind).length;
  const [atOnce, heldBack] = [told('at-once'), told('held-back')];
  const digests = Math.ceil(heldBack / 20);
  return {
    policyVersion: policy.policyVersion,
    from: times[0] ?? null,
    to: times[times.length - 1] ?? null,
    received: ratings.length,
    whitelisted: count('ignore'),
    quiet: count('quiet'),
    logged: count('log'),
    published: count('publish'),
    rejected: count('reject'),
    outside: 0,
    onTrial: 0,
    publishedPer1000: ratings.length === 0 ? 0 : Math.round((count('publish') / ratings.length) * 10_000) / 10,
    messages: { messages: atOnce + digests, atOnce, heldBack, digests, repeated: 0, isExact: true },
    storms: [],
    severities: Object.fromEntries(
      SEVERITIES.toReversed().map((name) => [name, ratings.filter(({ verdict }) => verdict.severity === name).length]),
    ),
    codes: {},
    reasons: [],
    principals: topOf(stored, ({ mention, account }) => [mention.principal, { name: mention.principal, account }]),
    accounts: topOf(stored, ({ account }) => [
      account ?? '',
      { id: account ?? '', name: policy.accounts.get(account ?? '')?.name ?? null },
    ]),
    regions: topOf(stored, ({ region }) => [region ?? '', { name: region ?? '' }]),
    lowerBounds: [],
    findings: stored.slice(0, 10).map(({ mention }) => mention),
    volume: { unit: 'hour', buckets: bucketsOf(ratings) },
    hours: [],
    speed: { seconds: 1, recordsPerSecond: ratings.length, bytes: 0, jobs: 1 },
  };
}

function topOf<T>(
  stored: readonly Stored[],
  name: (finding: Stored) => readonly [string, T],
): (T & { records: number; published: number })[] {
  const groups = new Map<string, { of: T; count: number }>();
  for (const finding of stored) {
    const [key, of] = name(finding);
    groups.set(key, { of, count: (groups.get(key)?.count ?? 0) + 1 });
  }
  return [...groups.values()]
    .sort((a, b) => b.count - a.count)
    .slice(0, 10)
    .map(({ of, count }) => ({ ...of, records: count, published: count }));
}

function bucketsOf(ratings: readonly Rating[]): Report['volume']['buckets'] {
  const hours = Map.groupBy(ratings, ({ record }) => String(record['eventTime']).slice(0, 13));
  return [...hours].sort().map(([hour, own]) => {
    const of = (severity: string) => own.filter(({ verdict }) => verdict.severity === severity).length;
    return {
      from: `${hour}:00:00Z`,
      received: own.length,
      published: own.filter(({ verdict }) => verdict.action === 'publish').length,
      informational: of('informational'),
      low: of('low'),
      medium: of('medium'),
      high: of('high'),
      critical: of('critical'),
    };
  });
}
