import { fc, it } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { nextBatch, sizeOf } from '../../../function/core/forwarding/batching.ts';

const MIB = 1024 * 1024;
// Never written to, so that entries may share it.
const BYTES = new Uint8Array(10 * MIB);
const entries = fc.array(
  fc.record({
    key: fc.constantFrom('a', 'b', 'c', 'd'),
    bytes: fc.oneof(
      { weight: 6, arbitrary: fc.integer({ min: 0, max: MIB }) },
      { weight: 1, arbitrary: fc.integer({ min: 0, max: 10 * MIB - 1 }) },
    ),
  }),
  { maxLength: 40 },
);
const sized = (all: readonly { key: string; bytes: number }[]) =>
  all.map(({ key, bytes }, place) => ({ key, place, data: BYTES.subarray(0, bytes) }));

describe('requests', () => {
  it.prop([entries, fc.boolean()])('take every entry once, within the limits, until none is left', (all, oneOfAKey) => {
    let waiting: readonly ReturnType<typeof sized>[number][] = sized(all);
    const taken: number[] = [];
    while (waiting.length > 0) {
      const { batch, left } = nextBatch(waiting, oneOfAKey);
      expect(batch.length).toBeGreaterThan(0);
      expect(batch.length + left.length).toBe(waiting.length);
      const bytes = batch.reduce((sum, entry) => sum + sizeOf(entry), 0);
      if (batch.length > 1) expect(bytes).toBeLessThanOrEqual(5 * MIB);
      taken.push(...batch.map(({ place }) => place));
      waiting = left;
    }
    expect([...taken].sort((a, b) => a - b)).toEqual(all.map((_, place) => place));
  });

  it.prop([entries])('that keep order take one entry of a key, the earliest', (all) => {
    let waiting: readonly ReturnType<typeof sized>[number][] = sized(all);
    while (waiting.length > 0) {
      const { batch, left } = nextBatch(waiting, true);
      for (const { key, place } of batch) {
        expect(batch.filter((other) => other.key === key).length).toBe(1);
        for (const other of left.filter((entry) => entry.key === key)) expect(other.place).toBeGreaterThan(place);
      }
      expect(left.map(({ place }) => place)).toEqual(left.map(({ place }) => place).sort((a, b) => a - b));
      waiting = left;
    }
  });

  it('take 500 entries at most', () => {
    const all = sized(Array.from({ length: 501 }, (_, index) => ({ key: `key-${index}`, bytes: 1 })));
    expect(nextBatch(all, false)).toMatchObject({ batch: { length: 500 }, left: [{ place: 500 }] });
  });
});
