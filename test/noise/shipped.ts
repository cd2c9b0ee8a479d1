import { join } from 'node:path';
import type { MessageFigures } from '../../cli/replay/messages.ts';
import { Replayed } from '../../cli/replay/replayed.ts';
import { reportOf } from '../../cli/replay/report.ts';
import { readFolder } from '../../cli/severities-folder.ts';
import { WholeInput } from '../../cli/whole-input.ts';
import { classify } from '../../function/core/classify.ts';
import { compilePolicy, type Policy } from '../../function/core/policy.ts';
import { readRecord } from '../../function/core/record.ts';
import type { Upstream } from '../../function/core/severities/merge.ts';
import { atLeast, type Severity } from '../../function/core/severity.ts';
import type { Verdict } from '../../function/core/verdict.ts';
import { ROOT } from '../house/source-files.ts';

/** The severities of the release, nobody's `local/` applied. */
export async function shippedSeverities(): Promise<Upstream> {
  return (await readFolder(join(ROOT, 'severities'))).upstream;
}

/** {@link shippedSeverities}, compiled. */
export async function shippedPolicy(): Promise<Policy> {
  return compilePolicy({ policyVersion: 'shipped', accounts: {}, ...(await shippedSeverities()) });
}

/** What the release makes of records that come together, counted detections included; by place. */
export function verdictsOn(policy: Policy, records: readonly unknown[]): readonly Verdict[] {
  const whole = new WholeInput(policy);
  const verdicts: Verdict[] = [];
  const sources = records.map((raw, index) => ({
    read: readRecord(raw),
    raw,
    position: String(index),
    place: undefined,
  }));
  for (const [index, source] of sources.entries()) {
    const verdict = whole.take(source);
    if (verdict !== undefined) verdicts[index] = verdict;
  }
  for (const [{ position }, verdict] of whole.finish()) verdicts[Number(position)] = verdict;
  return verdicts;
}

/** How many messages a person would have received of records that come together, after storm control. */
export function messagesOf(policy: Policy, records: readonly unknown[]): MessageFigures {
  const replayed = new Replayed(policy);
  for (const [index, raw] of records.entries()) {
    replayed.take({ read: readRecord(raw), raw, position: String(index), place: undefined });
  }
  replayed.finish();
  return reportOf(replayed.summary).messages;
}

/** What the release makes of one record. */
export function verdictOn(policy: Policy, record: unknown): Verdict {
  return classify(policy, readRecord(record));
}

/** Whether a verdict is rated at `severity` or above; what is whitelisted or rejected is not. */
export function isAtLeast({ severity: rated }: Verdict, severity: Severity): boolean {
  return rated !== null && atLeast(rated, severity);
}

/** Where a severity comes from: `detection:<id>`, `row`, `deletion` or `unlisted`, strongest first, the equal ones only. */
export function sourcesOf({ reasons }: Verdict): string[] {
  const strongest = reasons[0]?.severity;
  const sources = reasons.filter(({ severity }) => severity === strongest);
  return sources.map(({ by, id }) => (id === undefined ? by : `${by}:${id}`));
}
