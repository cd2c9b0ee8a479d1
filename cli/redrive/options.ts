import type { ParseArgsOptionsConfig } from 'node:util';
import type { Arguments } from '../command.ts';
import { UsageError } from '../usage-error.ts';

/** What a redrive is asked to do, whatever it sends again. */
export interface RedriveOptions {
  readonly dryRun: boolean;
  /** At most so many a second. */
  readonly rate: number;
  /** At most so many all together. */
  readonly max: number;
  /** The queue to read, when not the stack's. */
  readonly queueUrl: string | undefined;
  /** A file of the stack's outputs, when Terraform is not to be asked. */
  readonly outputs: string | undefined;
  /** Set to read failed invocations; the bucket when not the stack's. */
  readonly failures: { readonly bucket: string | undefined; readonly keep: boolean } | undefined;
}

/** The options of the command, as parseArgs takes them. */
export const REDRIVE_OPTIONS = {
  'dry-run': { type: 'boolean' },
  rate: { type: 'string' },
  max: { type: 'string' },
  queue: { type: 'string' },
  outputs: { type: 'string' },
  failures: { type: 'boolean' },
  keep: { type: 'boolean' },
} as const satisfies ParseArgsOptionsConfig;

/** SNS delivers ten mails a second at most: more a second would only wait there. */
const DEFAULT_RATE = 5;
const MAX_RATE = 100;

/** @throws {UsageError} for numbers that are none, and for options that do not go together */
export function redriveOptions({ inputs, options }: Arguments): RedriveOptions {
  const { queue, outputs } = options;
  const wantsFailures = options['failures'] === true;
  const [bucket, ...more] = inputs;
  if (more.length > 0 || (bucket !== undefined && !wantsFailures)) {
    throw new UsageError('only --failures takes a name: that of one bucket');
  }
  if (wantsFailures && queue !== undefined)
    throw new UsageError('--failures reads a bucket, --queue a queue: give one');
  if (!wantsFailures && options['keep'] === true) throw new UsageError('--keep goes with --failures');
  return {
    dryRun: options['dry-run'] === true,
    rate: wholeNumber(options['rate'], '--rate', MAX_RATE) ?? DEFAULT_RATE,
    max: wholeNumber(options['max'], '--max', Number.MAX_SAFE_INTEGER) ?? Number.POSITIVE_INFINITY,
    queueUrl: typeof queue === 'string' ? queue : undefined,
    outputs: typeof outputs === 'string' ? outputs : undefined,
    failures: wantsFailures ? { bucket, keep: options['keep'] === true } : undefined,
  };
}

function wholeNumber(value: Arguments['options'][string], name: string, most: number): number | undefined {
  if (typeof value !== 'string') return undefined;
  const number = /^\d{1,15}$/.test(value) ? Number(value) : 0;
  if (number < 1 || number > most) {
    const bound = most === Number.MAX_SAFE_INTEGER ? 'of 1 or more' : `from 1 to ${most}`;
    throw new UsageError(`${name} takes a whole number ${bound}, not ${JSON.stringify(value.slice(0, 40))}`);
  }
  return number;
}
