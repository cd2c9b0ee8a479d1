import type { PageData } from '../page-data.ts';
import { Asked } from './asked.ts';
import { element, section } from './elements.ts';
import { filterControls } from './filters.ts';
import { FindingDialog } from './finding-dialog.ts';
import { FindingRows } from './finding-rows.ts';
import { FindingsList } from './findings-list.ts';
import type { FindingsTable } from './findings-table.ts';
import type { Navigator } from './reasons.ts';
import { Records } from './unpack.ts';
import { counted, figure } from './words.ts';

/** The part of the page with every finding, and what other parts ask of it. */
export interface Findings {
  readonly section: HTMLElement;
  readonly go: Navigator;
  /** Lists the findings of a span of time. */
  listSpan(span: readonly [number, number]): void;
}

/** Every finding: filters, the list, and the dialog that shows one. */
export function findingsPart(data: PageData, table: FindingsTable): Findings {
  const [asked, records] = [new Asked(), new Records(data.blocks)];
  let opened: Uint32Array = new Uint32Array();
  const accountName = (id: string) => data.accountNames[id] ?? id;
  const rows = new FindingRows(table, accountName, (position) => {
    opened = list.rows;
    void dialog.open(opened, position);
  });
  const list = new FindingsList(table, asked, rows);
  const dialog = new FindingDialog(records, data.explained, (position) => {
    if (opened === list.rows) list.focus(position);
  });
  const count = element('p', { class: 'result', role: 'status' });
  const tell = () => {
    count.textContent = `${figure(list.rows.length)} of ${counted(table.count, 'finding')}`;
  };
  asked.onChange(tell);
  tell();
  const whole = section(
    'findings',
    'Every finding',
    leadOf(data),
    filterControls(asked, table, records, accountName),
    count,
    list.frame,
    dialog.element,
  );
  const show = () => whole.scrollIntoView({ block: 'start' });
  return {
    section: whole,
    go: {
      list(name, text) {
        asked.askOnly(name, text);
        show();
        list.focus(0);
      },
      open(row) {
        opened = Uint32Array.of(row);
        void dialog.open(opened, 0);
      },
    },
    listSpan(span) {
      asked.clear();
      asked.span = span;
      asked.changed();
      show();
      list.focus(0);
    },
  };
}

function leadOf({ total, shown, comparison }: PageData): string {
  const what = comparison === null ? 'findings' : 'findings and changes';
  if (total === 0) return `There are no ${what}.`;
  if (shown === total) return `All ${figure(total)} ${what}, each down to its record.`;
  return `The page holds ${figure(shown)} of ${figure(total)} ${what}: the severest, and of the least severe among them the newest. All figures above are of all ${figure(total)}.`;
}
