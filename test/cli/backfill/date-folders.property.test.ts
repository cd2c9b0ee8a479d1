import { fc, it } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { dateFolders } from '../../../cli/backfill/date-folders.ts';

const NOW = new Date('2026-11-21T18:00:00Z');
const DAY = 86_400_000;
const time = fc.date({ min: new Date('2014-01-01'), max: new Date('2027-12-31'), noInvalidDate: true });

describe('the folders of a range', () => {
  it.prop([time, fc.integer({ min: 1, max: 900 * DAY })])(
    'hold every moment of it, once, in order, and little else',
    (from, length) => {
      const until = new Date(from.getTime() + length);
      const folders = dateFolders(from, until, NOW);
      expect([...folders].sort()).toEqual(folders);
      const holds = (at: number) => {
        const day = `${new Date(at).toISOString().slice(0, 10).replaceAll('-', '/')}/`;
        return folders.filter((folder) => day.startsWith(folder)).length;
      };
      for (let at = from.getTime(); at < until.getTime(); at += DAY) expect(holds(at)).toBe(1);
      expect(holds(until.getTime() - 1)).toBe(1);
      expect(holds(from.getTime() - 3 * DAY)).toBe(0);
      expect(holds(until.getTime() + 3 * DAY)).toBe(0);
    },
  );

  test('are days, months and years, as few as do', () => {
    const folders = dateFolders(new Date('2024-12-31'), new Date('2026-02-03'), NOW);
    expect(folders).toEqual([
      '2024/12/30/',
      '2024/12/31/',
      '2025/',
      '2026/01/',
      '2026/02/01/',
      '2026/02/02/',
      '2026/02/03/',
      '2026/02/04/',
    ]);
  });

  test('end today where the range has no end, and begin with CloudTrail where it has no beginning', () => {
    expect(dateFolders(new Date('2026-11-20T10:00:00Z'), undefined, NOW)).toEqual([
      '2026/11/19/',
      '2026/11/20/',
      '2026/11/21/',
      '2026/11/22/',
    ]);
    expect(dateFolders(undefined, new Date('2014-01-01'), NOW)).toEqual(['2013/', '2014/01/01/', '2014/01/02/']);
    expect(dateFolders(undefined, undefined, NOW)).toEqual(['']);
  });
});
