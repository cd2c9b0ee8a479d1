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

function impliedByLeaf({ selector, test }: LeafNode, field: string): ReadonlySet<string> | undefined {
  const [step, ...deeper] = selector;
  if (deeper.length > 0 || step?.kind !== 'property' || step.name !== field) return undefined;
  if (test.kind !== 'equality' || test.operator !== '=') return undefined;
  const { literal } = test;
  const isText = literal.kind === 'string' || literal.kind === 'word';
  return isText && !literal.text.includes('*') ? new Set([literal.text]) : undefined;
}
