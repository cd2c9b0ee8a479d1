import { button } from './elements.ts';

/** How long a button tells that it copied. */
const SAID_MS = 2_000;

/** A button that copies a text; where the browser forbids that, it selects what `shown` holds instead. */
export function copyButton(label: string, text: () => string, shown: () => Node): HTMLButtonElement {
  const made = button(label, async () => {
    const said = (await copied(text())) ? 'Copied' : selected(shown());
    made.textContent = said;
    setTimeout(() => {
      made.textContent = label;
    }, SAID_MS);
  });
  made.setAttribute('aria-live', 'polite');
  made.classList.add('copy');
  return made;
}

async function copied(text: string): Promise<boolean> {
  // Absent where the page does not come from a place that the browser trusts.
  if (!('clipboard' in navigator)) return false;
  return navigator.clipboard.writeText(text).then(
    () => true,
    () => false,
  );
}

function selected(shown: Node): string {
  getSelection()?.selectAllChildren(shown);
  return 'Selected: press Ctrl+C';
}
