import type { NoisyGroup, PageData } from '../page-data.ts';
import { copyButton } from './copy-button.ts';
import { button, element, plainTable, section } from './elements.ts';
import type { Navigator } from './reasons.ts';
import { severityMark } from './severity-mark.ts';
import { counted, figure, reasonKind, reasonName } from './words.ts';

/** What is noisiest, each with the entry that would calm it. */
export function noiseSection({ noise, explained }: PageData, go: Navigator): HTMLElement | null {
  if (noise.length === 0) return null;
  return section(
    'noise',
    'Noise, and what would calm it',
    'Like findings of one caller. An entry is a proposal for severities/local/policy.json, and holds 90 days: look at the findings, fill in its reason, have somebody review it. What a guardrail watches gets none.',
    element('div', { class: 'cards' }, ...noise.map((group) => card(group, explained, go))),
  );
}

function card(group: NoisyGroup, explained: PageData['explained'], go: Navigator): HTMLElement {
  const { caller, call, account, severity, reasons, findings, atOnce, days, entry, said } = group;
  const [first = ''] = reasons;
  const name = reasonName(first);
  return element(
    'article',
    { class: entry === null ? 'card' : 'card drafted' },
    element('p', { class: 'tags' }, severityMark(severity), element('span', { class: 'muted' }, reasonKind(first))),
    element('h3', {}, explained[first]?.title ?? name),
    element('p', {}, caller, element('span', { class: 'muted' }, ` in ${account}`)),
    element('p', { class: 'muted' }, element('code', {}, call)),
    element(
      'p',
      {},
      element('strong', {}, counted(findings, 'finding')),
      ` on ${counted(days, 'day')}, ${counted(atOnce, 'message')}`,
    ),
    said === null ? null : element('p', { class: 'note' }, said),
    ...(entry === null ? [] : [entryDetails(entry, name)]),
    element(
      'p',
      { class: 'buttons' },
      entry === null ? null : copyEntry(entry),
      button('List the findings', () => go.list('reason', first)),
    ),
  );
}

function entryDetails(entry: string, name: string): HTMLElement {
  const attributes = { class: 'json', tabindex: 0, role: 'region', 'aria-label': `Entry for ${name}` };
  const shown = element('pre', attributes, element('code', {}, entry));
  return element('details', {}, element('summary', {}, 'The entry that would calm them'), shown);
}

function copyEntry(entry: string): HTMLButtonElement {
  const copy = copyButton(
    'Copy entry',
    () => entry,
    () => shownEntryOf(copy),
  );
  return copy;
}

function shownEntryOf(copy: HTMLElement): Node {
  const details = copy.closest('article')?.querySelector('details');
  if (details) details.open = true;
  return details?.querySelector('pre') ?? copy;
}

/** What storm control made of the findings. */
export function messagesSection({ report: { messages, storms, published } }: PageData): HTMLElement {
  const { atOnce, digests, heldBack, repeated, isExact } = messages;
  return section(
    'messages',
    'Messages after storm control',
    `${counted(published, 'finding')} would have been ${isExact ? '' : 'at most '}${counted(messages.messages, 'message')}: like findings of an hour are held back for one digest, and none is sent twice.`,
    plainTable(
      'Findings and messages',
      ['What becomes of findings', 'Findings', 'Messages'],
      [
        ['Sent at once', figure(atOnce), figure(atOnce)],
        ['Held back for digests', figure(heldBack), figure(digests)],
        ['Sent before', figure(repeated), '0'],
        ['Together', figure(published), figure(messages.messages)],
      ],
      [1, 2],
    ),
    storms.length === 0 ? null : element('h3', {}, 'Held back most'),
    storms.length === 0
      ? null
      : plainTable(
          'Storms',
          ['Reason', 'Account', 'Findings held back'],
          storms.map(({ by, name, account, heldBack }) => [`${by} ${name}`, account ?? '', figure(heldBack)]),
          [2],
        ),
  );
}
