import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Severity } from '../../function/core/severity.ts';
import { decide, STORM_SETTINGS } from '../../function/core/storm.ts';
import { type StormItem, stormItemOf } from '../../function/core/storm-key.ts';
import { readStormState } from '../../function/core/storm-state.ts';
import { findingOf } from '../support/policies.ts';
import { DEPLOYER, record } from '../support/records.ts';

const hash = (text: string) => createHash('sha256').update(text).digest('hex');
const run = (items: readonly StormItem[]) => decide(undefined, items, STORM_SETTINGS, hash);
const many = (count: number, item: (index: number) => Partial<StormItem>): StormItem[] =>
  Array.from({ length: count }, (_, index) => ({
    dedupKey: `event ${index}`,
    principal: 'alice',
    target: 'bob',
    severity: 'high',
    marks: [],
    ...item(index),
  }));
/** The ordinals, from 1, of what was published. */
const published = (items: readonly StormItem[]) =>
  run(items).decisions.flatMap((decision, index) => (decision === 'publish' ? [index + 1] : []));

describe('a storm', () => {
  test('is heard of at the first and at each power of ten', () => {
    expect(published(many(12_000, () => ({})))).toEqual([1, 10, 100, 1_000, 10_000]);
  });

  test('is heard of for five further targets, then no more for new ones', () => {
    expect(published(many(9, (index) => ({ target: `target ${index}` })))).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test('is heard of again at a severity not seen yet, lower or higher', () => {
    const severities: Severity[] = ['high', 'high', 'medium', 'medium', 'critical', 'high', 'low'];
    expect(published(many(7, (index) => ({ severity: severities[index] ?? 'high' })))).toEqual([1, 3, 5, 7]);
  });

  test('is heard of again when it bears a mark not seen yet, such as that a call went through after many refused', () => {
    const marks = (index: number) => (index === 7 ? ['succeeded'] : index === 5 ? ['denied', 'b'] : ['denied']);
    expect(published(many(9, (index) => ({ marks: marks(index) })))).toEqual([1, 6, 8]);
  });

  test('is heard of ten times while it is critical', () => {
    expect(published(many(99, () => ({ severity: 'critical' })))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    const after = many(40, (index) => ({ severity: index < 20 ? 'high' : 'critical' }));
    expect(published(after)).toEqual([1, 10, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30]);
  });

  test('of another principal is another storm, up to the 49th; the 50th and all after are one', () => {
    const items = many(200, (index) => ({ principal: `principal ${index}` }));
    expect(published(items)).toEqual([...Array.from({ length: 50 }, (_, index) => index + 1), 59, 149]);
  });

  test('of a principal known before the fold stays its own', () => {
    const items = [
      ...many(60, (index) => ({ principal: `principal ${index}` })),
      ...many(1, () => ({ dedupKey: 'x' })),
    ];
    const again = { ...items[0], dedupKey: 'y', target: 'another' } as StormItem;
    expect(published([...items, again]).at(-1)).toBe(62);
  });

  test('is not heard of more often when the session is renamed at every call', () => {
    const items = Array.from({ length: 500 }, (_, index) => {
      const arn = `arn:aws:sts::111122223333:assumed-role/terraform-apply/run-${index}`;
      return stormItemOf(findingOf({}, record({ userIdentity: { ...DEPLOYER, arn } }), { dedupKey: `event ${index}` }));
    });
    expect(published(items)).toEqual([1, 10, 100]);
  });

  test('is not heard of more than some ninety times when a thousand users rotate with a thousand targets', () => {
    const items = many(10_000, (index) => ({ principal: `user ${index % 1_000}`, target: `target ${index}` }));
    expect(published(items).length).toBeLessThan(50 * 8);
    const oneCallEach = many(10_000, (index) => ({ principal: `user ${index}`, target: `target ${index}` }));
    expect(published(oneCallEach)).toEqual([...Array.from({ length: 55 }, (_, index) => index + 1), 59, 149, 1_049]);
  });

  test('tells the first of each principal, severity and mark, also on a retry', () => {
    const items = many(5, (index) => ({
      severity: index === 3 ? 'critical' : 'high',
      target: `${index}`,
      marks: index === 1 ? ['a'] : [],
    }));
    const { firsts, state } = run(items);
    expect(firsts).toEqual([true, true, false, true, false]);
    expect(decide(state, items, STORM_SETTINGS, hash).firsts).toEqual(firsts);
  });

  test('counts what was held back', () => {
    expect(run(many(150, () => ({}))).state.held).toBe(147);
  });

  test('is not confused by names that objects have', () => {
    const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];
    const items = names.map(
      (name): StormItem => ({ dedupKey: name, principal: name, target: name, severity: 'high', marks: [name] }),
    );
    expect(decide(undefined, items, STORM_SETTINGS, (text) => text).decisions).toEqual(names.map(() => 'publish'));
  });
});

const WHOLE = run(many(30, (index) => ({ principal: `${index}` }))).state;
/** Whole states with one thing in them that this version does not write. */
const FOREIGN = [
  { ...WHOLE, held: -1 },
  { ...WHOLE, held: 1.5 },
  { ...WHOLE, more: 1 },
  { ...WHOLE, published: ['not a hash'] },
  { ...WHOLE, folded: undefined },
  { ...WHOLE, principals: [['a', { count: 1, critical: 0, marks: [], targets: [], more: 1 }]] },
].map((state) => JSON.stringify(state));

describe('the state of a storm', () => {
  test('survives being written and read', () => {
    const { state } = run(many(100, (index) => ({ principal: `${index}`, severity: index % 2 ? 'high' : 'critical' })));
    expect(readStormState(JSON.stringify(state))).toEqual(state);
  });

  test.each([undefined, '', 'null', '[]', '{', '{"version":2}', '{"version":1,"principals":[["a",{}]]}', ...FOREIGN])(
    'is none where %j was kept',
    (text) => {
      expect(readStormState(text)).toBeUndefined();
    },
  );

  test('is the same object when there was nothing new', () => {
    const items = many(30, () => ({}));
    const { state } = run(items);
    expect(decide(state, items, STORM_SETTINGS, hash).state).toBe(state);
    expect(decide(state, [], STORM_SETTINGS, hash).state).toBe(state);
  });
});
