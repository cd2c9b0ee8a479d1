import { SEVERITIES, type Severity } from '../../function/core/severity.ts';

/** Findings that a page holds at most. */
export const MAX_SHOWN = 100_000;

/**
 * Which findings a page holds, asked of each in order of time: all, or where there are more than `most` the severest, and
 * at the severity where room ends the newest.
 * @param counts how many there are of each severity
 */
export function chooser(counts: Readonly<Record<Severity, number>>, most = MAX_SHOWN): (severity: Severity) => boolean {
  const toSkip: Record<Severity, number> = { informational: 0, low: 0, medium: 0, high: 0, critical: 0 };
  let room = most;
  for (const severity of SEVERITIES.toReversed()) {
    const kept = Math.min(room, counts[severity]);
    toSkip[severity] = counts[severity] - kept;
    room -= kept;
  }
  return (severity) => {
    if (toSkip[severity] === 0) return true;
    toSkip[severity]--;
    return false;
  };
}
