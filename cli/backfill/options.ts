import type { ParseArgsOptionsConfig } from 'node:util';
import { type Arguments, SEVERITIES_OPTION } from '../command.ts';
import { ENDPOINT_OPTIONS } from '../run/endpoint.ts';
import { wholeOf } from '../run/options.ts';
import { UsageError } from '../usage-error.ts';
import { locationOf } from './location.ts';
import type { Selection } from './selection.ts';

/** Where a backfill takes objects. */
const BACKFILL_TARGETS = ['queue', 'opensearch', 'kinesis', 'report'] as const;
/** One of them. */
export type BackfillTarget = (typeof BACKFILL_TARGETS)[number];

/** What a backfill is asked to do, whatever its target. */
export interface BackfillOptions {
  readonly selection: Selection;
  readonly target: BackfillTarget;
  readonly dryRun: boolean;
  /** Objects a second, at most. */
  readonly rate: number;
  readonly concurrency: number;
  /** The state file, when not one named after the backfill. */
  readonly state: string | undefined;
}

/** The options of the command, as parseArgs takes them. `--to` stands for the target and, a second time, for a date. */
export const BACKFILL_OPTIONS = {
  from: { type: 'string' },
  to: { type: 'string', multiple: true },
  account: { type: 'string' },
  region: { type: 'string' },
  'dry-run': { type: 'boolean' },
  rate: { type: 'string' },
  concurrency: { type: 'string' },
  state: { type: 'string' },
  queue: { type: 'string' },
  alerts: { type: 'boolean' },
  stream: { type: 'string' },
  format: { type: 'string' },
  'partition-by': { type: 'string' },
  json: { type: 'boolean' },
  ...SEVERITIES_OPTION,
  ...ENDPOINT_OPTIONS,
} as const satisfies ParseArgsOptionsConfig;

const DEFAULT_RATE = 50;
const DEFAULT_CONCURRENCY = 4;

/** @throws {UsageError} */
export function backfillOptions({ inputs, options }: Arguments): BackfillOptions {
  const [place, ...others] = inputs;
  if (place === undefined || others.length > 0) throw new UsageError('backfill takes one place: s3://BUCKET/PREFIX');
  const { target, until } = readTo(options['to']);
  const { from, state } = options;
  const selection = {
    ...locationOf(place),
    from: typeof from === 'string' ? timeIn(from, '--from') : undefined,
    until: until === undefined ? undefined : endOf(until),
    accounts: listOf(options, 'account', /^\d{12}$/),
    regions: listOf(options, 'region', /^[a-z]{2,4}(?:-[a-z]+)+-\d+$/),
  };
  if (selection.from && selection.until && selection.from >= selection.until) {
    throw new UsageError('--from is not before --to');
  }
  return {
    selection,
    target,
    dryRun: options['dry-run'] === true,
    rate: wholeOf(options, 'rate', 1, 1_000) ?? DEFAULT_RATE,
    concurrency: wholeOf(options, 'concurrency', 1, 64) ?? DEFAULT_CONCURRENCY,
    state: typeof state === 'string' ? state : undefined,
  };
}

function readTo(value: Arguments['options'][string]): { readonly target: BackfillTarget; readonly until?: string } {
  const given = typeof value === 'string' ? [value] : Array.isArray(value) ? value : [];
  const targets = BACKFILL_TARGETS.filter((known) => given.includes(known));
  const dates = given.filter((text) => !BACKFILL_TARGETS.some((known) => known === text));
  const [target, second] = targets;
  const [until, another] = dates;
  if (target === undefined || second !== undefined || another !== undefined) {
    throw new UsageError(`--to takes ${BACKFILL_TARGETS.join(', ')} once, and a date once where the range has an end`);
  }
  return until === undefined ? { target } : { target, until };
}

/** A day is meant whole. */
function endOf(text: string): Date {
  const time = timeIn(text, '--to');
  return text.length === 10 ? new Date(time.getTime() + 24 * 60 * 60_000) : time;
}

function timeIn(text: string, option: string): Date {
  const isTime = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d)?Z)?$/.test(text);
  const time = new Date(text);
  // The engine takes the 31st of a shorter month for the first of the next.
  if (isTime && !Number.isNaN(time.getTime()) && time.toISOString().startsWith(text.slice(0, 10))) return time;
  throw new UsageError(`${option} takes a date, or a time in UTC: 2026-11-20, 2026-11-20T06:00Z`);
}

function listOf(options: Arguments['options'], name: string, form: RegExp): readonly string[] | undefined {
  const value = options[name];
  if (typeof value !== 'string') return undefined;
  const list = value.split(',').map((one) => one.trim());
  const wrong = list.find((one) => !form.test(one));
  if (wrong === undefined) return list;
  throw new UsageError(`--${name}: ${JSON.stringify(wrong.slice(0, 40))} is none; several are separated by commas`);
}
