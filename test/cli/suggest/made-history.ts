import { mentionOf } from '../../../cli/replay/mention.ts';
import { reasonNameOf } from '../../../cli/replay/reason-name.ts';
import { NoiseGroups, type NoisyFinding } from '../../../cli/suggest/noise-groups.ts';
import { classify } from '../../../function/core/classify.ts';
import type { Policy } from '../../../function/core/policy.ts';
import { readRecord } from '../../../function/core/record.ts';
import { record } from '../../support/records.ts';

/** A record of a day of November 2026. */
export function onDay(day: number, parts: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return record({
    eventTime: `2026-11-${String(day).padStart(2, '0')}T03:15:00Z`,
    eventID: `day-${day}`,
    ...parts,
  });
}

/** The same record on each of so many days, so many times a day. */
export function everyDay(
  parts: Readonly<Record<string, unknown>>,
  { days = 10, times = 1 }: { readonly days?: number; readonly times?: number } = {},
): Record<string, unknown>[] {
  return Array.from({ length: days * times }, (_, index) =>
    onDay(1 + (index % days), { eventID: `${JSON.stringify(parts).length}-${index}`, ...parts }),
  );
}

/** The records that a policy publishes, by their place in the list. */
export function publishedOf(policy: Policy, records: readonly unknown[]): Set<number> {
  return new Set(
    records.flatMap((value, index) => (classify(policy, readRecord(value)).action === 'publish' ? index : [])),
  );
}

/** The groups of what a policy publishes of the records; each is a message of its own. */
export function groupsOf(policy: Policy, records: readonly unknown[]): NoiseGroups {
  const groups = new NoiseGroups(policy);
  for (const [index, raw] of records.entries()) {
    const finding = findingOf(policy, raw, index);
    if (finding !== undefined) groups.add(finding);
  }
  return groups;
}

function findingOf(policy: Policy, raw: unknown, index: number): NoisyFinding | undefined {
  const read = readRecord(raw);
  if ('unreadable' in read) return undefined;
  const verdict = classify(policy, read);
  if (verdict.verdict !== 'rated' || verdict.action !== 'publish') return undefined;
  return {
    mention: mentionOf(policy, { read, raw, position: `made-up.json#[${index}]`, place: undefined }, read, verdict),
    reasons: verdict.reasons.map((reason) => ({ ...reasonNameOf(policy, read, reason), attack: [] })),
    record: JSON.stringify(raw),
    told: 'at-once',
  };
}
