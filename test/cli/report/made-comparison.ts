import type { Change } from '../../../cli/replay/changes.ts';
import type { ChangeReport } from '../../../cli/replay/comparison.ts';
import type { Stored } from '../../../cli/replay/stored.ts';
import type { PageInput } from '../../../cli/report/page-text.ts';
import type { Policy } from '../../../function/core/policy.ts';
import { eachOf, type Rating } from './made-findings.ts';
import { pageOf } from './made-report.ts';

const NONE: ChangeReport = { records: 0, groups: [] };

/** A page of what two policies differ in: the proposed one only logs what the commonest reason publishes. */
export function comparedPageOf(policy: Policy, ratings: readonly Rating[], stored: readonly Stored[]): PageInput {
  const [common] = stored.filter(({ told }) => told === 'held-back');
  const isLost = ({ reasons: [first] }: Stored) => first?.name === common?.reasons[0]?.name;
  const findings = stored.map((finding): Stored => {
    if (!isLost(finding)) return { ...finding, proposed: finding.current };
    const proposed = { severity: 'medium', action: 'log', entry: 'dana-opens', onTrial: false } as const;
    return { ...finding, change: 'lost', proposed };
  });
  const page = pageOf(policy, ratings, stored);
  const lost = findings.filter(({ change }) => change === 'lost');
  const changes: Record<Change, ChangeReport> = {
    new: NONE,
    lost: groupOf(lost),
    louder: NONE,
    quieter: NONE,
    unpublished: NONE,
  };
  const { report } = page;
  const proposed = {
    ...report,
    policyVersion: 'proposed',
    published: report.published - lost.length,
    logged: report.logged + lost.length,
  };
  return { ...page, comparison: { current: report, proposed, changes }, findings: eachOf(findings) };
}

function groupOf(lost: readonly Stored[]): ChangeReport {
  const [first] = lost;
  const reason = first?.reasons[0];
  if (first?.proposed == null || reason === undefined) return NONE;
  const { current, proposed } = first;
  const examples = lost.slice(0, 3).map(({ mention }) => mention);
  return { records: lost.length, groups: [{ reason, current, proposed, examples, records: lost.length }] };
}
