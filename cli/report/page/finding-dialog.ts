import { standingText } from '../../replay/standing.ts';
import type { Stored } from '../../replay/stored.ts';
import type { PageData } from '../page-data.ts';
import { CHANGE_WORDS } from './before-after.ts';
import { copyButton } from './copy-button.ts';
import { button, type Child, element } from './elements.ts';
import { MAX_SHOWN_CHARACTERS, readable } from './record-text.ts';
import { severityMark } from './severity-mark.ts';
import type { Records } from './unpack.ts';
import { figure, TOLD } from './words.ts';

/** One finding in full, over the page. */
export class FindingDialog {
  readonly element = element('dialog', { class: 'finding', 'aria-labelledby': 'finding-title' });
  readonly #records: Records;
  readonly #explained: PageData['explained'];
  readonly #content = element('div', { class: 'content' });
  readonly #place = element('span', { class: 'muted', role: 'status' });
  readonly #steps: readonly [HTMLButtonElement, HTMLButtonElement];
  #rows: Uint32Array = new Uint32Array();
  #position = 0;

  constructor(records: Records, explained: PageData['explained'], closed: (position: number) => void) {
    this.#records = records;
    this.#explained = explained;
    this.#steps = [button('Previous', () => this.#step(-1)), button('Next', () => this.#step(1))];
    const close = button('Close', () => this.element.close(), { class: 'close' });
    this.element.append(element('div', { class: 'bar-of-dialog' }, ...this.#steps, this.#place, close), this.#content);
    this.element.addEventListener('close', () => closed(this.#position));
    this.element.addEventListener('click', ({ target }) => {
      if (target === this.element) this.element.close();
    });
  }

  /** Opens the finding at a position of a list. */
  async open(rows: Uint32Array, position: number): Promise<void> {
    this.#rows = rows;
    this.#position = position;
    if (!this.element.open) this.element.showModal();
    const [previous, next] = this.#steps;
    previous.disabled = position <= 0;
    next.disabled = position >= rows.length - 1;
    this.#place.textContent = `${figure(position + 1)} of ${figure(rows.length)}`;
    const stored = await this.#records.finding(rows[position] ?? 0);
    if (stored === undefined || this.#position !== position) return;
    this.#content.replaceChildren(...this.#parts(stored));
    this.element.scrollTop = 0;
  }

  #step(by: number): void {
    const goal = this.#position + by;
    if (goal >= 0 && goal < this.#rows.length) void this.open(this.#rows, goal);
  }

  #parts(stored: Stored): HTMLElement[] {
    const { mention, reasons } = stored;
    return [
      element('p', { class: 'tags' }, severityMark(mention.severity), element('code', {}, stored.code)),
      element(
        'h2',
        { id: 'finding-title', tabindex: -1 },
        mention.subject ?? `${mention.call} by ${mention.principal}`,
      ),
      facts(stored),
      element('h3', {}, reasons.length === 1 ? 'Reason' : `${reasons.length} reasons, strongest first`),
      ...reasons.map(({ by, name, attack }) => this.#reason(by, name, attack)),
      element('h3', {}, 'Record'),
      ...recordParts(stored.record),
    ];
  }

  #reason(by: string, name: string, attack: readonly string[]): HTMLElement {
    const said = this.#explained[`${by} ${name}`];
    const steps = said?.nextSteps ?? [];
    return element(
      'div',
      { class: 'reason' },
      element('p', {}, element('strong', {}, said?.title ?? name)),
      element(
        'p',
        { class: 'muted' },
        `${by} `,
        element('code', {}, name),
        attack.length > 0 ? ` · ATT&CK ${attack.join(', ')}` : null,
      ),
      said?.why ? element('p', {}, said.why) : null,
      steps.length > 0 ? element('ol', {}, ...steps.map((step) => element('li', {}, step))) : null,
      said?.runbook ? element('p', {}, 'Runbook: ', element('code', {}, said.runbook)) : null,
    );
  }
}

function facts(stored: Stored): HTMLElement {
  const { mention, current, proposed, change } = stored;
  const pairs: readonly (readonly [string, string | null])[] = [
    ['Time', mention.eventTime],
    ['Call', mention.call],
    ['Principal', mention.principal],
    ['Account', stored.account],
    ['Region', stored.region],
    ['Address', stored.sourceIPAddress],
    ['User agent', stored.userAgent],
    ['Error', stored.errorCode],
    [proposed === null ? 'Rated' : 'Current', standingText(current)],
    ['Proposed', proposed === null ? null : standingText(proposed)],
    ['Change', change === null ? null : `${change}: ${CHANGE_WORDS[change]}`],
    ['Told', TOLD[stored.told ?? ''] ?? null],
    ['eventID', mention.eventID],
    ['In', mention.position],
  ];
  const shown: Child[] = pairs.flatMap(([name, text]) =>
    text === null ? [] : [element('dt', {}, name), element('dd', {}, text)],
  );
  return element('dl', {}, ...shown);
}

function recordParts(record: string): HTMLElement[] {
  const { text, isCut } = readable(record, MAX_SHOWN_CHARACTERS);
  const pre = element('pre', { class: 'record', tabindex: 0, role: 'region', 'aria-label': 'Record' }, text);
  const copy = copyButton(
    'Copy record',
    () => record,
    () => pre,
  );
  if (!isCut) return [element('p', {}, copy), pre];
  const all = button(`Show all ${figure(record.length)} characters`, () => {
    pre.textContent = readable(record).text;
    said.textContent = `All ${figure(record.length)} characters`;
    all.remove();
    pre.focus();
  });
  const said = element(
    'span',
    { class: 'muted', role: 'status' },
    `The first ${figure(MAX_SHOWN_CHARACTERS)} characters`,
  );
  return [element('p', {}, copy, ' ', all, ' ', said), pre];
}
