import type { ColumnName, Columns, TextColumn } from '../page-data.ts';
import { isSeverity, SEVEREST_FIRST } from './words.ts';

/** What a person asks for. Of each kind of text: one of them, or with undefined any. */
export interface Question {
  readonly severities: ReadonlySet<string>;
  readonly texts: Readonly<Partial<Record<ColumnName, string>>>;
  /** Words that must all be in the finding's texts, or in its record where `inRecords` tells so. */
  readonly words: readonly string[];
  /** Findings whose records hold each word, once they have been searched. */
  readonly inRecords: ReadonlySet<number> | undefined;
  /** Seconds after 1970: from the first to before the second. */
  readonly span: readonly [from: number, before: number] | undefined;
}

/** What findings can be put in order of. */
export type SortKey = 'time' | ColumnName;

/** The texts that a search looks through. */
const SEARCHED: readonly ColumnName[] = [
  'what',
  'call',
  'reason',
  'principal',
  'account',
  'region',
  'sourceIPAddress',
  'errorCode',
  'eventID',
];

/** All findings of the page, by number, in columns. */
export class FindingsTable {
  readonly count: number;
  /** Seconds after 1970. */
  readonly times: Float64Array;
  readonly #ids: Readonly<Record<ColumnName, Uint32Array>>;
  readonly #texts: Columns['texts'];
  readonly #lower = new Map<ColumnName, readonly string[]>();
  #order: Uint32Array;

  constructor({ times, texts }: Columns) {
    this.count = times.length;
    let time = 0;
    this.times = Float64Array.from(times, (step) => {
      time += step;
      return time;
    });
    const ids = Object.entries(texts).map(([name, column]) => [name, Uint32Array.from(column.ids)]);
    this.#ids = Object.fromEntries(ids);
    this.#texts = texts;
    this.#order = new Uint32Array(this.count);
    this.sort('severity', false);
  }

  /** A text of a finding. */
  text(name: ColumnName, row: number): string {
    return this.#texts[name].values[this.#ids[name][row] ?? -1] ?? '';
  }

  /** Every text of a column with the number of findings that have it, most first. */
  counts(name: ColumnName): readonly (readonly [text: string, findings: number])[] {
    const { values } = this.#texts[name];
    const counts = new Uint32Array(values.length);
    for (const id of this.#ids[name]) counts[id] = (counts[id] ?? 0) + 1;
    return values.map((text, id) => [text, counts[id] ?? 0] as const).sort(([, a], [, b]) => b - a);
  }

  /** Puts all findings in order: equals newest first. Severity runs from least to severest. */
  sort(key: SortKey, isAscending: boolean): void {
    const { times } = this;
    const rows = this.#order.map((_, index) => index);
    const sign = isAscending ? 1 : -1;
    const newestFirst = (a: number, b: number) => (times[b] ?? 0) - (times[a] ?? 0) || b - a;
    if (key === 'time') {
      rows.sort((a, b) => -sign * newestFirst(a, b));
    } else {
      const [ids, ranks] = [this.#ids[key], ranksOf(key, this.#texts[key])];
      const rankOf = (row: number) => ranks[ids[row] ?? 0] ?? 0;
      rows.sort((a, b) => sign * (rankOf(a) - rankOf(b)) || newestFirst(a, b));
    }
    this.#order = rows;
  }

  /** The findings that a question is about, in order. */
  find({ severities, texts, words, inRecords, span }: Question): Uint32Array {
    const tests: ((row: number) => boolean)[] = [];
    if (severities.size < SEVEREST_FIRST.length) tests.push(this.#has('severity', (text) => severities.has(text)));
    for (const name of Object.keys(texts) as ColumnName[]) {
      const wanted = texts[name];
      if (wanted !== undefined) tests.push(this.#has(name, (text) => text === wanted));
    }
    if (span !== undefined) {
      const [from, before] = span;
      tests.push((row) => (this.times[row] ?? 0) >= from && (this.times[row] ?? 0) < before);
    }
    if (words.length > 0) {
      const told = words.map((word) => this.#says(word));
      tests.push((row) => inRecords?.has(row) === true || told.every((says) => says(row)));
    }
    return this.#order.filter((row) => tests.every((test) => test(row)));
  }

  /** Each different text is asked once, each finding only looked up. */
  #has(name: ColumnName, holds: (text: string) => boolean): (row: number) => boolean {
    const [ids, held] = [this.#ids[name], this.#texts[name].values.map(holds)];
    return (row) => held[ids[row] ?? -1] === true;
  }

  #says(word: string): (row: number) => boolean {
    const tests = SEARCHED.flatMap((name) => {
      const ids = this.#ids[name];
      const held = this.#lowerOf(name).map((text) => text.includes(word));
      return held.includes(true) ? [(row: number) => held[ids[row] ?? -1] === true] : [];
    });
    return (row) => tests.some((test) => test(row));
  }

  #lowerOf(name: ColumnName): readonly string[] {
    const known = this.#lower.get(name) ?? this.#texts[name].values.map((text) => text.toLowerCase());
    this.#lower.set(name, known);
    return known;
  }
}

function ranksOf(key: ColumnName, { values }: TextColumn): Uint32Array {
  const isLess = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
  const severity = (word: string) => (isSeverity(word) ? -SEVEREST_FIRST.indexOf(word) : 0);
  const inOrder = values
    .map((_, id) => id)
    .sort((a, b) => {
      const [one, other] = [values[a] ?? '', values[b] ?? ''];
      return key === 'severity' ? severity(one) - severity(other) : isLess(one, other);
    });
  const ranks = new Uint32Array(values.length);
  for (const [rank, id] of inOrder.entries()) ranks[id] = rank;
  return ranks;
}
