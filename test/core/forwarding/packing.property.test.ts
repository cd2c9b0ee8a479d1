import { fc, it } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import {
  type Pack,
  type Packable,
  Packer,
  type PackRules,
  payloadOf,
} from '../../../function/core/forwarding/packing.ts';

const items = fc.array(
  fc.record({ key: fc.constantFrom('a', 'b', 'c'), text: fc.json({ maxDepth: 1, stringUnit: 'grapheme' }) }),
  { maxLength: 60 },
);
const rules: fc.Arbitrary<PackRules> = fc.record({
  envelope: fc.boolean(),
  records: fc.integer({ min: 1, max: 20 }),
  bytes: fc.integer({ min: 20, max: 400 }),
  oneKey: fc.boolean(),
});

function packsOf(all: readonly Packable[], by: PackRules): Pack<Packable>[] {
  const packer = new Packer(by);
  const packs = all.flatMap((item) => packer.add(item) ?? []);
  return [...packs, ...[packer.finish() ?? []].flat()];
}

describe('packs', () => {
  it.prop([items, rules])('hold every record once, in order', (all, by) => {
    expect(packsOf(all, by).flatMap((pack) => pack.items)).toEqual(all);
  });

  it.prop([items, rules])(
    'are JSON of the size they say, and within every bound unless a record goes alone',
    (all, by) => {
      for (const pack of packsOf(all, by)) {
        const payload = payloadOf(pack, by.envelope);
        const values = pack.items.map(({ text }) => JSON.parse(text) as unknown);
        expect(JSON.parse(payload)).toEqual(by.envelope ? { Records: values } : values[0]);
        expect(Buffer.byteLength(payload)).toBe(pack.bytes);
        expect(pack.items.length).toBeLessThanOrEqual(by.envelope ? by.records : 1);
        if (pack.items.length > 1) expect(pack.bytes).toBeLessThanOrEqual(by.bytes);
        expect(pack.key).toBe(pack.items[0]?.key);
        if (by.oneKey) expect(new Set(pack.items.map(({ key }) => key)).size).toBe(1);
      }
    },
  );

  it.prop([items, rules])('are as few as the order allows', (all, by) => {
    const packs = packsOf(all, by);
    for (const [index, pack] of packs.slice(1).entries()) {
      const before = packs[index];
      const [next] = pack.items;
      if (before === undefined || next === undefined || !by.envelope) continue;
      const fits =
        before.items.length < by.records &&
        before.bytes + 1 + Buffer.byteLength(next.text) <= by.bytes &&
        (!by.oneKey || before.key === next.key);
      expect(fits).toBe(false);
    }
  });
});
