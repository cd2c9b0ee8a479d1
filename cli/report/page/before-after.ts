import type { Change } from '../../replay/changes.ts';
import { standingText } from '../../replay/standing.ts';
import type { PageData } from '../page-data.ts';
import { button, element, plainTable, section } from './elements.ts';
import type { Navigator } from './reasons.ts';
import { severityMark } from './severity-mark.ts';
import { figure, SEVEREST_FIRST } from './words.ts';

type Comparison = NonNullable<PageData['comparison']>;

/** What each kind of change means. */
export const CHANGE_WORDS: Readonly<Record<Change, string>> = {
  new: 'published by the proposed severities alone',
  lost: 'published by the current severities alone',
  louder: 'published by both, by the proposed at a higher severity',
  quieter: 'published by both, by the proposed at a lower severity',
  unpublished: 'published by neither, and rated otherwise',
};

/** The kinds of change, in the order people ask for them. */
export const CHANGES: readonly Change[] = ['new', 'lost', 'louder', 'quieter', 'unpublished'];

const MAX_GROUPS = 25;

/** The two balances side by side, and what differs. */
export function beforeAfterSection(comparison: Comparison, go: Navigator): HTMLElement {
  const { changes } = comparison;
  const groups = CHANGES.flatMap((change) =>
    changes[change].groups.slice(0, MAX_GROUPS).map((group) => ({ change, ...group })),
  );
  return section(
    'changes',
    'Before and after',
    'The same records rated by the current and by the proposed severities.',
    element(
      'div',
      { class: 'tiles' },
      ...CHANGES.map((change) =>
        button(
          element(
            'span',
            { class: 'tile' },
            element('span', { class: 'label' }, change),
            element('span', { class: 'value' }, figure(changes[change].records)),
            element('span', { class: 'more' }, CHANGE_WORDS[change]),
          ),
          () => go.list('change', change),
          { class: 'tile-button' },
        ),
      ),
    ),
    element('h3', {}, 'Balance'),
    balances(comparison),
    element('h3', {}, 'What is responsible'),
    groups.length === 0
      ? element('p', {}, 'Nothing differs.')
      : plainTable(
          'Changes by what is responsible',
          ['Responsible', 'Change', 'From', 'To', 'Records', 'For example'],
          groups.map(({ change, reason, current, proposed, records, examples: [example] }) => [
            `${reason.by} ${reason.name}`,
            change,
            standingText(current),
            standingText(proposed),
            figure(records),
            example === undefined ? '' : (example.subject ?? `${example.call} by ${example.principal}`),
          ]),
          [4],
        ),
  );
}

function balances({ current, proposed }: Comparison): HTMLElement {
  const row = (label: string | Node, was: number, is: number) => [label, figure(was), figure(is), difference(is - was)];
  const names = ['published', 'logged', 'quiet', 'whitelisted', 'rejected'] as const;
  return plainTable(
    'Balance before and after',
    ['Records', `Current ${current.policyVersion}`, `Proposed ${proposed.policyVersion}`, 'Difference'],
    [
      row('received', current.received, proposed.received),
      ...names.map((name) => row(name, current[name], proposed[name])),
      row('messages to a person', current.messages.messages, proposed.messages.messages),
      ...SEVEREST_FIRST.map((name) =>
        row(severityMark(name), current.severities[name] ?? 0, proposed.severities[name] ?? 0),
      ),
    ],
    [1, 2, 3],
  );
}

function difference(by: number): string {
  return by === 0 ? '±0' : `${by > 0 ? '+' : '−'}${figure(Math.abs(by))}`;
}
