import type { ParseArgsOptionsConfig } from 'node:util';
import type { Arguments } from '../command.ts';
import { UsageError } from '../usage-error.ts';
import { ENDPOINT_OPTIONS } from './endpoint.ts';

/** Where a worker takes records. */
const RUN_TARGETS = ['stdout', 'opensearch', 'http', 'alerts'] as const;
/** One of them. */
export type RunTarget = (typeof RUN_TARGETS)[number];

/** What a worker is asked to do, whatever its target. */
export interface RunOptions {
  readonly queueUrl: string;
  /** As the queue's address says; undefined where it does not. */
  readonly region: string | undefined;
  readonly to: RunTarget;
  readonly keep: boolean;
  readonly concurrency: number;
  /** Seconds that messages in hand are hidden from others, time and again. */
  readonly hiddenSeconds: number;
}

/** The options of the command, as parseArgs takes them. */
export const RUN_OPTIONS = {
  queue: { type: 'string' },
  to: { type: 'string' },
  keep: { type: 'boolean' },
  concurrency: { type: 'string' },
  visibility: { type: 'string' },
  outputs: { type: 'string' },
  severities: { type: 'string' },
  ...ENDPOINT_OPTIONS,
} as const satisfies ParseArgsOptionsConfig;

const MAX_CONCURRENCY = 64;
const DEFAULT_CONCURRENCY = 4;
const DEFAULT_HIDDEN_SECONDS = 60;

/** @throws {UsageError} for what is missing, unknown, or no number in its range */
export function runOptions({ options }: Arguments): RunOptions {
  const { queue, to } = options;
  if (typeof queue !== 'string') throw new UsageError('--queue is missing: the URL of the queue');
  const target = RUN_TARGETS.find((known) => known === to);
  if (target === undefined) throw new UsageError(`--to takes one of ${RUN_TARGETS.join(', ')}`);
  return {
    queueUrl: queueUrlOf(queue, '--queue'),
    region: regionOfQueue(queue),
    to: target,
    keep: options['keep'] === true,
    concurrency: wholeOf(options, 'concurrency', 1, MAX_CONCURRENCY) ?? DEFAULT_CONCURRENCY,
    hiddenSeconds: wholeOf(options, 'visibility', 2, 43_200) ?? DEFAULT_HIDDEN_SECONDS,
  };
}

/** The URL of a queue as AWS writes it. @throws {UsageError} for anything else */
export function queueUrlOf(text: string, option: string): string {
  if (/^https?:\/\/[^\s/]+\/\d{12}\/[\w-]{1,80}(?:\.fifo)?$/.test(text)) return text;
  throw new UsageError(`${option} takes the URL of a queue: https://sqs.REGION.amazonaws.com/ACCOUNT/NAME`);
}

/** The URL of a queue to send to. @throws {UsageError} for a FIFO queue, too: what is sent here has no group */
export function targetQueueOf(text: string, option: string): string {
  if (!text.endsWith('.fifo')) return queueUrlOf(text, option);
  throw new UsageError(`${option} takes a standard queue, as notifications of S3 need it, and no FIFO queue`);
}

/** The Region that the URL of a queue names. */
export function regionOfQueue(url: string): string | undefined {
  return /^https:\/\/(?:sqs\.)?([a-z]{2,4}(?:-[a-z]+)+-\d+)\./.exec(url)?.[1];
}

/** A whole number in its range; undefined when it is not given. @throws {UsageError} */
export function wholeOf(options: Arguments['options'], name: string, least: number, most: number): number | undefined {
  const value = options[name];
  if (value === undefined) return undefined;
  const number = typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw new UsageError(`--${name} takes a whole number from ${least} to ${most}`);
}
