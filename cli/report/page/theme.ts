/** What the page is drawn in: as the system says, or one of the two. */
export type Theme = 'light' | 'dark';

const asked = () => matchMedia('(prefers-color-scheme: dark)');

/** The theme the page is drawn in. */
export function themeNow(): Theme {
  return ownTheme() ?? (asked().matches ? 'dark' : 'light');
}

/** Draws the page in a theme, or with undefined as the system says. */
export function setTheme(theme: Theme | undefined): void {
  if (theme === undefined) delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
  document.dispatchEvent(new Event('themed'));
}

/** Draws the page in light colours while it is printed. */
export function printInLight(): void {
  let before: Theme | undefined;
  addEventListener('beforeprint', () => {
    before = ownTheme();
    setTheme('light');
  });
  addEventListener('afterprint', () => setTheme(before));
}

function ownTheme(): Theme | undefined {
  const own = document.documentElement.dataset['theme'];
  return own === 'light' || own === 'dark' ? own : undefined;
}

/** Calls when colours have changed. */
export function onThemed(redraw: () => void): void {
  document.addEventListener('themed', redraw);
  asked().addEventListener('change', redraw);
}

/** The colour that a custom property of the style comes to. */
export function colourOf(name: string): string {
  const probe = document.createElement('span');
  probe.className = 'unseen';
  probe.style.color = `var(--${name})`;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}
