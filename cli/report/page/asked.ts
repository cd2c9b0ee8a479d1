import type { ColumnName } from '../page-data.ts';
import type { Question } from './findings-table.ts';
import { SEVEREST_FIRST } from './words.ts';

/** What is asked of the findings, as the person's controls have it. */
export class Asked {
  severities = new Set<string>(SEVEREST_FIRST);
  texts: Partial<Record<ColumnName, string>> = {};
  search = '';
  inRecords: ReadonlySet<number> | undefined;
  span: readonly [number, number] | undefined;
  readonly #listeners: (() => void)[] = [];

  /** Calls at every change. */
  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** Tells of a change. */
  changed(): void {
    for (const listener of this.#listeners) listener();
  }

  /** Asks for findings with this text of a column, or with the empty one for any. */
  ask(name: ColumnName, text: string): void {
    const { [name]: _, ...others } = this.texts;
    this.texts = text === '' ? others : { ...others, [name]: text };
    this.changed();
  }

  /** Asks for all, then for those with this text. */
  askOnly(name: ColumnName, text: string): void {
    this.clear();
    this.ask(name, text);
  }

  /** Asks for all. */
  clear(): void {
    this.severities = new Set(SEVEREST_FIRST);
    this.texts = {};
    this.search = '';
    this.inRecords = undefined;
    this.span = undefined;
    this.changed();
  }

  /** The words of the search, lower case. */
  get words(): readonly string[] {
    return this.search.toLowerCase().split(/\s+/).filter(Boolean);
  }

  /** What is asked, for the findings' table. */
  get question(): Question {
    const { severities, texts, words, inRecords, span } = this;
    return { severities, texts, words, inRecords, span };
  }
}
