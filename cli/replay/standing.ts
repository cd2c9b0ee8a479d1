import type { Severity } from '../../function/core/severity.ts';
import type { Action, Verdict } from '../../function/core/verdict.ts';

/** What one policy makes of a record, without its reasons: what two policies can differ in. */
export interface Standing {
  readonly severity: Severity | null;
  readonly action: Action;
  /** The whitelist or adjust entry that had the last word. */
  readonly entry: string | null;
  readonly onTrial: boolean;
}

/** The standing a verdict gives. */
export function standingOf(verdict: Verdict): Standing {
  const { severity, action } = verdict;
  if (verdict.verdict === 'whitelisted') return { severity, action, entry: verdict.whitelistedBy, onTrial: false };
  if (verdict.verdict === 'rejected') return { severity, action, entry: null, onTrial: false };
  return { severity, action, entry: verdict.adjustedBy ?? null, onTrial: verdict.wouldPublish === true };
}

const DONE: Readonly<Record<Action, string>> = {
  ignore: 'whitelisted',
  quiet: 'counted',
  log: 'logged',
  publish: 'published',
  reject: 'rejected',
};

/** A standing in words: `logged at low, adjusted by terraform-keys`. */
export function standingText({ severity, action, entry, onTrial }: Standing): string {
  if (severity === null) return entry === null ? DONE[action] : `${DONE[action]} by ${entry}`;
  const adjusted = entry === null ? '' : `, adjusted by ${entry}`;
  return `${DONE[action]} at ${severity}${adjusted}${onTrial ? ', on trial' : ''}`;
}
