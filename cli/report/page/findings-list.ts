import type { Asked } from './asked.ts';
import { button, element } from './elements.ts';
import type { FindingRows } from './finding-rows.ts';
import type { FindingsTable, SortKey } from './findings-table.ts';

/** Rows drawn above and below those in sight. */
const MARGIN = 8;
/** Rows in sight at most: a list that grows with its rows would never have enough of them. */
const MAX_IN_SIGHT = 80;
/** Rows of a printed list. */
const PRINTED = 60;

/** The list of findings: only the rows in sight are drawn, whatever their number. */
export class FindingsList {
  readonly frame: HTMLElement;
  readonly #table: FindingsTable;
  readonly #asked: Asked;
  readonly #drawing: FindingRows;
  readonly #body = element('tbody', { role: 'rowgroup' });
  readonly #above = spacer();
  readonly #below = spacer();
  readonly #grid: HTMLTableElement;
  #rows: Uint32Array = new Uint32Array();
  #sorted: { readonly key: SortKey; readonly isAscending: boolean } = { key: 'severity', isAscending: false };
  #active = 0;
  #drawn = '';
  #isPrinted = false;

  constructor(table: FindingsTable, asked: Asked, rows: FindingRows) {
    this.#table = table;
    this.#asked = asked;
    this.#drawing = rows;
    const caption = element(
      'caption',
      { class: 'unseen' },
      'Findings. Arrow keys go from row to row, Enter opens one.',
    );
    this.#grid = element('table', { class: 'findings', role: 'table' }, caption, this.#head(), this.#body);
    this.frame = element('div', { class: 'frame', tabindex: -1 }, this.#grid);
    this.frame.addEventListener('scroll', () => requestAnimationFrame(() => this.#draw()), { passive: true });
    this.#body.addEventListener('keydown', (event) => this.#onKey(event));
    new ResizeObserver(() => this.#draw(true)).observe(this.frame);
    addEventListener('beforeprint', () => this.#drawForPrint());
    addEventListener('afterprint', () => {
      this.#isPrinted = false;
      this.#draw(true);
    });
    asked.onChange(() => this.refresh());
    this.refresh();
  }

  /** The findings listed, in order. */
  get rows(): Uint32Array {
    return this.#rows;
  }

  /** Lists what is asked for, from the top. */
  refresh(): void {
    this.#rows = this.#table.find(this.#asked.question);
    this.#active = 0;
    this.#grid.setAttribute('aria-rowcount', String(this.#rows.length + 1));
    this.frame.scrollTop = 0;
    this.#draw(true);
  }

  /** Puts the row at a position into sight, and with the keyboard on it. */
  focus(position: number): void {
    this.#active = Math.max(0, Math.min(position, this.#rows.length - 1));
    const height = this.#rowHeight();
    const [top, room] = [this.#active * height, this.frame.clientHeight - this.#headHeight()];
    if (top < this.frame.scrollTop) this.frame.scrollTop = top;
    else if (top + height > this.frame.scrollTop + room) this.frame.scrollTop = top + height - room;
    this.#draw(true);
    this.#buttonOf(this.#active)?.focus({ preventScroll: true });
  }

  #head(): HTMLElement {
    const headings = this.#drawing.columns.map(([key, label]) => {
      const heading = element('th', { scope: 'col', role: 'columnheader', class: `of-${key}` });
      heading.append(button(label, () => this.#sortBy(key)));
      this.#asked.onChange(() => heading.setAttribute('aria-sort', this.#orderOf(key)));
      heading.setAttribute('aria-sort', this.#orderOf(key));
      return heading;
    });
    return element('thead', { role: 'rowgroup' }, element('tr', { role: 'row' }, ...headings));
  }

  #orderOf(key: SortKey): string {
    if (this.#sorted.key !== key) return 'none';
    return this.#sorted.isAscending ? 'ascending' : 'descending';
  }

  #sortBy(key: SortKey): void {
    const isNew = this.#sorted.key !== key;
    this.#sorted = { key, isAscending: isNew ? key !== 'severity' && key !== 'time' : !this.#sorted.isAscending };
    this.#table.sort(key, this.#sorted.isAscending);
    this.#asked.changed();
  }

  #draw(always = false): void {
    if (this.#isPrinted) return;
    const height = this.#rowHeight();
    const first = Math.max(0, Math.floor(this.frame.scrollTop / height) - MARGIN);
    const inSight = Math.min(MAX_IN_SIGHT, Math.ceil(this.frame.clientHeight / height));
    const last = Math.min(this.#rows.length, first + inSight + 2 * MARGIN);
    if (!always && this.#drawn === `${first} ${last}`) return;
    this.#above.style.setProperty('height', `${first * height}px`);
    this.#below.style.setProperty('height', `${(this.#rows.length - last) * height}px`);
    this.#drawRows(first, last);
  }

  #drawForPrint(): void {
    this.#isPrinted = true;
    for (const edge of [this.#above, this.#below]) edge.style.setProperty('height', '0px');
    this.#drawRows(0, Math.min(PRINTED, this.#rows.length));
  }

  #drawRows(first: number, last: number): void {
    const hadFocus = this.#body.contains(document.activeElement);
    this.#drawn = `${first} ${last}`;
    const rows = Array.from(this.#rows.subarray(first, last), (row, index) =>
      this.#drawing.row(row, first + index, first + index === this.#active),
    );
    this.#body.replaceChildren(this.#above, ...rows, this.#below);
    // The keyboard stays on its row while that is drawn, else on the list.
    if (hadFocus) (this.#buttonOf(this.#active) ?? this.frame).focus({ preventScroll: true });
    this.frame.tabIndex = this.#buttonOf(this.#active) ? -1 : 0;
  }

  #onKey(event: KeyboardEvent): void {
    const page = Math.max(1, Math.floor(this.frame.clientHeight / this.#rowHeight()) - 2);
    const goals: Readonly<Record<string, number>> = {
      ArrowDown: this.#active + 1,
      ArrowUp: this.#active - 1,
      PageDown: this.#active + page,
      PageUp: this.#active - page,
      Home: 0,
      End: this.#rows.length - 1,
    };
    const goal = goals[event.key];
    if (goal === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.focus(goal);
  }

  #buttonOf(position: number): HTMLElement | null {
    return this.#body.querySelector<HTMLElement>(`[data-position="${position}"]`);
  }

  #rowHeight(): number {
    return Number.parseFloat(getComputedStyle(this.frame).getPropertyValue('--row')) || 48;
  }

  #headHeight(): number {
    return this.#grid.tHead?.offsetHeight ?? 0;
  }
}

function spacer(): HTMLTableRowElement {
  return element('tr', { class: 'spacer', 'aria-hidden': 'true' });
}
