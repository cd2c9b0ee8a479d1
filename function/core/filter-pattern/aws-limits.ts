import { parseFilterPattern } from './parser.ts';
import type { PatternNode, Selector } from './pattern.ts';

/** One limit AWS sets on metric and subscription filters that a pattern breaks. */
export interface BrokenLimit {
  readonly limit: keyof typeof AWS_LIMITS;
  readonly found: number;
  readonly allowed: number;
}

/**
 * What AWS allows in one filter pattern; a detection may break these as long as it is not exported as a filter.
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutMetricFilter.html
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 */
export const AWS_LIMITS = {
  characters: 1024,
  regularExpressions: 2,
  wildcardSelectorsPerSelector: 1,
  wildcardSelectorsPerPattern: 3,
} as const;

/**
 * The AWS limits that `text` breaks, empty when it may be a metric filter.
 * @throws {SyntaxProblem} `invalid_pattern`.
 */
export function brokenAwsLimits(text: string): readonly BrokenLimit[] {
  const leaves = leavesOf(parseFilterPattern(text));
  const wildcards = leaves.map((leaf) => countWildcards(leaf.selector));
  const counts: Readonly<Record<keyof typeof AWS_LIMITS, number>> = {
    characters: text.length,
    regularExpressions: leaves.filter(({ test }) => test.kind === 'equality' && test.literal.kind === 'regex').length,
    wildcardSelectorsPerSelector: Math.max(...wildcards),
    wildcardSelectorsPerPattern: wildcards.reduce((sum, count) => sum + count, 0),
  };
  return (Object.keys(AWS_LIMITS) as (keyof typeof AWS_LIMITS)[])
    .map((limit) => ({ limit, found: counts[limit], allowed: AWS_LIMITS[limit] }))
    .filter(({ found, allowed }) => found > allowed);
}

function leavesOf(node: PatternNode): Extract<PatternNode, { kind: 'leaf' }>[] {
  return node.kind === 'leaf' ? [node] : node.children.flatMap(leavesOf);
}

function countWildcards(selector: Selector): number {
  return selector.filter((step) => step.kind === 'anyElement' || step.kind === 'anyProperty').length;
}
