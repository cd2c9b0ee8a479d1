import type { ParseArgsOptionsConfig } from 'node:util';
import { type Location, locationOf } from '../backfill/location.ts';
import { type Arguments, SEVERITIES_OPTION } from '../command.ts';
import { wholeOf } from '../run/options.ts';
import { UsageError } from '../usage-error.ts';

/** What a reconciliation is asked to do. */
export interface ReconcileOptions {
  /** Milliseconds of history. */
  readonly since: number;
  readonly send: boolean;
  /** Findings a second, at most. */
  readonly rate: number;
  /** Where the history is, when not where the trail of the stack writes. */
  readonly location: Location | undefined;
  readonly outputs: string | undefined;
}

/** The options of the command, as parseArgs takes them. */
export const RECONCILE_OPTIONS = {
  since: { type: 'string' },
  send: { type: 'boolean' },
  rate: { type: 'string' },
  outputs: { type: 'string' },
  ...SEVERITIES_OPTION,
} as const satisfies ParseArgsOptionsConfig;

const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** The ledger remembers what was sent for 35 days. */
const MAX_SINCE = 30 * 86_400_000;

/** SNS delivers ten mails a second at most. */
const DEFAULT_RATE = 5;

/** @throws {UsageError} */
export function reconcileOptions({ inputs, options }: Arguments): ReconcileOptions {
  const [place, ...others] = inputs;
  if (others.length > 0) throw new UsageError('reconcile takes one place at most: s3://BUCKET/PREFIX');
  const { since, outputs } = options;
  return {
    since: durationIn(since),
    send: options['send'] === true,
    rate: wholeOf(options, 'rate', 1, 100) ?? DEFAULT_RATE,
    location: place === undefined ? undefined : locationOf(place),
    outputs: typeof outputs === 'string' ? outputs : undefined,
  };
}

function durationIn(text: Arguments['options'][string]): number {
  const [, number = '', unit = ''] = (typeof text === 'string' ? /^(\d{1,5})([mhd])$/.exec(text) : null) ?? [];
  const duration = Number(number) * (UNITS[unit] ?? Number.NaN);
  if (duration > 0 && duration <= MAX_SINCE) return duration;
  throw new UsageError('--since takes a time of 30 days at most: 90m, 24h, 7d');
}
