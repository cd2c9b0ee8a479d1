import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accounts } from '../../../cli/demo/story/index.ts';
import { replayCommand } from '../../../cli/replay.ts';
import { ROOT, runCommand } from '../command-line.ts';
import { folderOf, severitiesWith } from '../temporary-folder.ts';
import { CHROMIUM, openReport, startBrowser } from './browser.ts';
import { companyDays } from './company.ts';

/** A folder for pictures of the page, such as `docs`. Without it none are taken. */
const PICTURES = process.env['TRAILBELL_PICTURES'];

const KEYS_CALMED = {
  adjust: [
    {
      id: 'key-rotation',
      eventSource: 'kms.amazonaws.com',
      eventNames: ['ScheduleKeyDeletion'],
      principals: ['arn:aws:iam::111122223333:role/key-rotation'],
      severity: 'medium',
      hides: ['detection:kms-key-deletion-scheduled', 'kms.amazonaws.com/ScheduleKeyDeletion'],
      reason: 'Keys of previews, made and deleted every day.',
    },
  ],
};

describe.skipIf(CHROMIUM === undefined)('the page that replay writes', () => {
  let browser: Browser;
  let folder: string;
  let severities: string;

  beforeAll(async () => {
    const history = companyDays(21).map((record) => JSON.stringify(record));
    [browser, folder, severities] = await Promise.all([
      startBrowser(),
      folderOf({ 'history.ndjson': `${history.join('\n')}\n` }),
      severitiesWith({ 'local/accounts.json': accounts }),
    ]);
  });

  afterAll(() => browser?.close());

  const replay = async (options: Record<string, string>) => {
    const html = join(folder, 'report.html');
    await runCommand(replayCommand, [join(folder, 'history.ndjson')], { severities, html, ...options });
    return html;
  };
  const tile = (page: Page, label: string) =>
    page.locator('.tile', { hasText: label }).first().locator('.value').textContent();

  it('says what the terminal says', async () => {
    const history = join(folder, 'history.ndjson');
    const { report } = {
      report: JSON.parse((await runCommand(replayCommand, [history], { severities, json: true })).stdout),
    };
    const { page, problems } = await openReport(browser, await replay({}));
    expect(await tile(page, 'Records read')).toBe(report.received.toLocaleString('en'));
    expect(await tile(page, 'Findings')).toBe(String(report.published));
    expect(await tile(page, 'Messages')).toBe(String(report.messages.messages));
    expect(await page.locator('.result').textContent()).toBe(`${report.published} of ${report.published} findings`);
    const first = report.reasons[0];
    expect(await page.locator('.reasons > li strong').first().textContent()).toBe(String(first.published));
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it('says what an edit changes', async () => {
    const edited = await severitiesWith({ 'local/accounts.json': accounts, 'local/policy.json': KEYS_CALMED });
    const { page, problems } = await openReport(browser, await replay({ compare: edited }));
    expect(await tile(page, 'lost')).toBe('51');
    expect(await tile(page, 'new')).toBe('0');
    await page.locator('#changes .tile-button', { hasText: 'lost' }).click();
    expect(await page.locator('.result').textContent()).toMatch(/^51 of /);
    await page.locator('button.open').first().click();
    await expect
      .poll(() => page.locator('dialog dl').textContent())
      .toContain('logged at medium, adjusted by key-rotation');
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it.runIf(PICTURES !== undefined)('looks like this', async () => {
    const to = join(ROOT, PICTURES ?? '');
    await mkdir(to, { recursive: true });
    // The page names inputs as they were given.
    const before = process.cwd();
    process.chdir(folder);
    await runCommand(replayCommand, ['history.ndjson'], { severities, html: 'picture.html' });
    process.chdir(before);
    const html = join(folder, 'picture.html');
    const light = await openReport(browser, html, 'light');
    await light.page.setViewportSize({ width: 1280, height: 1420 });
    await light.page.screenshot({ path: join(to, 'report-light.png') });
    const dark = await openReport(browser, html, 'dark');
    await dark.page.setViewportSize({ width: 1180, height: 740 });
    await dark.page.locator('button.open').nth(2).click();
    await expect.poll(() => dark.page.locator('dialog pre').count()).toBe(1);
    await dark.page.screenshot({ path: join(to, 'report-dark.png') });
    const phone = await openReport(browser, html, 'phone');
    await phone.page.evaluate("document.querySelector('.findings').closest('section').scrollIntoView()");
    await phone.page.screenshot({ path: join(to, 'report-phone.png') });
    for (const { page } of [light, dark, phone]) await page.context().close();
  });
});
