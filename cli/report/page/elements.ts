/** What an element can hold: text is always text, never markup. */
export type Child = Node | string | null | undefined;

/** Attributes by name; what is undefined or false is left away. */
export type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** A new element. Names of attributes are written in the program; only values and texts come from data. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  setAll(made, attributes);
  for (const child of children) if (child !== null && child !== undefined) made.append(child);
  return made;
}

/** A button that does something on this page. */
export function button(label: Child, onClick: () => void, attributes: Attributes = {}): HTMLButtonElement {
  const made = element('button', { type: 'button', ...attributes }, label);
  made.addEventListener('click', onClick);
  return made;
}

const SVG = 'http://www.w3.org/2000/svg';

/** A drawing that screen readers pass over: what it shows also stands beside it as text. */
export function drawing(attributes: Attributes, ...shapes: readonly [name: string, Attributes][]): SVGElement {
  const made = document.createElementNS(SVG, 'svg');
  setAll(made, { 'aria-hidden': 'true', focusable: 'false', ...attributes });
  for (const [name, own] of shapes) {
    const shape = document.createElementNS(SVG, name);
    setAll(shape, own);
    made.append(shape);
  }
  return made;
}

/** A horizontal bar of a share of the width it has, between 0 and 1. */
export function bar(share: number, kind: string): SVGElement {
  const width = share <= 0 ? '0' : `${Math.max(0.6, share * 100)}%`;
  return drawing({ class: `bar ${kind}` }, ['rect', { width, height: '100%', rx: 2 }]);
}

/** A section with its heading, as a landmark. */
export function section(id: string, title: string, lead: string, ...children: readonly Child[]): HTMLElement {
  const heading = element('h2', { id: `${id}-title` }, title);
  const said = lead === '' ? null : element('p', { class: 'lead' }, lead);
  return element('section', { id, 'aria-labelledby': `${id}-title` }, heading, said, ...children);
}

/** A table of texts: the first cell of a row is its heading. `numbers`: columns that hold figures. */
export function plainTable(
  caption: string,
  head: readonly string[],
  rows: readonly (readonly Child[])[],
  numbers: readonly number[] = [],
): HTMLTableElement {
  const kind = (index: number) => (numbers.includes(index) ? 'number' : undefined);
  return element(
    'table',
    { class: 'plain' },
    element('caption', { class: 'unseen' }, caption),
    element(
      'thead',
      {},
      element('tr', {}, ...head.map((name, index) => element('th', { scope: 'col', class: kind(index) }, name))),
    ),
    element(
      'tbody',
      {},
      ...rows.map((cells) =>
        element(
          'tr',
          {},
          ...cells.map((cell, index) =>
            index === 0
              ? element('th', { scope: 'row' }, cell)
              : element('td', { class: kind(index), 'data-label': head[index] }, cell),
          ),
        ),
      ),
    ),
  );
}

function setAll(target: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) target.setAttribute(name, value === true ? '' : String(value));
  }
}
