import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { flattened } from '../../../function/core/indexing/flatten.ts';

describe('a flattened field', () => {
  test.each([
    ['leaves by name, whatever is around them', { a: { b: 'x' }, c: { b: 'y' } }, { b: ['x', 'y'] }],
    ['each value once, sorted', { items: [{ k: 'b' }, { k: 'a' }, { k: 'b' }] }, { k: ['a', 'b'] }],
    ['numbers and booleans as words', { maxResults: 10, dryRun: false }, { maxResults: ['10'], dryRun: ['false'] }],
    ['items of a list by its name', { ids: ['i-2', 'i-1'] }, { ids: ['i-1', 'i-2'] }],
    ['a list of objects, as resources are', [{ ARN: 'arn:b' }, { ARN: 'arn:a' }], { ARN: ['arn:a', 'arn:b'] }],
    ['a scalar, and a list of them, by the name of the field', ['b', 'a'], { field: ['a', 'b'] }],
    ['dots in names as underscores', { 'a.b': { 'c.d': 'x' } }, { c_d: ['x'] }],
    ['what stands under a blank name by the one around it', { tag: { ' ': 'x', '': 'y' } }, { tag: ['x', 'y'] }],
    ['names without a value', { a: null, b: {}, c: [], d: 'x' }, { a: [], b: [], c: [], d: ['x'] }],
    ['nothing of an empty object or list', {}, {}],
    ['nothing of an empty list', [], {}],
  ])('holds %s', (_, value, leaves) => {
    expect(flattened('field', value)).toEqual(leaves);
  });

  test.each([null, undefined])('is not there for %s', (value) => {
    expect(flattened('field', value)).toBeUndefined();
  });

  test('takes names that objects have of their own for names like any other', () => {
    const leaves = flattened('field', JSON.parse('{"__proto__":{"x":1},"constructor":"y","toString":"z"}'));
    expect(JSON.parse(JSON.stringify(leaves))).toEqual({ x: ['1'], constructor: ['y'], toString: ['z'] });
    const own = flattened('field', JSON.parse('{"__proto__":"x"}'));
    expect(JSON.stringify(own)).toBe('{"__proto__":["x"]}');
  });

  test('of a value nested a hundred thousand deep is made without running out of stack', () => {
    const deep: unknown = JSON.parse('['.repeat(100_000) + ']'.repeat(100_000));
    expect(flattened('field', { a: deep, b: 'x' })).toEqual({ a: ['nested too deeply'], b: ['x'] });
  });

  property.prop([fc.jsonValue()])('holds every leaf of any JSON value, as lists of different sorted words', (value) => {
    const leaves = flattened('field', value);
    const found = Object.values(leaves ?? {}).flat();
    for (const list of Object.values(leaves ?? {})) expect(list).toEqual([...new Set(list)].sort());
    for (const leaf of scalarsIn(value)) expect(found).toContain(String(leaf));
  });
});

function scalarsIn(value: unknown): unknown[] {
  if (value === null) return [];
  return typeof value === 'object' ? Object.values(value).flatMap(scalarsIn) : [value];
}
