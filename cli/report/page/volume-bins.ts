import { SEVERITIES } from '../../../function/core/severity.ts';
import type { Bucket, VolumeReport } from '../../replay/volume.ts';

type Unit = VolumeReport['unit'];

/** Neighbouring buckets as one, from `start` to before `before`, both in seconds after 1970. */
export interface Bin extends Bucket {
  readonly start: number;
  readonly before: number;
}

/** Bars that can be told apart. */
const MAX_BINS = 120;
/** Empty units drawn for each that is not: one record of a false time does not flatten the rest. */
const MAX_EMPTY = 20;

/** The buckets as at most so many bins of equal length, times in which nothing came among them. */
export function binsOf({ unit, buckets }: VolumeReport, most = MAX_BINS): readonly Bin[] {
  const filled = filledUp(unit, buckets);
  const together = Math.ceil(filled.length / most);
  const bins: Bin[] = [];
  for (let at = 0; at < filled.length; at += together) {
    const part = filled.slice(at, at + together);
    const [first, last] = [part[0], part[part.length - 1]];
    if (first !== undefined && last !== undefined) bins.push(binOf(first, last, part, unit));
  }
  return bins;
}

function filledUp(unit: Unit, buckets: readonly Bucket[]): readonly Bucket[] {
  const known = new Map(buckets.map((bucket) => [secondsOf(bucket.from), bucket]));
  const times = [...known.keys()];
  const [first = 0, last = 0] = [Math.min(...times), Math.max(...times)];
  const filled: Bucket[] = [];
  for (let at = first; at <= last; at = endOf(at, unit)) {
    filled.push(known.get(at) ?? { ...NOTHING, from: `${new Date(at * 1000).toISOString().slice(0, 19)}Z` });
    if (filled.length > MAX_EMPTY * (buckets.length + 10)) return buckets;
  }
  return buckets.length === 0 ? [] : filled;
}

const NOTHING = { received: 0, published: 0, informational: 0, low: 0, medium: 0, high: 0, critical: 0 };

function binOf(first: Bucket, last: Bucket, part: readonly Bucket[], unit: Unit): Bin {
  const sum = (name: Exclude<keyof Bucket, 'from'>) => part.reduce((total, bucket) => total + bucket[name], 0);
  const [informational = 0, low = 0, medium = 0, high = 0, critical = 0] = SEVERITIES.map(sum);
  return {
    from: first.from,
    start: secondsOf(first.from),
    before: endOf(secondsOf(last.from), unit),
    received: sum('received'),
    published: sum('published'),
    informational,
    low,
    medium,
    high,
    critical,
  };
}

function secondsOf(from: string): number {
  return Date.parse(from) / 1000;
}

function endOf(seconds: number, unit: Unit): number {
  const end = new Date(seconds * 1000);
  if (unit === 'hour') end.setUTCHours(end.getUTCHours() + 1);
  else if (unit === 'day') end.setUTCDate(end.getUTCDate() + 1);
  else end.setUTCMonth(end.getUTCMonth() + 1);
  return end.getTime() / 1000;
}

/** The beginning of a bin in words, as long as its unit asks for. */
export function binLabel(from: string, unit: Unit): string {
  const date = new Date(from).toISOString();
  return unit === 'hour' ? date.slice(5, 16).replace('T', ' ') : date.slice(0, unit === 'day' ? 10 : 7);
}
