import { SEVERITIES, type Severity } from '../../function/core/severity.ts';
import type { Verdict } from '../../function/core/verdict.ts';

/** What came in an hour, a day or a month, which begins at `from`; the five severities are of rated records. */
export interface Bucket extends Readonly<Record<Severity, number>> {
  readonly from: string;
  readonly received: number;
  readonly published: number;
}

/** What came when. `buckets`: those in which something came, in order, at most 2,000; the unit is the finest for which so many do. */
export interface VolumeReport {
  readonly unit: 'hour' | 'day' | 'month';
  readonly buckets: readonly Bucket[];
}

/** What came in one of the 24 hours of a day, UTC. */
export interface HourOfDay {
  readonly hour: number;
  readonly records: number;
  readonly published: number;
}

const MAX_BUCKETS = 2_000;

/** Characters of an eventTime that name the bucket, finest first, and what they lack to be a time. */
const UNITS = [
  { unit: 'hour', length: 13, rest: ':00:00Z' },
  { unit: 'day', length: 10, rest: 'T00:00:00Z' },
  { unit: 'month', length: 7, rest: '-01T00:00:00Z' },
] as const;

const RECEIVED = 0;
const PUBLISHED = 1;
const FIGURES = 2 + SEVERITIES.length;

/** The state of a volume as plain data, to go from one thread to another. */
export interface VolumeParts {
  readonly level: number;
  readonly counts: ReadonlyMap<string, readonly number[]>;
  /** By hour of the day: records, and published ones. */
  readonly hours: readonly (readonly number[])[];
}

/** Counts records by when they happened, in memory for 2,000 buckets. The result does not depend on the order of records. */
export class Volume {
  #level = 0;
  #counts = new Map<string, number[]>();
  readonly #hours = Array.from({ length: 24 }, () => [0, 0]);
  #lastHour = '';
  #last: number[] = [];
  #lastOfDay: number[] = [];

  /** Counts a record, or with `by` -1 takes it back. @param eventTime one that tells a time */
  count(eventTime: string, { severity, action }: Verdict, by = 1): void {
    // Neighbours happened at nearly one time.
    if (this.#lastHour === '' || !eventTime.startsWith(this.#lastHour)) {
      this.#last = this.#at(eventTime.slice(0, UNITS[this.#level]?.length));
      this.#lastHour = eventTime.slice(0, 13);
      this.#lastOfDay = this.#hours[Number(eventTime.slice(11, 13))] ?? [];
    }
    const [counts, ofDay] = [this.#last, this.#lastOfDay];
    add(counts, RECEIVED, by);
    add(ofDay, RECEIVED, by);
    if (severity !== null) add(counts, 2 + SEVERITIES.indexOf(severity), by);
    if (action !== 'publish') return;
    add(counts, PUBLISHED, by);
    add(ofDay, PUBLISHED, by);
  }

  /** Adds what another counted. */
  absorb({ level, counts, hours }: VolumeParts): void {
    for (const [hour, figures] of this.#hours.entries()) {
      for (const place of [RECEIVED, PUBLISHED]) add(figures, place, hours[hour]?.[place] ?? 0);
    }
    while (this.#level < level) this.#coarsen();
    for (const [name, figures] of counts) {
      const mine = this.#at(name.slice(0, UNITS[this.#level]?.length));
      for (const [place, figure] of figures.entries()) add(mine, place, figure);
    }
  }

  /** The state so far. */
  parts(): VolumeParts {
    return { level: this.#level, counts: this.#counts, hours: this.#hours };
  }

  /** The figures so far: the latest buckets, should there be more than 2,000 months. */
  report(): VolumeReport {
    const { unit, rest } = UNITS[this.#level] ?? UNITS[2];
    const inOrder = [...this.#counts].sort(([a], [b]) => (a < b ? -1 : 1)).slice(-MAX_BUCKETS);
    return {
      unit,
      buckets: inOrder.map(([name, [received = 0, published = 0, ...by]]) => {
        const [informational = 0, low = 0, medium = 0, high = 0, critical = 0] = by;
        return { from: `${name}${rest}`, received, published, informational, low, medium, high, critical };
      }),
    };
  }

  /** What came in each hour of the day. */
  hours(): readonly HourOfDay[] {
    return this.#hours.map(([records = 0, published = 0], hour) => ({ hour, records, published }));
  }

  #at(name: string): number[] {
    const known = this.#counts.get(name);
    if (known) return known;
    if (this.#counts.size >= MAX_BUCKETS && this.#level < UNITS.length - 1) {
      this.#coarsen();
      return this.#at(name.slice(0, UNITS[this.#level]?.length));
    }
    const counts = Array.from({ length: FIGURES }, () => 0);
    this.#counts.set(name, counts);
    return counts;
  }

  #coarsen(): void {
    const finer = this.#counts;
    this.#lastHour = '';
    this.#level++;
    this.#counts = new Map();
    for (const [name, figures] of finer) {
      const mine = this.#at(name.slice(0, UNITS[this.#level]?.length));
      for (const [place, figure] of figures.entries()) add(mine, place, figure);
    }
  }
}

function add(figures: number[], place: number, by: number): void {
  figures[place] = (figures[place] ?? 0) + by;
}
