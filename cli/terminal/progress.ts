import type { Io } from '../command.ts';

/** Milliseconds between two redraws: ten a second. */
const EVERY = 100;

/** Seconds that must have passed before the time left is more than a guess. */
const SETTLED = 1;

/** What a progress line is about. */
export interface ProgressOptions {
  /** Bytes there are in all, as `advance` counts them; unknown where one input is standard input. */
  readonly total?: number | undefined;
  /** What is being done: `replaying`. */
  readonly label: string;
  /** Milliseconds, from any beginning. @default performance.now */
  readonly clock?: () => number;
}

/** How far work is. */
export interface Progress {
  /** More is done: so many bytes of input, so many records. Cheap: most calls draw nothing. */
  advance(bytes: number, records: number): void;
  /** Takes the line away. May be called twice. */
  end(): void;
}

/**
 * Shows how far work is on a terminal's standard error, at most ten times a second, and nothing anywhere else. Holds no
 * timer: what does not advance does not redraw, and nothing keeps the process alive.
 */
export function progress(
  { statusLine }: Pick<Io, 'statusLine'>,
  { total, label, clock = () => performance.now() }: ProgressOptions,
): Progress {
  if (statusLine === undefined) return { advance: () => undefined, end: () => undefined };
  const begun = clock();
  let [bytes, records, next, isOver] = [0, 0, begun + EVERY, false];
  return {
    advance(moreBytes, moreRecords) {
      bytes += moreBytes;
      records += moreRecords;
      const now = clock();
      if (isOver || now < next) return;
      next = now + EVERY;
      statusLine.show(progressWords({ label, bytes, records, total, seconds: (now - begun) / 1_000 }));
    },
    end() {
      isOver = true;
      statusLine.clear();
    },
  };
}

/** What a progress line says: `replaying  45 %, 1.2 GB, 1,234,567 records, 98,765 a second, 2 min left`. */
export function progressWords({
  label,
  bytes,
  records,
  total,
  seconds,
}: {
  readonly label: string;
  readonly bytes: number;
  readonly records: number;
  readonly total: number | undefined;
  readonly seconds: number;
}): string {
  const parts = [`${sizeOf(bytes)}`, `${wholeNumber(records)} records`];
  if (total !== undefined && total > 0) parts.unshift(`${Math.min(100, Math.floor((bytes / total) * 100))} %`);
  if (seconds > 0) parts.push(`${wholeNumber(records / seconds)} a second`);
  if (total !== undefined && bytes > 0 && seconds >= SETTLED) {
    parts.push(`${durationOf((Math.max(0, total - bytes) / bytes) * seconds)} left`);
  }
  return `${label}  ${parts.join(', ')}`;
}

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

function sizeOf(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(bytes) / 3));
  const amount = bytes / 1_000 ** power;
  return `${amount < 10 && power > 0 ? amount.toFixed(1) : Math.round(amount)} ${UNITS[power]}`;
}

function wholeNumber(figure: number): string {
  return Math.round(figure).toLocaleString('en-US');
}

function durationOf(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  if (seconds < 90 * 60) return `${Math.ceil(seconds / 60)} min`;
  return `${(seconds / 3_600).toFixed(1)} h`;
}
