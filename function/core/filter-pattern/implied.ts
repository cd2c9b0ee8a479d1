import { exactTextOf } from './comparison.ts';
import type { LeafNode, PatternNode } from './pattern.ts';

/**
 * The values a top-level field must have for a pattern to match, as far as the pattern says: a record whose field is none
 * of them cannot match. Undefined when it may be anything. `{ $.eventName = "A" && $.b = 1 || $.eventName = "C" }` implies
 * A or C for eventName, and nothing for b.
 */
export function impliedValues(node: PatternNode, field: string): ReadonlySet<string> | undefined {
  if (node.kind === 'leaf') return impliedByLeaf(node, field);
  const implied = node.children.map((child) => impliedValues(child, field));
  const known = implied.filter((values) => values !== undefined);
  if (node.kind === 'or') {
    return known.length === implied.length ? new Set(known.flatMap((values) => [...values])) : undefined;
  }
  const [first, ...others] = known;
  return first && new Set([...first].filter((value) => others.every((values) => values.has(value))));
}

/** True when a pattern can only match records that have a top-level field. */
export function impliesPresence(node: PatternNode, field: string): boolean {
  if (node.kind === 'or') return node.children.every((child) => impliesPresence(child, field));
  if (node.kind === 'and') return node.children.some((child) => impliesPresence(child, field));
  const [step] = node.selector;
  return node.test.kind !== 'notExists' && step?.kind === 'property' && step.name === field;
}

/**
 * Leaves of which at least one must hold for a pattern to match, the fewest and quickest the pattern offers; undefined where
 * it offers none. All compare a field with a text: `{ $.a = "1" && ($.b = "2" || $.c = %3%) && $.d != 4 }` requires a, and
 * with `$.a` left aside b or c.
 * @param aside top-level fields that are not worth asking, being the same for all records in question
 */
export function requiredLeaves(node: PatternNode, aside: ReadonlySet<string>): readonly LeafNode[] | undefined {
  if (node.kind === 'leaf') return comparesText(node, aside) ? [node] : undefined;
  const offered = node.children.map((child) => requiredLeaves(child, aside));
  const known = offered.filter((leaves) => leaves !== undefined);
  if (node.kind === 'or') return known.length === offered.length ? known.flat() : undefined;
  return known.reduce<readonly LeafNode[] | undefined>(
    (best, leaves) => (best === undefined || costOf(leaves) < costOf(best) ? leaves : best),
    undefined,
  );
}

function comparesText({ selector, test }: LeafNode, aside: ReadonlySet<string>): boolean {
  const [step] = selector;
  return (
    test.kind === 'equality' &&
    test.operator === '=' &&
    selector.every(({ kind }) => kind === 'property') &&
    step?.kind === 'property' &&
    !aside.has(step.name)
  );
}

function costOf(leaves: readonly LeafNode[]): number {
  return leaves.reduce(
    (cost, { selector, test }) => cost + selector.length + (exactTextOf(test) === undefined ? 8 : 0),
    0,
  );
}

function impliedByLeaf({ selector, test }: LeafNode, field: string): ReadonlySet<string> | undefined {
  const [step, ...deeper] = selector;
  if (deeper.length > 0 || step?.kind !== 'property' || step.name !== field) return undefined;
  if (test.kind !== 'equality' || test.operator !== '=') return undefined;
  const { literal } = test;
  const isText = literal.kind === 'string' || literal.kind === 'word';
  return isText && !literal.text.includes('*') ? new Set([literal.text]) : undefined;
}
