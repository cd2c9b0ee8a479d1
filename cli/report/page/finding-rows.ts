import { button, type Child, element } from './elements.ts';
import type { FindingsTable, SortKey } from './findings-table.ts';
import { severityMark } from './severity-mark.ts';
import { reasonName, TOLD, timeText } from './words.ts';

const COLUMNS: readonly (readonly [SortKey, string])[] = [
  ['severity', 'Severity'],
  ['time', 'Time, UTC'],
  ['what', 'Finding'],
  ['principal', 'Principal'],
  ['account', 'Account'],
  ['region', 'Region'],
  ['told', 'Told'],
];

/** The rows of the list of findings. */
export class FindingRows {
  /** What the list can be sorted by, and its headings. */
  readonly columns: readonly (readonly [SortKey, string])[];
  readonly #table: FindingsTable;
  readonly #accountName: (id: string) => string;
  readonly #open: (position: number) => void;

  constructor(table: FindingsTable, accountName: (id: string) => string, open: (position: number) => void) {
    this.#table = table;
    this.#accountName = accountName;
    this.#open = open;
    const hasChanges = table.counts('change').some(([text]) => text !== '');
    this.columns = hasChanges ? [...COLUMNS, ['change', 'Change']] : COLUMNS;
  }

  /** The row of a finding at a position of the list. `isActive`: the one that the tab key comes to. */
  row(row: number, position: number, isActive: boolean): HTMLElement {
    const table = this.#table;
    const severity = table.text('severity', row);
    const title = button(table.text('what', row), () => this.#open(position), {
      class: 'open',
      tabindex: isActive ? 0 : -1,
      'data-position': position,
    });
    const call = element('span', { class: 'call' }, callOf(table.text('call', row), table.text('reason', row)));
    const text = (shown: string) => element('span', { class: 'text' }, shown);
    const cellOf = (key: SortKey): Child => {
      if (key === 'severity') return severityMark(severity);
      if (key === 'time') return element('time', {}, timeText(table.times[row] ?? 0));
      if (key === 'what') return element('span', {}, title, call);
      if (key === 'account') return text(this.#accountName(table.text('account', row)));
      return key === 'told' ? text(TOLD[table.text('told', row)] ?? '') : text(table.text(key, row));
    };
    const cells = this.columns.map(([key]) => element('td', { role: 'cell', class: `of-${key}` }, cellOf(key)));
    const made = element('tr', { role: 'row', class: severity, 'aria-rowindex': position + 2 }, ...cells);
    made.addEventListener('click', ({ target }) => {
      if (target !== title && getSelection()?.isCollapsed !== false) this.#open(position);
    });
    return made;
  }
}

function callOf(call: string, reason: string): string {
  const name = reasonName(reason);
  return name === '' || name === call ? call : `${call} · ${name}`;
}
