import type { Literal, PatternNode, Selector } from '../../function/core/filter-pattern/pattern.ts';

/**
 * What a filter pattern means, in the most obvious way: collects every value a selector lands on, then asks each.
 * Slow, uses the native RegExp and naive recursion; shares nothing with the compiler it checks but the tree.
 */
export function interpret(node: PatternNode, record: unknown): boolean {
  if (node.kind === 'and') return node.children.every((child) => interpret(child, record));
  if (node.kind === 'or') return node.children.some((child) => interpret(child, record));
  const values = select(node.selector, record);
  const { test } = node;
  if (test.kind === 'notExists') return values.length === 0;
  if (test.kind === 'is') return values.includes(test.value);
  const comparable = values.filter((value) => ['string', 'boolean', 'number'].includes(typeof value));
  const finite = comparable.filter((value) => typeof value !== 'number' || Math.abs(value) < Infinity);
  if (test.kind === 'equality') {
    return finite.some((value) => isEqual(test.literal, value) === (test.operator === '='));
  }
  const numbers = finite.filter((value) => typeof value === 'number');
  if (test.operator === '<') return numbers.some((value) => value < test.value);
  if (test.operator === '>') return numbers.some((value) => value > test.value);
  if (test.operator === '<=') return numbers.some((value) => value <= test.value);
  return numbers.some((value) => value >= test.value);
}

/** Whole-text match, `*` for any run, by trying every length of every run. */
export function globMatches(pattern: string, text: string): boolean {
  if (pattern === '') return text === '';
  if (pattern[0] !== '*') return pattern[0] === text[0] && globMatches(pattern.slice(1), text.slice(1));
  for (let run = 0; run <= text.length; run++) if (globMatches(pattern.slice(1), text.slice(run))) return true;
  return false;
}

function isEqual(literal: Literal, value: unknown): boolean {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  switch (literal.kind) {
    case 'string':
      if (/^\*+$/.test(literal.text)) return true;
      return typeof value === 'string' && globMatches(literal.text, text);
    case 'word':
      return globMatches(literal.text, text);
    case 'number':
      return value === literal.value || value === literal.text;
    case 'regex':
      return new RegExp(literal.source).test(text);
  }
}

function select(selector: Selector, record: unknown): unknown[] {
  let values = [record];
  for (const step of selector) {
    values = values.flatMap((value) => {
      if (Array.isArray(value)) {
        if (step.kind === 'anyElement') return value;
        return step.kind === 'index' && step.index < value.length ? [value[step.index]] : [];
      }
      if (value === null || typeof value !== 'object') return [];
      const own = Object.entries(value);
      if (step.kind === 'anyProperty') return own.map(([, item]) => item);
      return step.kind === 'property' ? own.filter(([name]) => name === step.name).map(([, item]) => item) : [];
    });
  }
  return values;
}
