import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeReport } from '../../../cli/report/write-report.ts';
import { folderOf } from '../temporary-folder.ts';
import { CHROMIUM, type Opened, openReport, seriousProblems, startBrowser, timeOf } from './browser.ts';
import { companyDays, companyPolicy } from './company.ts';
import { comparedPageOf } from './made-comparison.ts';
import { ratingsOf, storedOf } from './made-findings.ts';
import { pageOf } from './made-report.ts';
import { HOSTILE, hostileRecord, manyOf } from './many-findings.ts';

if (CHROMIUM === undefined) process.stdout.write('No Chromium on this machine: the pages of reports are not tested.\n');

const policy = await companyPolicy();
const ratings = ratingsOf(policy, companyDays(21));
const stored = storedOf(policy, ratings);
/** Writes words, and waits past the moment of peace after which they are searched for. */
const SEARCH = `const input = document.querySelector('#search');
  input.value = 'key 77 kms';
  input.dispatchEvent(new Event('input'));
  await new Promise((waited) => setTimeout(waited, 121))`;

const countOf = (severity: string) => stored.filter(({ mention }) => mention.severity === severity).length;

describe.skipIf(CHROMIUM === undefined)('the page of a report', () => {
  let browser: Browser;
  let folder: string;
  let file: string;

  beforeAll(async () => {
    [browser, folder] = await Promise.all([startBrowser(), folderOf()]);
    file = join(folder, 'report.html');
    await writeReport(file, pageOf(policy, ratings, stored));
  });

  afterAll(() => browser?.close());

  const opened = async (test: (page: Page, opened: Opened) => Promise<void>, of = file) => {
    const report = await openReport(browser, of);
    await test(report.page, report);
    expect(report.problems).toEqual([]);
    await report.page.context().close();
  };
  const result = (page: Page) => page.locator('.result').textContent();

  it('draws its chart, and tells the same as a table', () =>
    opened(async (page) => {
      const colours = await page.evaluate(`(() => {
        const canvas = document.querySelector('canvas');
        const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
        const seen = new Set();
        for (let at = 0; at < data.length; at += 4) if (data[at + 3] === 255) seen.add(data[at] + ' ' + data[at + 1] + ' ' + data[at + 2]);
        return seen.size;
      })()`);
      expect(colours).toBeGreaterThan(5);
      await page.getByText('The chart as a table').click();
      expect(await page.locator('#volume table tbody tr').count()).toBeGreaterThan(50);
    }));

  it('filters by severity, by what else findings have, and by time', () =>
    opened(async (page) => {
      const all = stored.length;
      expect(await result(page)).toBe(`${all} of ${all} findings`);
      const high = page.locator('#findings .toggle', { hasText: 'high' });
      await high.click();
      expect(await result(page)).toBe(`${countOf('critical')} of ${all} findings`);
      await high.click();
      const account = stored.filter((finding) => finding.account === '210987654321').length;
      await page.getByLabel('Account').selectOption('210987654321');
      expect(await result(page)).toBe(`${account} of ${all} findings`);
      await page.getByLabel('Told').selectOption('held-back');
      const held = stored.filter(
        (finding) => finding.account === '210987654321' && finding.told === 'held-back',
      ).length;
      expect(held).toBeGreaterThan(10);
      expect(await result(page)).toBe(`${held} of ${all} findings`);
      await page.getByText('Clear filters').click();
      expect(await result(page)).toBe(`${all} of ${all} findings`);
      const box = await page.locator('canvas').boundingBox();
      await page.locator('canvas').click({ position: { x: (box?.width ?? 0) / 2, y: (box?.height ?? 0) / 2 } });
      expect(Number((await result(page))?.split(' ')[0])).toBeLessThan(all / 2);
    }));

  it('searches findings at once, and records when asked', () =>
    opened(async (page) => {
      await page.getByLabel('Search findings by words').fill('TRAIL stop');
      const stopped = stored.filter(({ mention }) => /trail.*stop|stop.*trail/i.test(mention.subject ?? '')).length;
      await expect.poll(() => result(page)).toMatch(/^\d+ of/);
      await expect.poll(async () => Number((await result(page))?.split(' ')[0])).toBeGreaterThanOrEqual(stopped);
      await page.getByLabel('Search findings by words').fill('"cidrIp":"0.0.0.0/0"');
      await expect.poll(() => result(page)).toMatch(/^0 of/);
      await page.getByText('Search records too').click();
      const open = stored.filter(({ record }) => record.includes('"cidrIp":"0.0.0.0/0"')).length;
      await expect.poll(() => result(page)).toBe(`${open} of ${stored.length} findings`);
    }));

  it('sorts by a column', () =>
    opened(async (page) => {
      await page.getByRole('button', { name: 'Time, UTC' }).click();
      await page.getByRole('button', { name: 'Time, UTC' }).click();
      expect(await page.getByRole('columnheader', { name: 'Time, UTC' }).getAttribute('aria-sort')).toBe('ascending');
      const first = await page.locator('tbody tr[role=row] time').first().textContent();
      expect(first).toBe(stored[0]?.mention.eventTime?.replace('T', ' ').replace('Z', ''));
    }));

  it('is used by the keyboard alone, from the first tab to a record and back', () =>
    opened(async (page) => {
      await page.keyboard.press('Tab');
      expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the findings');
      await page.keyboard.press('Enter');
      await page.keyboard.press('/');
      await page.keyboard.type('root');
      await expect.poll(() => result(page)).not.toMatch(new RegExp(`^${stored.length} `));
      for (let presses = 0; presses < 30; presses++) {
        if (await page.evaluate('document.activeElement.matches("button.open")')) break;
        await page.keyboard.press('Tab');
      }
      for (const key of ['ArrowDown', 'ArrowDown', 'ArrowUp']) await page.keyboard.press(key);
      const title = await page.evaluate('document.activeElement.textContent');
      expect(await page.evaluate('document.activeElement.dataset.position')).toBe('1');
      await page.keyboard.press('Enter');
      await expect.poll(() => page.locator('dialog h2').textContent()).toContain(title);
      await page.keyboard.press('Escape');
      expect(await page.locator('dialog').isVisible()).toBe(false);
      expect(await page.evaluate('document.activeElement.textContent')).toBe(title);
      await page.keyboard.press('End');
      expect(await page.evaluate('document.activeElement.getAttribute("data-position")')).not.toBe('1');
    }));

  it('opens a finding in full, down to its record, and the one after it', () =>
    opened(async (page) => {
      await page.locator('button.open').first().click();
      await expect.poll(() => page.locator('dialog pre').textContent()).toContain('"eventID": "');
      const eventID = await page
        .locator('dialog dd')
        .filter({ hasText: /^[0-9a-f-]{36}$/ })
        .textContent();
      expect(stored.find(({ mention }) => mention.eventID === eventID)?.mention.severity).toBe('critical');
      await page.getByRole('button', { name: 'Next' }).click();
      await expect.poll(() => page.locator('dialog').textContent()).toContain(`2 of ${stored.length}`);
      await expect.poll(() => page.locator('dialog').textContent()).not.toContain(String(eventID));
    }));

  it('goes from what fired to its findings, and offers an entry to paste for none that a guardrail watches', () =>
    opened(async (page) => {
      const first = page.locator('.reasons > li').first();
      await first.locator('summary').click();
      await first.getByRole('button', { name: /^List/ }).click();
      const figure = await first.locator('strong').first().textContent();
      expect(await result(page)).toBe(`${figure} of ${stored.length} findings`);
      const card = page.locator('#noise article', { has: page.getByText('Copy entry') }).first();
      await card.locator('summary').click();
      const { adjust } = JSON.parse(String(await card.locator('pre').textContent()));
      expect(adjust[0]).toMatchObject({ expires: '2027-03-01', reason: expect.stringMatching(/^FILL IN/) });
      expect(await page.locator('#noise').textContent()).not.toContain('trail-stopped');
    }));

  it('shows two balances side by side, and filters by change', async () => {
    const compared = join(folder, 'compared.html');
    const input = comparedPageOf(policy, ratings, stored);
    await writeReport(compared, input);
    await opened(async (page) => {
      const lost = page.locator('#changes .tile-button', { hasText: 'lost' });
      const figure = await lost.locator('.value').textContent();
      expect(Number(figure)).toBeGreaterThan(0);
      await lost.click();
      expect(await result(page)).toMatch(new RegExp(`^${figure} of `));
      expect(await page.locator('#filter-change').inputValue()).toBe('lost');
      expect(await seriousProblems(page)).toEqual([]);
    }, compared);
  });

  it.each(['light', 'dark', 'phone'] as const)('has nothing serious for axe to find: %s', async (look) => {
    const { page, problems } = await openReport(browser, file, look);
    expect(await seriousProblems(page)).toEqual([]);
    await page.locator('button.open').first().click();
    await expect.poll(() => page.locator('dialog pre').count()).toBe(1);
    expect(await seriousProblems(page)).toEqual([]);
    const width = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
    expect(width).toBeLessThanOrEqual(0);
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it('changes its colours when asked, and prints light, with the first findings', () =>
    opened(async (page) => {
      const ground = () => page.evaluate('getComputedStyle(document.body).backgroundColor');
      const before = await ground();
      await page.getByRole('button', { name: 'Change to dark colours' }).click();
      expect(await ground()).not.toBe(before);
      await page.evaluate("dispatchEvent(new Event('beforeprint'))");
      expect(await ground()).toBe(before);
      expect(await page.locator('.findings tbody tr[role=row]').count()).toBe(Math.min(60, stored.length));
      await page.evaluate("dispatchEvent(new Event('afterprint'))");
      expect(await ground()).not.toBe(before);
      const pages = (await page.pdf()).toString('latin1').match(/\/Type \/Page\b/g)?.length ?? 0;
      expect(pages).toBeGreaterThan(2);
      expect(pages).toBeLessThan(20);
    }));

  it('keeps what attackers wrote inert, and shows it', async () => {
    const hostile = join(folder, 'hostile.html');
    const rated = ratingsOf(policy, [hostileRecord()]);
    const findings = storedOf(policy, rated);
    expect(findings).toHaveLength(1);
    await writeReport(hostile, { ...pageOf(policy, rated, findings), title: HOSTILE });
    await opened(async (page) => {
      expect(await page.evaluate('globalThis.hacked')).toBeUndefined();
      expect(await page.locator('img, iframe, object, embed, form').count()).toBe(0);
      expect(await page.locator('h1').textContent()).toContain('<script>');
      await page.locator('button.open').click();
      const record = page.locator('dialog pre');
      await expect.poll(() => record.textContent()).toContain('</script><script>');
      expect(await record.textContent()).toContain('\\u202e');
      expect(String(await record.textContent()).length).toBeLessThan(25_000);
      await page.getByRole('button', { name: /^Show all/ }).click();
      await expect.poll(async () => String(await record.textContent()).length).toBeGreaterThan(1_000_000);
      expect(await page.evaluate('globalThis.hacked')).toBeUndefined();
      expect(await page.locator('img, iframe, object, embed, form').count()).toBe(0);
    }, hostile);
  });

  it('holds no, ten thousand and a hundred thousand findings, and opens and filters them quickly', async () => {
    for (const count of [0, 385, 10_000, 100_000]) {
      const many = join(folder, `${count}.html`);
      const start = performance.now();
      await writeReport(many, { ...pageOf(policy, ratings, stored), findings: manyOf(stored, count) });
      const written = performance.now() - start;
      const { page, ms, problems } = await openReport(browser, many);
      expect(await result(page)).toBe(`${count.toLocaleString('en')} of ${count.toLocaleString('en')} findings`);
      const figures = [`${count} findings: ${statSync(many).size} bytes, written in ${Math.round(written)} ms`];
      figures.push(`opened in ${Math.round(ms)} ms`);
      if (count > 0) {
        const filter = await timeOf(page, "document.querySelector('#findings .toggle').click()");
        const select = `const s = document.querySelector('#filter-reason'); s.selectedIndex = 1; s.dispatchEvent(new Event('change'))`;
        const chosen = await timeOf(page, select);
        const sorted = await timeOf(page, "document.querySelector('.findings .of-principal button').click()");
        const searched = await timeOf(page, SEARCH);
        const scrolled = await timeOf(page, "document.querySelector('.frame').scrollTop = 1e6");
        figures.push(
          `severity ${Math.round(filter)} ms, reason ${Math.round(chosen)} ms, sort ${Math.round(sorted)} ms, search ${Math.round(searched)} ms, scroll ${Math.round(scrolled)} ms`,
        );
        expect(filter).toBeLessThan(3_000);
        await page.getByText('Clear filters').click();
        await page.locator('.frame').focus();
        await page.locator('button.open').last().click();
        await expect.poll(() => page.locator('dialog pre').textContent()).toContain('"eventID": "');
      }
      process.stdout.write(`${figures.join('; ')}\n`);
      expect(ms).toBeLessThan(30_000);
      expect(problems).toEqual([]);
      await page.context().close();
    }
  });

  it('tells that it holds the severest where there are more', async () => {
    const cut = join(folder, 'cut.html');
    await writeReport(cut, { ...pageOf(policy, ratings, stored), most: 20 });
    await opened(async (page) => {
      expect(await result(page)).toBe('20 of 20 findings');
      expect(await page.locator('#findings .lead').textContent()).toContain(`20 of ${stored.length} findings`);
      expect(await page.locator('#findings .toggle').first().textContent()).toContain(String(countOf('critical')));
    }, cut);
  });
});
