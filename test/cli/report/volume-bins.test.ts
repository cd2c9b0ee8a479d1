import { describe, expect, it } from 'vitest';
import { binLabel, binsOf } from '../../../cli/report/page/volume-bins.ts';

const bucket = (from: string, high = 1) => ({
  from,
  received: 10,
  published: high,
  informational: 0,
  low: 0,
  medium: 0,
  high,
  critical: 0,
});

describe('bins of a volume', () => {
  it('leave room for times in which nothing came', () => {
    const bins = binsOf({ unit: 'hour', buckets: [bucket('2026-11-20T01:00:00Z'), bucket('2026-11-20T04:00:00Z')] });
    expect(bins.map(({ from, received }) => `${from} ${received}`)).toEqual([
      '2026-11-20T01:00:00Z 10',
      '2026-11-20T02:00:00Z 0',
      '2026-11-20T03:00:00Z 0',
      '2026-11-20T04:00:00Z 10',
    ]);
  });

  it('put neighbours together where there are too many, and lose none', () => {
    const buckets = Array.from({ length: 500 }, (_, day) =>
      bucket(`${new Date(Date.UTC(2025, 0, 1 + day)).toISOString().slice(0, 10)}T00:00:00Z`, 2),
    );
    const bins = binsOf({ unit: 'day', buckets }, 100);
    expect(bins.length).toBe(100);
    expect(bins.reduce((sum, { high }) => sum + high, 0)).toBe(1_000);
    for (const [index, { before }] of bins.slice(0, -1).entries()) expect(bins[index + 1]?.start).toBe(before);
  });

  it('are not flattened by one record of a false time', () => {
    const buckets = [bucket('2001-01-01T00:00:00Z'), bucket('2026-11-20T01:00:00Z'), bucket('2026-11-20T02:00:00Z')];
    expect(binsOf({ unit: 'hour', buckets })).toHaveLength(3);
  });

  it('end with their month', () => {
    const [bin] = binsOf({ unit: 'month', buckets: [bucket('2026-02-01T00:00:00Z')] });
    expect(new Date((bin?.before ?? 0) * 1000).toISOString()).toBe('2026-03-01T00:00:00.000Z');
  });

  it('are none where nothing tells its time', () => {
    expect(binsOf({ unit: 'hour', buckets: [] })).toEqual([]);
  });

  it.each([
    ['hour', '11-20 01:00'],
    ['day', '2026-11-20'],
    ['month', '2026-11'],
  ] as const)('by %s are called %s', (unit, label) => {
    expect(binLabel('2026-11-20T01:00:00Z', unit)).toBe(label);
  });
});
