import { compareSeverities, type Severity } from './severity.ts';
import type { StormDecision } from './storm.ts';

/** One finding that would go out on a topic. */
export interface CeilingCandidate {
  readonly severity: Severity;
  /** The first of its storm key's principal, or of its severity there: a digest would be its first word. */
  readonly first: boolean;
}

/**
 * Which findings go out on a topic when only `allowance` more messages may. The lowest severity is held first; of one
 * severity, what is no first, then what came last. The first of a key at critical goes whatever the allowance, and takes
 * of it what there is.
 */
export function underCeiling(candidates: readonly CeilingCandidate[], allowance: number): StormDecision[] {
  const decisions = candidates.map((): StormDecision => 'hold');
  const ranked = candidates
    .map((candidate, index) => ({ ...candidate, index, always: candidate.first && candidate.severity === 'critical' }))
    .sort(
      (a, b) => compareSeverities(b.severity, a.severity) || Number(b.first) - Number(a.first) || a.index - b.index,
    );
  for (const [rank, { index, always }] of ranked.entries()) {
    if (always || rank < allowance) decisions[index] = 'publish';
  }
  return decisions;
}
