import type { ColumnName } from '../page-data.ts';
import type { Asked } from './asked.ts';
import { button, element } from './elements.ts';
import type { FindingsTable } from './findings-table.ts';
import { searchRecords } from './search-records.ts';
import { severityMark } from './severity-mark.ts';
import type { Records } from './unpack.ts';
import { counted, figure, reasonName, SEVEREST_FIRST, TOLD, timeText } from './words.ts';

/** Choices of one filter; a search finds what is rarer. */
const MAX_CHOICES = 300;
/** Milliseconds of peace before a search begins. */
const PEACE_MS = 120;

const FILTERS: readonly (readonly [ColumnName, string])[] = [
  ['reason', 'Reason'],
  ['account', 'Account'],
  ['region', 'Region'],
  ['principal', 'Principal'],
  ['change', 'Change'],
  ['told', 'Told'],
];

/** The controls above the list of findings. They show what is asked, whoever asked it. */
export function filterControls(
  asked: Asked,
  table: FindingsTable,
  records: Records,
  accountName: (id: string) => string,
): HTMLElement {
  const labelOf = (name: ColumnName, text: string) =>
    name === 'account' ? accountName(text) : choiceLabel(name, text);
  const selects = FILTERS.flatMap((filter) => selectOf(filter, asked, table, labelOf));
  const chosenTime = button('', () => {
    asked.span = undefined;
    asked.changed();
  });
  const clear = button('Clear filters', () => asked.clear(), { class: 'clear' });
  const show = () => {
    chosenTime.hidden = asked.span === undefined;
    const [from = 0, before = 0] = asked.span ?? [];
    chosenTime.textContent = `${timeText(from)} to ${timeText(before)} ✕`;
    chosenTime.setAttribute('aria-label', `Time ${timeText(from)} to ${timeText(before)}: take this filter away`);
  };
  asked.onChange(show);
  show();
  return element(
    'div',
    { class: 'filters', role: 'search', 'aria-label': 'Findings' },
    searchField(asked, records),
    severityToggles(asked, table),
    element('div', { class: 'selects' }, ...selects, chosenTime, clear),
  );
}

function searchField(asked: Asked, records: Records): HTMLElement {
  const input = element('input', {
    type: 'search',
    id: 'search',
    placeholder: 'Search findings  ( / )',
    autocomplete: 'off',
    spellcheck: 'false',
    maxlength: 200,
  });
  const said = element('span', { class: 'muted', role: 'status' });
  let waiting: ReturnType<typeof setTimeout> | undefined;
  input.addEventListener('input', () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      asked.search = input.value;
      asked.inRecords = undefined;
      asked.changed();
    }, PEACE_MS);
  });
  const deep = button('Search records too', async () => {
    asked.search = input.value;
    const { words, search } = asked;
    if (words.length === 0) {
      said.textContent = 'Write what to search for first.';
      return;
    }
    const found = await searchRecords(records, words, (done) => {
      said.textContent = `Searched ${figure(done)} of ${counted(records.blocks, 'block')} of records`;
      return asked.search === search;
    });
    if (found === undefined) return;
    said.textContent = `Found in ${counted(found.size, 'record')}`;
    asked.inRecords = found;
    asked.changed();
  });
  asked.onChange(() => {
    if (asked.search === '' || input.value.trim() === '') input.value = asked.search;
    if (asked.inRecords === undefined) said.textContent = '';
  });
  addEventListener('keydown', (event) => {
    const isTyping = event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement;
    if (event.key !== '/' || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    input.focus();
  });
  return element(
    'div',
    { class: 'search' },
    element('label', { for: 'search', class: 'unseen' }, 'Search findings by words'),
    input,
    deep,
    said,
  );
}

function severityToggles(asked: Asked, table: FindingsTable): HTMLElement {
  const counts = new Map(table.counts('severity'));
  const there = SEVEREST_FIRST.filter((severity) => counts.has(severity));
  const toggles = there.map((severity) => {
    const toggle = button(
      severityMark(severity),
      () => {
        if (!asked.severities.delete(severity)) asked.severities.add(severity);
        asked.changed();
      },
      { class: 'toggle' },
    );
    toggle.append(element('span', { class: 'count' }, figure(counts.get(severity) ?? 0)));
    const show = () => toggle.setAttribute('aria-pressed', String(asked.severities.has(severity)));
    asked.onChange(show);
    show();
    return toggle;
  });
  return element('div', { class: 'toggles', role: 'group', 'aria-label': 'Severities listed' }, ...toggles);
}

function selectOf(
  [name, label]: readonly [ColumnName, string],
  asked: Asked,
  table: FindingsTable,
  labelOf: (name: ColumnName, text: string) => string,
): HTMLElement[] {
  const all = table.counts(name).filter(([text]) => text !== '');
  if (all.length === 0) return [];
  const choices = all.slice(0, MAX_CHOICES);
  const select = element('select', { id: `filter-${name}` });
  select.append(new Option(all.length > MAX_CHOICES ? `any; the ${MAX_CHOICES} commonest here` : 'any', ''));
  for (const [text, findings] of choices) {
    select.append(new Option(`${labelOf(name, text)} (${figure(findings)})`, text));
  }
  select.addEventListener('change', () => asked.ask(name, select.value));
  asked.onChange(() => {
    const wanted = asked.texts[name] ?? '';
    if (select.value === wanted) return;
    if (![...select.options].some(({ value }) => value === wanted)) select.append(new Option(wanted, wanted));
    select.value = wanted;
  });
  return [element('label', { for: `filter-${name}` }, element('span', {}, label), select)];
}

function choiceLabel(name: ColumnName, text: string): string {
  if (name === 'told') return TOLD[text] ?? text;
  return name === 'reason' ? reasonName(text) : text;
}
