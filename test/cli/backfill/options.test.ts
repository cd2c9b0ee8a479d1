import { describe, expect, it } from 'vitest';
import { locationOf } from '../../../cli/backfill/location.ts';
import { backfillOptions } from '../../../cli/backfill/options.ts';
import { progressLine } from '../../../cli/backfill/progress.ts';
import type { Arguments } from '../../../cli/command.ts';
import { reconcileOptions } from '../../../cli/reconcile/options.ts';
import { UsageError } from '../../../cli/usage-error.ts';

const options = (given: Arguments['options'], ...inputs: string[]) =>
  backfillOptions({ inputs: inputs.length > 0 ? inputs : ['s3://trail-logs/AWSLogs'], options: given });

describe('the options of backfill', () => {
  it('take --to for the target and for a date, in any order', () => {
    for (const to of [
      ['report', '2026-11-08'],
      ['2026-11-08', 'report'],
    ]) {
      const { target, selection } = options({ to });
      expect(target).toBe('report');
      expect(selection.until?.toISOString()).toBe('2026-11-09T00:00:00.000Z');
    }
  });

  it('take a time as it is, and lists of accounts and Regions', () => {
    const { selection } = options({
      to: ['queue', '2026-11-08T06:30Z'],
      from: '2026-11-01',
      account: '111122223333, 123456789012',
      region: 'eu-central-1',
    });
    expect(selection).toEqual({
      bucket: 'trail-logs',
      prefix: 'AWSLogs/',
      from: new Date('2026-11-01T00:00:00Z'),
      until: new Date('2026-11-08T06:30:00Z'),
      accounts: ['111122223333', '123456789012'],
      regions: ['eu-central-1'],
    });
  });

  it.each<[Arguments['options'], string]>([
    [{}, '--to takes'],
    [{ to: ['2026-11-08'] }, '--to takes'],
    [{ to: ['queue', 'report'] }, '--to takes'],
    [{ to: ['queue', '2026-11-08', '2026-11-09'] }, '--to takes'],
    [{ to: ['queue', 'tomorrow'] }, '--to takes a date'],
    [{ to: ['queue', '2026-02-30'] }, '--to takes a date'],
    [{ to: ['queue'], from: '20261108' }, '--from takes a date'],
    [{ to: ['queue', '2026-11-08'], from: '2026-11-09' }, '--from is not before --to'],
    [{ to: ['queue'], account: '1234' }, '--account'],
    [{ to: ['queue'], region: 'Frankfurt' }, '--region'],
    [{ to: ['queue'], rate: '0' }, '--rate takes a whole number from 1 to 1000'],
  ])('refuse %j', (given, words) => {
    expect(() => options(given)).toThrow(UsageError);
    expect(() => options(given)).toThrow(words);
  });
});

describe('a place', () => {
  it.each([
    ['s3://trail-logs', ''],
    ['s3://trail-logs/', ''],
    ['s3://trail-logs/audit', 'audit/'],
    ['s3://trail-logs/audit/AWSLogs/', 'audit/AWSLogs/'],
    ['s3://trail-logs/a/b.json.gz', 'a/b.json.gz'],
  ])('%s is below %j', (text, prefix) => {
    expect(locationOf(text)).toEqual({ bucket: 'trail-logs', prefix });
  });

  it.each(['trail-logs', 'https://trail-logs/', 's3://', 's3://X'])('is not %s', (text) => {
    expect(() => locationOf(text)).toThrow(UsageError);
  });
});

describe('progress', () => {
  it.each([
    [{ done: 0, failed: 0, total: undefined }, 1, '0 objects, the others being counted, 0.0 a second'],
    [{ done: 120, failed: 0, total: 3_000 }, 10, '120 of 3,000 objects (4 %), 12 a second, 4 min left'],
    [{ done: 3_000, failed: 2, total: 3_000 }, 60, '3,000 of 3,000 objects (100 %), 50 a second, 0 s left, 2 failed'],
    [{ done: 10, failed: 0, total: 100_000 }, 10, '10 of 100,000 objects (0 %), 1.0 a second, 27.8 h left'],
  ])('of %j after %d seconds', (figures, seconds, words) => {
    expect(progressLine(figures, seconds)).toBe(words);
  });
});

describe('the options of reconcile', () => {
  it.each([
    ['90m', 5_400_000],
    ['24h', 86_400_000],
    ['30d', 2_592_000_000],
  ])('take %s', (since, milliseconds) => {
    expect(reconcileOptions({ inputs: [], options: { since } }).since).toBe(milliseconds);
  });

  it.each([undefined, '24', '0h', '31d', '1w', '-1h'])('refuse %s', (since) => {
    expect(() => reconcileOptions({ inputs: [], options: { since } })).toThrow(UsageError);
  });
});
