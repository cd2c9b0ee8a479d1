/** The five severities, least first: the words of Sigma levels and of Security Hub labels. @see https://docs.aws.amazon.com/securityhub/latest/userguide/asff-required-attributes.html */
export const SEVERITIES = ['informational', 'low', 'medium', 'high', 'critical'] as const;

/** How loudly a record speaks. What each word obliges a reader to do stands in `severities/README.md`. */
export type Severity = (typeof SEVERITIES)[number];

const RANK: Readonly<Record<Severity, number>> = { informational: 0, low: 1, medium: 2, high: 3, critical: 4 };

/** True when `severity` is `floor` or above. */
export function atLeast(severity: Severity, floor: Severity): boolean {
  return RANK[severity] >= RANK[floor];
}

/** The higher of two severities. */
export function higher(a: Severity, b: Severity): Severity {
  return RANK[a] >= RANK[b] ? a : b;
}

/** The lower of two severities. */
export function lower(a: Severity, b: Severity): Severity {
  return RANK[a] <= RANK[b] ? a : b;
}

/** Orders severities for sorting, least first. */
export function compareSeverities(a: Severity, b: Severity): number {
  return RANK[a] - RANK[b];
}
