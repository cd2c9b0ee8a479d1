import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

const RECORDS = new URL('../../../shared/data/records.ndjson.gz', import.meta.url);
const CASES = new URL('../../../shared/data/panther-tests.ndjson.gz', import.meta.url);

/** What a test says where {@link RECORDS_AT_HAND} or {@link CASES_AT_HAND} is false: the corpora are no part of a checkout. */
export const SKIPPED = '(skipped where ../shared/data is not at hand)';

/** Whether the 4,053 real records are there. */
export const RECORDS_AT_HAND = existsSync(RECORDS);

/** Whether the labelled cases are there. */
export const CASES_AT_HAND = existsSync(CASES);

/** One real record, by its line in the file, counted from 1. */
export interface Line {
  readonly line: number;
  readonly record: Readonly<Record<string, unknown>>;
}

/** First and last line of a part of the records, both within. */
export type Range = readonly [first: number, last: number];

/** One account during an attack exercise, 55 minutes long. */
export const EXERCISE: readonly Range[] = [[1, 2900]];

/** Ordinary work: a catalogue of everyday records, and a small account's trail. */
export const ORDINARY: readonly Range[] = [
  [2901, 3791],
  [3977, 3994],
];

/** A public attack playground, and single records that other projects test with. */
export const SAMPLES: readonly Range[] = [
  [3792, 3976],
  [3995, 4053],
];

/** The records of some lines. */
export function linesOf(ranges: readonly Range[]): Line[] {
  const lines = textLines(RECORDS);
  return ranges.flatMap(([first, last]) =>
    lines.slice(first - 1, last).map((text, index) => ({ line: first + index, record: JSON.parse(text) })),
  );
}

/** A record another project's rule is tested with; `expected` is whether that rule fires. */
export interface LabelledCase {
  readonly rule_id: string;
  readonly test_name: string;
  readonly expected: boolean;
  /** Whether the rule asks something else than the record, which its test answers for it. */
  readonly mocked: boolean;
  readonly event: Readonly<Record<string, unknown>>;
}

/** Every labelled case of the file. */
export function labelledCases(): LabelledCase[] {
  return textLines(CASES).map((text) => JSON.parse(text));
}

function textLines(file: URL): string[] {
  return gunzipSync(readFileSync(file)).toString('utf8').trimEnd().split('\n');
}
