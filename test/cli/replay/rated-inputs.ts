import type { InputRecord } from '../../../cli/input/records.ts';
import type { ComparisonReport } from '../../../cli/replay/comparison.ts';
import { Replayed } from '../../../cli/replay/replayed.ts';
import { type Report, reportOf } from '../../../cli/replay/report.ts';
import type { Policy } from '../../../function/core/policy.ts';
import { readRecord } from '../../../function/core/record.ts';

/** Values as an input file gives them. */
function inputsOf(values: readonly unknown[]): InputRecord[] {
  return values.map((raw, index) => ({
    read: readRecord(raw),
    position: `made-up.json#[${index}]`,
    raw,
    place: undefined,
  }));
}

/** The report on these values under one policy. */
export function replayOf(policy: Policy, values: readonly unknown[]): Report {
  const replayed = new Replayed(policy);
  for (const source of inputsOf(values)) replayed.take(source);
  replayed.finish();
  return reportOf(replayed.summary);
}

/** What changes for these values from one policy to the other. */
export function comparisonOf(current: Policy, proposed: Policy, values: readonly unknown[]): ComparisonReport {
  const replayed = new Replayed(current, proposed);
  for (const source of inputsOf(values)) replayed.take(source);
  replayed.finish();
  const comparison = replayed.comparison();
  if (comparison === undefined) throw new Error('there are two policies');
  return comparison;
}
