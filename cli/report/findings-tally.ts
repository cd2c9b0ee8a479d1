import { compareSeverities, SEVERITIES, type Severity } from '../../function/core/severity.ts';
import { Ranking } from '../replay/ranking.ts';
import type { Stored, Told } from '../replay/stored.ts';
import { reasonKeyOf } from './columns.ts';
import { FiredTechniques } from './tactics.ts';

/** Reasons of findings that the page ranks. */
const MAX_REASONS = 40;

interface ReasonTally extends Record<Told, number> {
  readonly reason: string;
  severity: Severity;
}

/** What a page tells of all findings, those it does not hold included, in memory that does not grow with them. */
export class FindingsTally {
  total = 0;
  readonly severities: Record<Severity, number> = { informational: 0, low: 0, medium: 0, high: 0, critical: 0 };
  readonly fired = new FiredTechniques();
  readonly #reasons = new Ranking<ReasonTally>();

  /** Counts a finding or a change. */
  add(stored: Stored): void {
    const { severity } = stored.mention;
    this.total++;
    this.severities[severity]++;
    const [first] = stored.reasons;
    if (stored.told === null || first === undefined) return;
    this.fired.add(stored.reasons);
    const reason = reasonKeyOf(first);
    const none = { reason, severity: SEVERITIES[0], 'at-once': 0, 'held-back': 0, repeated: 0 };
    const { of } = this.#reasons.count(reason, true, () => none);
    of[stored.told]++;
    if (compareSeverities(severity, of.severity) > 0) of.severity = severity;
  }

  /** The reasons with most findings. */
  reasons(): readonly (Readonly<ReasonTally> & { readonly findings: number })[] {
    return this.#reasons.top(MAX_REASONS).map(({ of, published }) => ({ ...of, findings: published }));
  }
}
