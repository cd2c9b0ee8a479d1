import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import axe, { type AxeResults } from 'axe-core';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const PLACES = [process.env['CHROMIUM'], '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Where Chromium is on this machine; undefined where it is not, and then nothing of a page can be tested. */
export const CHROMIUM = PLACES.find((path) => path !== undefined && existsSync(path));

/** Starts Chromium. */
export function startBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM ?? '', args: ['--no-sandbox'] });
}

/** A page opened from disk, without a network; what it did wrong so far. */
export interface Opened {
  readonly page: Page;
  /** Milliseconds until everything was drawn. */
  readonly ms: number;
  /** Errors of its program and its console, and requests beside its own file. */
  readonly problems: readonly string[];
}

/** How a page is looked at. */
export const LOOKS = {
  light: { colorScheme: 'light', viewport: { width: 1360, height: 900 } },
  dark: { colorScheme: 'dark', viewport: { width: 1360, height: 900 } },
  phone: { colorScheme: 'light', viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true },
} as const satisfies Record<string, BrowserContextOptions>;

/** Opens a report and waits until it is drawn. */
export async function openReport(browser: Browser, file: string, look: keyof typeof LOOKS = 'light'): Promise<Opened> {
  const context = await browser.newContext({ ...LOOKS[look], reducedMotion: 'reduce' });
  await context.setOffline(true);
  const page = await context.newPage();
  const problems: string[] = [];
  const url = pathToFileURL(file).href;
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('dialog', (dialog) => {
    problems.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    if (request.url().split('#')[0] !== url) problems.push(`request: ${request.url()}`);
  });
  const start = performance.now();
  await page.goto(url);
  await page.waitForSelector('html[data-ready]', { timeout: 60_000 });
  return { page, ms: performance.now() - start, problems };
}

/** What axe finds that is serious or critical: the rule, and the first element that breaks it. */
export async function seriousProblems(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const { violations }: AxeResults = await page.evaluate('axe.run()');
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.length}, ${nodes[0]?.html} ${nodes[0]?.failureSummary}`);
}

/** How many milliseconds a change of the list takes until it is drawn. `change`: an expression that makes it. */
export function timeOf(page: Page, change: string): Promise<number> {
  return page.evaluate(`(async () => {
    const start = performance.now();
    ${change};
    await new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)));
    return performance.now() - start;
  })()`);
}
