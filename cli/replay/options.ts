import { availableParallelism } from 'node:os';
import type { ParseArgsOptionsConfig } from 'node:util';
import { SyntaxProblem } from '../../function/core/errors.ts';
import { type Arguments, SEVERITIES_OPTION } from '../command.ts';
import { UsageError } from '../usage-error.ts';
import type { Change } from './changes.ts';
import { millisecondsOf } from './facts.ts';
import { compileSelection, type Selection } from './selection.ts';
import { TIMELINES, type TimelineKind } from './timeline.ts';

/** The options of the command, as parseArgs takes them. */
export const REPLAY_OPTIONS = {
  ...SEVERITIES_OPTION,
  compare: { type: 'string' },
  'fail-on': { type: 'string' },
  where: { type: 'string' },
  since: { type: 'string' },
  until: { type: 'string' },
  timeline: { type: 'string' },
  jobs: { type: 'string' },
  html: { type: 'string' },
  json: { type: 'boolean' },
  markdown: { type: 'boolean' },
  watch: { type: 'boolean' },
} as const satisfies ParseArgsOptionsConfig;

/** The changes that `--fail-on` can name. */
const FAILING = ['new', 'lost', 'louder'] as const satisfies readonly Change[];

/** One of them. */
export type Failing = (typeof FAILING)[number];

/** What a command line asks a replay for. */
export interface ReplayChoice {
  readonly inputs: readonly string[];
  /** A folder or a git ref. */
  readonly compare: string | undefined;
  readonly failOn: readonly Failing[];
  readonly selection: Selection;
  readonly timeline: TimelineKind | undefined;
  readonly jobs: number;
  /** The file of the page. */
  readonly html: string | undefined;
  /** What standard output gets. */
  readonly format: 'text' | 'json' | 'markdown';
  readonly watch: boolean;
}

/** Threads at most, whatever the machine. */
const MAX_JOBS = 64;

/** Reads the command line. @param now what `24h` counts back from @throws {UsageError} */
export function replayChoice({ inputs, options }: Arguments, now: Date): ReplayChoice {
  if (inputs.length === 0) {
    throw new UsageError('replay takes inputs: files, folders, s3://BUCKET/PREFIX, or - for standard input');
  }
  const text = (name: keyof typeof REPLAY_OPTIONS) => {
    const value = options[name];
    return typeof value === 'string' ? value : undefined;
  };
  const [compare, timeline] = [text('compare'), text('timeline')];
  const format = options['json'] === true ? 'json' : options['markdown'] === true ? 'markdown' : 'text';
  if (options['json'] === true && options['markdown'] === true) throw new UsageError('--json or --markdown, not both');
  if (format === 'markdown' && compare === undefined) {
    throw new UsageError('--markdown is of a comparison: add --compare DIR|GIT_REF');
  }
  const kind = TIMELINES.find((candidate) => candidate === timeline);
  if (timeline !== undefined && kind === undefined) throw new UsageError(`--timeline takes ${TIMELINES.join(', ')}`);
  if (kind !== undefined && format !== 'text') throw new UsageError(`--timeline is text: leave out --${format}`);
  const watch = options['watch'] === true;
  if (watch && (compare !== undefined || kind !== undefined || format !== 'text' || text('html') !== undefined)) {
    throw new UsageError(
      '--watch compares with itself and prints text: leave out --compare, --timeline, --html, --json',
    );
  }
  return {
    inputs,
    compare,
    failOn: failOnOf(text('fail-on'), compare),
    selection: selectionOf(text('where'), text('since'), text('until'), now),
    timeline: kind,
    jobs: jobsOf(text('jobs')),
    html: text('html'),
    format,
    watch,
  };
}

function failOnOf(list: string | undefined, compare: string | undefined): readonly Failing[] {
  if (list === undefined) return [];
  if (compare === undefined) throw new UsageError('--fail-on is about a comparison: add --compare DIR|GIT_REF');
  return list.split(',').map((word) => {
    const known = FAILING.find((change) => change === word.trim());
    if (known === undefined) throw new UsageError(`--fail-on takes ${FAILING.join(', ')}, separated by commas`);
    return known;
  });
}

function selectionOf(
  where: string | undefined,
  since: string | undefined,
  until: string | undefined,
  now: Date,
): Selection {
  const selection = { where, since: timeIn('since', since, now), until: timeIn('until', until, now) };
  try {
    compileSelection(selection);
  } catch (error) {
    if (!(error instanceof SyntaxProblem)) throw error;
    const { position, found, expected } = error;
    throw new UsageError(`--where, at ${position}: found ${found}, expected ${expected}`, { cause: error });
  }
  if (selection.since !== undefined && selection.until !== undefined && selection.since >= selection.until) {
    throw new UsageError('--since is not before --until');
  }
  return selection;
}

const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** A time as records have it, a day, or how long ago. */
function timeIn(option: string, text: string | undefined, now: Date): number | undefined {
  if (text === undefined) return undefined;
  const [, number, unit = ''] = /^(\d{1,6})([mhdw])$/.exec(text) ?? [];
  if (number !== undefined) return now.getTime() - Number(number) * (UNITS[unit] ?? 0);
  const time =
    millisecondsOf(text) ??
    (/^\d{4}-\d\d-\d\d$/.test(text) ? millisecondsOf(`${text}T00:00:00Z`) : undefined) ??
    (/^\d{4}-\d\d-\d\dT\d\d:\d\dZ$/.test(text) ? millisecondsOf(`${text.slice(0, -1)}:00Z`) : undefined);
  if (time === undefined) {
    throw new UsageError(`--${option} takes a time such as 2026-11-20T12:00:00Z, a day, or how long ago: 24h, 7d`);
  }
  return time;
}

function jobsOf(text: string | undefined): number {
  if (text === undefined) return Math.min(availableParallelism(), MAX_JOBS);
  const jobs = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (jobs < 1 || jobs > MAX_JOBS) throw new UsageError(`--jobs takes a number from 1 to ${MAX_JOBS}`);
  return jobs;
}
