import { createHash } from 'node:crypto';
import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { type CountState, readCountState } from '../../function/core/count-memory.ts';
import { advance, type CountHit } from '../../function/core/count-state.ts';
import { Counts, countedMatches } from '../../function/core/counting.ts';
import { readRecord } from '../../function/core/record.ts';
import { detection, policyOf } from '../support/policies.ts';
import { record } from '../support/records.ts';

const hash = (text: string) => createHash('sha256').update(text).digest('hex');
const START = Date.parse('2026-11-20T12:00:00Z');
const rule = (atLeast: number) => ({ atLeast, withinMs: 60_000 });
const seconds = (...times: number[]): CountHit[] =>
  times.map((second, index) => ({ time: START + second * 1_000, eventID: `event ${index}` }));
const reached = (hits: readonly CountHit[], atLeast: number) => advance(undefined, hits, rule(atLeast), hash).reached;

/** Hits in order of time, some of which came twice. */
const inOrder = fc
  .array(fc.record({ second: fc.nat({ max: 300 }), hasId: fc.boolean(), repeats: fc.constantFrom(0, 0, 0, 1, 2) }), {
    maxLength: 80,
    size: 'max',
  })
  .map((calls) =>
    calls
      .sort((a, b) => a.second - b.second)
      .flatMap(({ second, hasId, repeats }, index) => {
        const hit: CountHit = { time: START + second * 1_000, ...(hasId && { eventID: `event ${index}` }) };
        return Array.from({ length: hasId ? repeats + 1 : 1 }, () => hit);
      }),
  );

/** Counts piece by piece, each state written and read in between, as DynamoDB keeps it. */
function inPieces(hits: readonly CountHit[], cuts: readonly number[], atLeast: number) {
  const ends = [...cuts.map((cut) => cut % (hits.length + 1)), hits.length].sort((a, b) => a - b);
  let state: CountState | undefined;
  let start = 0;
  const found = ends.flatMap((end) => {
    const piece = advance(state, hits.slice(start, end), rule(atLeast), hash);
    state = readCountState(JSON.stringify(piece.state));
    const indexes = piece.reached.map((index) => index + start);
    start = end;
    return indexes;
  });
  return { found, state };
}

/** What the command line finds in the same hits. */
function counted(hits: readonly CountHit[], atLeast: number): number[] {
  const policy = policyOf({ detections: [detection({ count: { atLeast, withinMinutes: 1, by: ['principal'] } })] });
  const counts = new Counts();
  for (const [position, { time, eventID }] of hits.entries()) {
    const read = readRecord(record({ eventTime: new Date(time).toISOString(), eventID }));
    if (!('unreadable' in read)) counts.add(position, countedMatches(policy, read));
  }
  return [...counts.firing().keys()].sort((a, b) => a - b);
}

/** Indexes without those of records that came before: the same record reaches the count whenever it comes. */
function withoutRepeats(hits: readonly CountHit[], indexes: readonly number[]): number[] {
  const firstOf = (index: number) => {
    const id = hits[index]?.eventID;
    return id === undefined ? index : hits.findIndex(({ eventID }) => eventID === id);
  };
  return [...new Set(indexes.map(firstOf))].sort((a, b) => a - b);
}

describe('counting on from what is remembered', () => {
  test.prop([inOrder, fc.array(fc.nat(), { maxLength: 8 }), fc.integer({ min: 2, max: 6 })])(
    'finds what counting all at once finds, however the records are cut into invocations',
    (hits, cuts, atLeast) => {
      expect(withoutRepeats(hits, inPieces(hits, cuts, atLeast).found)).toEqual(counted(hits, atLeast));
    },
  );

  test.prop([inOrder, fc.array(fc.nat(), { maxLength: 8 }), fc.integer({ min: 2, max: 6 }), fc.nat()])(
    'finds a match in a group where counting all at once finds one, and only there, in whatever order the records come',
    (hits, cuts, atLeast, seed) => {
      const shuffled = hits
        .map((hit, index) => ({ hit, rank: hash(`${seed} ${index}`) }))
        .sort((a, b) => (a.rank < b.rank ? -1 : 1))
        .map(({ hit }) => hit);
      const found = withoutRepeats(shuffled, inPieces(shuffled, cuts, atLeast).found);
      expect(found.length > 0).toBe(counted(hits, atLeast).length > 0);
      const distinct = new Set(shuffled.map(({ eventID }, index) => eventID ?? index)).size;
      expect(found.length * atLeast).toBeLessThanOrEqual(distinct);
    },
  );

  test.prop([inOrder, fc.nat(), fc.integer({ min: 2, max: 6 })])(
    'finds the same again when an invocation is retried after its state was written',
    (all, cut, atLeast) => {
      const hits = all.filter(({ eventID }) => eventID !== undefined);
      const at = cut % (hits.length + 1);
      const before = advance(undefined, hits.slice(0, at), rule(atLeast), hash);
      const first = advance(before.state, hits.slice(at), rule(atLeast), hash);
      const again = advance(first.state, hits.slice(at), rule(atLeast), hash);
      expect(again.reached).toEqual(first.reached);
      expect(again.state).toBe(first.state);
    },
  );

  test.prop([inOrder, fc.integer({ min: 2, max: 6 })])(
    'finds at least one match among enough records in one window, in whatever order they come',
    (all, atLeast) => {
      const hits = all.map((hit) => ({ ...hit, time: START + ((hit.time - START) % 60_000) })).reverse();
      const distinct = new Set(hits.map(({ eventID }, index) => eventID ?? index)).size;
      const pieces = hits.map((_, index) => index);
      const { found } = inPieces(hits, pieces, atLeast);
      expect(withoutRepeats(hits, found)).toHaveLength(Math.floor(distinct / atLeast));
    },
  );

  test.prop([
    fc.array(fc.record({ time: fc.integer({ min: 0, max: 4e12 }), eventID: fc.string() }), { maxLength: 300 }),
  ])('keeps no more than its bounds, whatever comes', (hits) => {
    const { state } = advance(undefined, hits, rule(10), hash);
    expect(state.open.length).toBeLessThanOrEqual(109);
  });

  test('lets the record that completes a count match, also when it is late', () => {
    const { state, reached: early } = advance(undefined, seconds(0, 100, 110), rule(3), hash);
    expect(early).toEqual([]);
    const late = [{ time: START + 90_000, eventID: 'late' }];
    expect(advance(state, late, rule(3), hash).reached).toEqual([0]);
  });

  test('counts the ends of its window in, and nothing beyond them', () => {
    expect(reached(seconds(0, 30, 60), 3)).toEqual([2]);
    expect(reached(seconds(0, 30, 61), 3)).toEqual([]);
  });

  test('counts on rightly from late records that it remembers in the order they came', () => {
    const late = advance(undefined, seconds(100), rule(3), hash);
    const { state } = advance(late.state, [{ time: START, eventID: 'late' }], rule(3), hash);
    const more = [50, 61].map((second) => ({ time: START + second * 1_000, eventID: `after ${second}` }));
    expect(advance(state, more, rule(3), hash).reached).toEqual([1]);
  });

  test('takes the Nth by time among those that came together', () => {
    expect(reached(seconds(2, 0, 1), 3)).toEqual([0]);
  });

  test('is not blinded by a record from the far future', () => {
    const { state } = advance(undefined, [{ time: Date.parse('9999-01-01'), eventID: 'x' }], rule(3), hash);
    expect(advance(state, seconds(0, 1, 2), rule(3), hash).reached).toEqual([2]);
  });

  test('counts ids that objects have as names, and very long ones', () => {
    const hits = ['__proto__', 'constructor', 'x'.repeat(100_000), 'x'.repeat(100_001)];
    expect(
      reached(
        hits.map((eventID) => ({ time: START, eventID })),
        2,
      ),
    ).toEqual([1, 3]);
  });

  test('keeps the highest count a detection may ask for within a DynamoDB item of 400 KB', () => {
    const { state } = advance(
      undefined,
      Array.from({ length: 40_000 }, (_, index) => ({ time: START + index * 100, eventID: `event ${index}` })),
      { atLeast: 10_000, withinMs: 900_000 },
      hash,
    );
    expect(state.open.length).toBe(10_499);
    expect(JSON.stringify(state).length).toBeLessThan(380_000);
  });

  test.each([undefined, '', 'null', '{"version":1}', '{"version":2,"open":[],"counted":[],"reached":[]}'])(
    'begins anew where %j was kept',
    (text) => {
      expect(readCountState(text)).toBeUndefined();
    },
  );
});
