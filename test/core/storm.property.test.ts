import { createHash } from 'node:crypto';
import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { SEVERITIES } from '../../function/core/severity.ts';
import { decide, STORM_SETTINGS, type StormDecision } from '../../function/core/storm.ts';
import type { StormItem } from '../../function/core/storm-key.ts';
import { readStormState, type StormState } from '../../function/core/storm-state.ts';

const hash = (text: string) => createHash('sha256').update(text).digest('hex');
const decideAfter = (state: StormState | undefined, items: readonly StormItem[]) =>
  decide(state, items, STORM_SETTINGS, hash);

const MARKS = ['succeeded', 'denied', 'detection:a', 'detection:b'];

/** Items with distinct keys, of few and of many principals and targets. */
const storm = (maxLength: number) =>
  fc
    .array(
      fc.record({
        principal: fc.oneof(fc.constantFrom('a', 'b'), fc.nat({ max: 80 }).map(String), fc.string()),
        target: fc.oneof(fc.constantFrom('x', 'y', ''), fc.nat({ max: 500 }).map(String)),
        severity: fc.constantFrom(...SEVERITIES),
        marks: fc.subarray(MARKS),
      }),
      { maxLength, size: 'max' },
    )
    .map((items) => items.map((item, index): StormItem => ({ ...item, dedupKey: `event ${index}` })));

/** Decides piece by piece, each state written and read in between, as DynamoDB keeps it. */
function inPieces(items: readonly StormItem[], cuts: readonly number[]): StormDecision[] {
  const ends = [...cuts.map((cut) => cut % (items.length + 1)), items.length].sort((a, b) => a - b);
  let state: StormState | undefined;
  let start = 0;
  return ends.flatMap((end) => {
    const piece = decideAfter(state, items.slice(start, end));
    state = readStormState(JSON.stringify(piece.state));
    start = end;
    return piece.decisions;
  });
}

describe('the storm rule', () => {
  test.prop([storm(400)])('gives every item one decision, and holds nobody’s first', (items) => {
    const { decisions, firsts, state } = decideAfter(undefined, items);
    expect(decisions).toHaveLength(items.length);
    expect(decisions.filter((decision) => decision === 'hold')).toHaveLength(state.held);
    const apart = new Set<string>();
    for (const [index, { principal }] of items.entries()) {
      if (!apart.has(principal) && apart.size < STORM_SETTINGS.foldFrom) {
        expect([decisions[index], firsts[index]]).toEqual(['publish', true]);
        apart.add(principal);
      }
      if (firsts[index]) expect(decisions[index]).toBe('publish');
    }
  });

  test.prop([storm(400), fc.array(fc.nat(), { maxLength: 8 })])(
    'decides the same however the items are cut into invocations',
    (items, cuts) => {
      expect(inPieces(items, cuts)).toEqual(decideAfter(undefined, items).decisions);
    },
  );

  test.prop([storm(400), fc.array(fc.nat(), { maxLength: 8 }), fc.nat()])(
    'gives each item one fate in whatever order and pieces they come, and counts every one that is held',
    (items, cuts, seed) => {
      const shuffled = items.toSorted((a, b) =>
        hash(`${seed} ${a.dedupKey}`) < hash(`${seed} ${b.dedupKey}`) ? -1 : 1,
      );
      const decisions = inPieces(shuffled, cuts);
      expect(decisions).toHaveLength(items.length);
      const state = decideAfter(undefined, shuffled).state;
      expect(decisions.filter((decision) => decision === 'hold')).toHaveLength(state.held);
    },
  );

  test.prop([storm(400)])(
    'publishes of a principal a few, and beyond them only as its count grows tenfold',
    (items) => {
      const { decisions } = decideAfter(undefined, items);
      const published = new Map<string, number>();
      const seen = new Map<string, StormItem[]>();
      for (const [index, item] of items.entries()) {
        seen.set(item.principal, [...(seen.get(item.principal) ?? []), item]);
        if (decisions[index] === 'hold') continue;
        published.set(item.principal, (published.get(item.principal) ?? 0) + 1);
      }
      for (const [principal, all] of seen) {
        const kinds = SEVERITIES.length + MARKS.length;
        const few = kinds + 1 + STORM_SETTINGS.furtherTargets + STORM_SETTINGS.criticalFirst;
        expect(published.get(principal) ?? 0).toBeLessThanOrEqual(few + Math.ceil(Math.log10(all.length + 1)));
      }
    },
  );

  test.prop([storm(300), fc.nat(), fc.nat()])(
    'publishes again what a retried part was to publish, and counts nothing of that twice',
    (items, from, length) => {
      const { decisions, firsts, state } = decideAfter(undefined, items);
      const start = from % (items.length + 1);
      const end = Math.min(items.length, start + length);
      const wasPublished = (index: number) => decisions[index] === 'publish';
      const retried = items.map((item, index) => ({ item, index })).slice(start, end);
      const toPublish = retried.filter(({ index }) => wasPublished(index));
      const again = decideAfter(
        state,
        toPublish.map(({ item }) => item),
      );
      expect(again.state).toBe(state);
      expect(again.decisions).toEqual(toPublish.map(() => 'publish'));
      expect(again.firsts).toEqual(toPublish.map(({ index }) => firsts[index]));
      const whole = decideAfter(
        state,
        retried.map(({ item }) => item),
      );
      for (const [at, { index }] of retried.entries()) {
        if (wasPublished(index)) expect(whole.decisions[at]).toBe('publish');
      }
    },
  );

  test.prop([storm(90)])('counts nothing twice while it remembers what it held', (items) => {
    const { decisions, state } = decideAfter(undefined, items);
    const again = decideAfter(state, items);
    expect(again.decisions).toEqual(decisions);
    expect(again.state).toBe(state);
  });

  test.prop([fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 10_000 }), fc.integer({ min: 1, max: 5 })], {
    numRuns: 8,
    examples: [
      [100, 10_000, 5],
      [10_000, 10_000, 5],
      [49, 7, 1],
    ],
  })('keeps a state below 100 KB after 10,000 items, whatever rotates', (principals, targets, severities) => {
    const items = Array.from(
      { length: 10_000 },
      (_, index): StormItem => ({
        dedupKey: `event ${index}`,
        principal: `${'principal '.repeat(20)}${index % principals}`,
        target: `${'target '.repeat(20)}${(index * 7) % targets}`,
        severity: SEVERITIES[SEVERITIES.length - 1 - (Math.floor(index / principals) % severities)] ?? 'critical',
        marks: [index % 3 ? 'succeeded' : 'denied', `detection:${index % 12}`],
      }),
    );
    const { state, decisions } = decideAfter(undefined, items);
    expect(JSON.stringify(state).length).toBeLessThan(100_000);
    expect(decisions.filter((decision) => decision === 'publish').length).toBeLessThan(50 * 38);
  });
});
