import type { PageData } from '../page-data.ts';
import { bar, button, type Child, drawing, element, plainTable, section } from './elements.ts';
import { severityMark } from './severity-mark.ts';
import { setTheme, themeNow } from './theme.ts';
import { counted, figure, SEVEREST_FIRST } from './words.ts';

type Report = PageData['report'];

const PARTS = [
  ['published', 'published', 'someone is told'],
  ['logged', 'logged', 'kept to look at'],
  ['quiet', 'quiet', 'only counted'],
  ['whitelisted', 'whitelisted', 'never reported'],
  ['rejected', 'rejected', 'could not be read'],
] as const;

/** The page's head: what it is of, and the way to its parts. */
export function pageHeader(
  { title, report, comparison }: PageData,
  parts: readonly (readonly [string, string])[],
): HTMLElement {
  const theme = button('', () => {
    setTheme(themeNow() === 'dark' ? 'light' : 'dark');
    name();
  });
  const name = () => {
    theme.textContent = themeNow() === 'dark' ? 'Light' : 'Dark';
    theme.setAttribute('aria-label', `Change to ${theme.textContent.toLowerCase()} colours`);
  };
  name();
  const bell = drawing(
    { class: 'bell', viewBox: '0 0 24 24' },
    ['path', { d: 'M12 3a6 6 0 0 0-6 6v4.6L4.2 17h15.6L18 13.600V9a6 6 0 0 0-6-6z' }],
    ['path', { d: 'M9.500 19a2.500 2.500 0 0 0 5 0z' }],
  );
  return element(
    'header',
    { class: 'top' },
    element('p', { class: 'brand' }, bell, 'trailbell'),
    element(
      'div',
      { class: 'title' },
      element('h1', {}, title),
      element('p', { class: 'facts' }, ...facts(report, comparison?.proposed.policyVersion)),
    ),
    element(
      'div',
      { class: 'tools' },
      theme,
      button('Print', () => print()),
    ),
    element(
      'nav',
      { 'aria-label': 'Parts of the report' },
      ...parts.map(([id, label]) => element('a', { href: `#${id}` }, label)),
    ),
  );
}

function facts({ from, to, received, policyVersion }: Report, proposed?: string): readonly Child[] {
  const time = (value: string) => element('time', { datetime: value }, value.replace('T', ' ').replace(/Z$/, ' UTC'));
  const span = from === null || to === null ? [] : [element('span', {}, time(from), ' to ', time(to))];
  return [
    ...span,
    element('span', {}, counted(received, 'record')),
    element('span', {}, 'severities ', element('code', {}, policyVersion)),
    ...(proposed === undefined ? [] : [element('span', {}, 'compared with ', element('code', {}, proposed))]),
  ];
}

/** What came, what became of it, and what a person would have received. */
export function overviewSection({ report, comparison }: PageData): HTMLElement {
  const { received, published, publishedPer1000, onTrial, messages, severities } = report;
  const most = Math.max(1, ...SEVEREST_FIRST.map((name) => severities[name] ?? 0));
  return section(
    'overview',
    'Overview',
    comparison === null ? '' : 'By the current severities. What the proposed ones change stands below.',
    element(
      'div',
      { class: 'tiles' },
      tile('Records read', figure(received), `${figure(report.rejected)} could not be read`),
      tile('Findings', figure(published), `${publishedPer1000} of 1,000 records`, 'accent'),
      tile(
        'Messages to a person',
        `${messages.isExact ? '' : '≤ '}${figure(messages.messages)}`,
        `after storm control, ${saved(messages.messages, published)}`,
      ),
      tile('Critical', figure(severities['critical'] ?? 0), 'wake someone now', 'critical'),
      tile('High', figure(severities['high'] ?? 0), 'someone looks today', 'high'),
    ),
    element('h3', {}, 'Balance'),
    balance(report),
    onTrial > 0
      ? element('p', { class: 'note' }, `${counted(onTrial, 'more record')} would be published by detections on trial.`)
      : null,
    element('h3', {}, 'Rated records'),
    plainTable(
      'Rated records by severity',
      ['Severity', 'Records', 'Share'],
      SEVEREST_FIRST.map((name) => {
        const count = severities[name] ?? 0;
        return [severityMark(name), figure(count), bar(count / most, name)];
      }),
      [1],
    ),
  );
}

function tile(label: string, value: string, more: string, kind = ''): HTMLElement {
  return element(
    'div',
    { class: `tile ${kind}` },
    element('p', { class: 'label' }, label),
    element('p', { class: 'value' }, value),
    element('p', { class: 'more' }, more),
  );
}

function saved(messages: number, published: number): string {
  if (published === 0 || messages >= published) return 'none held back';
  return `${Math.round((1 - messages / published) * 100)}% fewer`;
}

function balance(report: Report): HTMLElement {
  const { received } = report;
  let at = 0;
  const shapes = PARTS.map(([key]) => {
    const share = received === 0 ? 0 : (report[key] / received) * 100;
    const shape: [string, Record<string, string>] = [
      'rect',
      { class: key, x: `${at}%`, width: `${share === 0 ? 0 : Math.max(share, 0.3)}%`, height: '100%' },
    ];
    at += share;
    return shape;
  });
  const terms = PARTS.map(([key, word, meaning]) =>
    element(
      'li',
      {},
      drawing({ class: 'swatch' }, ['rect', { class: key, width: '100%', height: '100%', rx: 2 }]),
      element('strong', {}, figure(report[key])),
      ` ${word} `,
      element('span', { class: 'muted' }, meaning),
    ),
  );
  return element(
    'div',
    { class: 'balance' },
    drawing({ class: 'balance-bar' }, ...shapes),
    element('p', { class: 'sum' }, `${figure(received)} received =`),
    element('ul', {}, ...terms),
  );
}
