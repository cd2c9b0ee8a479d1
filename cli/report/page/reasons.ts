import type { ColumnName, PageData } from '../page-data.ts';
import { bar, button, element, section } from './elements.ts';
import type { FindingsTable } from './findings-table.ts';
import { severityMark } from './severity-mark.ts';
import { counted, figure, reasonKind, reasonName, timeText } from './words.ts';

/** What the parts of the page can ask of the list of findings. */
export interface Navigator {
  /** Lists the findings that have this text, and goes there. */
  list(name: ColumnName, text: string): void;
  /** Opens a finding. */
  open(row: number): void;
}

const MAX_EXAMPLES = 3;

/** What fired, most findings first, and why; and where it came from. */
export function reasonsSection(data: PageData, table: FindingsTable, go: Navigator): HTMLElement {
  const { reasons, report, comparison } = data;
  if (reasons.length === 0) return section('reasons', 'What fired and why', 'Nothing was published.');
  const most = Math.max(...reasons.map(({ findings }) => findings));
  const examples = examplesOf(table);
  return section(
    'reasons',
    'What fired and why',
    `The strongest reason of each finding${comparison === null ? '' : ', of both severities together'}, most findings first. Open one to read why it matters and see examples.`,
    element(
      'ol',
      { class: 'reasons' },
      ...reasons.map((figures) => reasonItem(figures, data, most, examples.get(figures.reason) ?? [], table, go)),
    ),
    element(
      'div',
      { class: 'ranks' },
      rank('Principals', report.principals, ({ name }) => name, 'principal', go),
      rank(
        'Accounts',
        report.accounts,
        ({ id }) => id,
        'account',
        go,
        ({ id, name }) => (name ? `${name} (${id})` : id),
      ),
      rank('Regions', report.regions, ({ name }) => name, 'region', go),
    ),
  );
}

function reasonItem(
  { reason, severity, findings, guardrail, ...told }: PageData['reasons'][number],
  { explained }: PageData,
  most: number,
  examples: readonly number[],
  table: FindingsTable,
  go: Navigator,
): HTMLElement {
  const said = explained[reason];
  const storm = [
    counted(told['at-once'], 'message'),
    told['held-back'] > 0 ? `${figure(told['held-back'])} in digests` : '',
    told.repeated > 0 ? `${figure(told.repeated)} sent before` : '',
  ].filter((text) => text !== '');
  const name = reasonName(reason);
  return element(
    'li',
    {},
    element(
      'details',
      {},
      element(
        'summary',
        {},
        severityMark(severity),
        element('span', { class: 'name' }, said?.title ?? name),
        element('span', { class: 'figures' }, bar(findings / most, severity), element('strong', {}, figure(findings))),
      ),
      element(
        'div',
        { class: 'why' },
        element(
          'p',
          { class: 'muted' },
          `${reasonKind(reason)} `,
          element('code', {}, name),
          ` · ${storm.join(', ')}${guardrail ? ' · guardrail' : ''}`,
        ),
        said?.why ? element('p', {}, said.why) : null,
        said && said.techniques.length > 0
          ? element('p', { class: 'muted' }, `ATT&CK ${said.techniques.join(', ')}`)
          : null,
        examples.length > 0 ? element('h3', {}, 'Examples') : null,
        element(
          'ul',
          { class: 'examples' },
          ...examples.map((row) => element('li', {}, exampleButton(row, table, go))),
        ),
        button(`List ${counted(findings, 'finding')}`, () => go.list('reason', reason)),
      ),
    ),
  );
}

/** A finding in one line that opens it. */
export function exampleButton(row: number, table: FindingsTable, go: Navigator): HTMLButtonElement {
  const made = button(table.text('what', row), () => go.open(row), { class: 'example' });
  const who = [table.text('principal', row), table.text('account', row), timeText(table.times[row] ?? 0)];
  made.append(element('span', { class: 'muted' }, who.filter((text) => text !== '').join(' · ')));
  return made;
}

function examplesOf(table: FindingsTable): ReadonlyMap<string, readonly number[]> {
  const examples = new Map<string, number[]>();
  for (let row = table.count - 1; row >= 0; row--) {
    const reason = table.text('reason', row);
    const known = examples.get(reason);
    if (known === undefined) examples.set(reason, [row]);
    else if (known.length < MAX_EXAMPLES) known.push(row);
  }
  return examples;
}

function rank<T extends { readonly published: number; readonly records: number }>(
  title: string,
  entries: readonly T[],
  name: (entry: T) => string,
  column: ColumnName,
  go: Navigator,
  label = name,
): HTMLElement {
  const loud = entries.filter(({ published }) => published > 0);
  const most = Math.max(1, ...loud.map(({ published }) => published));
  const items = loud.map((entry) =>
    element(
      'li',
      {},
      button(label(entry), () => go.list(column, name(entry)), { class: 'rank' }),
      bar(entry.published / most, 'neutral'),
      element('span', { class: 'number' }, figure(entry.published)),
    ),
  );
  return element(
    'div',
    {},
    element('h3', {}, `${title} with most findings`),
    element('ol', { class: 'rank-list' }, ...items),
  );
}
