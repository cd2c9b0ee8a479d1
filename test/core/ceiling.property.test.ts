import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { underCeiling } from '../../function/core/ceiling.ts';
import { compareSeverities, SEVERITIES } from '../../function/core/severity.ts';

const candidates = fc.array(fc.record({ severity: fc.constantFrom(...SEVERITIES), first: fc.boolean() }));
const allowance = fc.integer({ min: -5, max: 30 });

describe('the ceiling', () => {
  test.prop([candidates, allowance])('never holds the first of a key at critical', (all, allowed) => {
    const decisions = underCeiling(all, allowed);
    for (const [index, { severity, first }] of all.entries()) {
      if (severity === 'critical' && first) expect(decisions[index]).toBe('publish');
    }
  });

  test.prop([candidates, allowance])('lets as many through as it allows, and no others', (all, allowed) => {
    const always = all.filter(({ severity, first }) => severity === 'critical' && first).length;
    const through = underCeiling(all, allowed).filter((decision) => decision === 'publish').length;
    expect(through).toBe(Math.max(always, Math.min(Math.max(allowed, 0), all.length)));
  });

  test.prop([candidates, allowance])('holds nothing that is worth more than what it lets through', (all, allowed) => {
    const decisions = underCeiling(all, allowed);
    const [through, held] = (['publish', 'hold'] as const).map((wanted) =>
      all.filter((_, index) => decisions[index] === wanted),
    );
    for (const one of held ?? []) {
      for (const other of through ?? []) {
        const order = compareSeverities(other.severity, one.severity);
        expect(order).toBeGreaterThanOrEqual(0);
        if (order === 0) expect(Number(other.first)).toBeGreaterThanOrEqual(Number(one.first));
      }
    }
  });

  test('holds the latest of equals', () => {
    const same = { severity: 'high', first: false } as const;
    expect(underCeiling([same, same, same], 2)).toEqual(['publish', 'publish', 'hold']);
  });
});
