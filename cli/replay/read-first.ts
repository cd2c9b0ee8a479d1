import { compareSeverities, SEVERITIES, type Severity } from '../../function/core/severity.ts';

/** Findings shown of all that would have been published. */
export const MAX_FINDINGS = 10;

interface Kept<T> {
  readonly of: T;
  readonly number: number;
  readonly reason: string;
  readonly pair: string;
}

interface BySeverity<T> {
  readonly reasons: Set<string>;
  readonly pairs: Set<string>;
  /** The first of each reason, the first of each reason and principal, and the first of all. */
  readonly firstOfReason: Kept<T>[];
  readonly firstOfPair: Kept<T>[];
  readonly first: Kept<T>[];
}

/**
 * The ten findings to read first: the severest; of equals one of each reason, then one of each reason and principal, then
 * the others, earlier ones first. In memory for some fifty of each severity.
 */
export class ReadFirst<T> {
  readonly #bySeverity = new Map<Severity, BySeverity<T>>();
  #taken = 0;

  /** Takes the next finding, in order of time. `of` is asked for when it may be among the ten. */
  add(severity: Severity, reason: string, principal: string, of: () => T): void {
    const number = this.#taken++;
    const kept = this.#bySeverity.get(severity) ?? newKept<T>();
    this.#bySeverity.set(severity, kept);
    const pair = `${reason} ${principal}`;
    const isOfReason = kept.firstOfReason.length < MAX_FINDINGS && !kept.reasons.has(reason);
    const isOfPair = kept.firstOfPair.length < 2 * MAX_FINDINGS && !kept.pairs.has(pair);
    const isFirst = kept.first.length < 3 * MAX_FINDINGS;
    if (!isOfReason && !isOfPair && !isFirst) return;
    const entry = { of: of(), number, reason, pair };
    if (isOfReason) {
      kept.reasons.add(reason);
      kept.firstOfReason.push(entry);
    }
    if (isOfPair) {
      kept.pairs.add(pair);
      kept.firstOfPair.push(entry);
    }
    if (isFirst) kept.first.push(entry);
  }

  /** The ten, severest first, of equals in order of time. */
  top(): readonly T[] {
    const chosen: T[] = [];
    for (const severity of SEVERITIES.toSorted((a, b) => compareSeverities(b, a))) {
      const kept = this.#bySeverity.get(severity);
      if (kept === undefined) continue;
      const inTurn = new Set([...kept.firstOfReason, ...kept.firstOfPair, ...kept.first]);
      const taken = [...inTurn].slice(0, MAX_FINDINGS - chosen.length);
      chosen.push(...taken.sort((a, b) => a.number - b.number).map(({ of }) => of));
    }
    return chosen;
  }
}

function newKept<T>(): BySeverity<T> {
  return { reasons: new Set(), pairs: new Set(), firstOfReason: [], firstOfPair: [], first: [] };
}
