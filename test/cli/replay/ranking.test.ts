import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { Ranking } from '../../../cli/replay/ranking.ts';

const ranked = (names: readonly string[], capacity: number) => {
  const ranking = new Ranking<string>(capacity);
  for (const name of names) ranking.count(name, name === 'loud', () => name);
  return ranking;
};

describe('a ranking', () => {
  it('puts first what was published most, then what came most, then by name', () => {
    const ranking = ranked(['b', 'a', 'often', 'often', 'loud'], 10);
    expect(ranking.top().map(({ of }) => of)).toEqual(['loud', 'often', 'a', 'b']);
    expect(ranking.top(1)).toEqual([{ of: 'loud', records: 1, published: 1 }]);
    expect(ranking.isComplete).toBe(true);
  });

  it('keeps the frequent ones when more names come than it holds, and says that it is not complete', () => {
    const strangers = Array.from({ length: 1_000 }, (_, index) => `stranger ${index}`);
    const names = ['loud', ...Array.from({ length: 50 }, () => 'often'), ...strangers];
    const ranking = ranked(names, 10);
    expect(ranking.isComplete).toBe(false);
    expect(ranking.top(2)).toEqual([
      { of: 'loud', records: 1, published: 1 },
      { of: 'often', records: 50, published: 0 },
    ]);
    expect(ranking.top().length).toBeLessThanOrEqual(10);
  });

  property.prop([fc.array(fc.integer({ min: 0, max: 30 }).map(String)), fc.integer({ min: 2, max: 12 })])(
    'never holds more names than it may, nor counts one more often than it came',
    (names, capacity) => {
      const ranking = ranked(names, capacity);
      const top = ranking.top();
      expect(top.length).toBeLessThanOrEqual(capacity);
      for (const { of, records } of top) {
        const came = names.filter((name) => name === of).length;
        if (ranking.isComplete) expect(records).toBe(came);
        else expect(records).toBeLessThanOrEqual(came);
      }
    },
  );
});
