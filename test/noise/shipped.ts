import { join } from 'node:path';
import { readFolder } from '../../cli/severities-folder.ts';
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
