import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { PageData } from '../../../cli/report/page-data.ts';
import { writeReport } from '../../../cli/report/write-report.ts';
import { UsageError } from '../../../cli/usage-error.ts';
import { folderOf } from '../temporary-folder.ts';
import { companyDays, companyPolicy } from './company.ts';
import { ratingsOf, storedOf } from './made-findings.ts';
import { pageOf } from './made-report.ts';

const policy = await companyPolicy();
const ratings = ratingsOf(policy, companyDays(8));
const input = pageOf(policy, ratings, storedOf(policy, ratings));

function figuresIn(html: string): PageData {
  const [, packed = ''] = /id="figures">([^<]*)</.exec(html) ?? [];
  return JSON.parse(gunzipSync(Buffer.from(packed, 'base64')).toString());
}

describe('a report', () => {
  it('is one file for its owner alone, and says the same each time', async () => {
    const folder = await folderOf();
    for (const name of ['a.html', 'b.html']) await writeReport(join(folder, name), input);
    expect((await stat(join(folder, 'a.html'))).mode & 0o777).toBe(0o600);
    expect(await readFile(join(folder, 'a.html'))).toEqual(await readFile(join(folder, 'b.html')));
    expect(await readdir(folder)).toEqual(['a.html', 'b.html']);
  });

  it('replaces the one before only when it is whole', async () => {
    const folder = await folderOf({ 'report.html': 'before' });
    const findings = {
      each: () => ({
        [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new Error('the disk is gone')) }),
      }),
    };
    await expect(writeReport(join(folder, 'report.html'), { ...input, findings })).rejects.toThrow('the disk is gone');
    expect(await readFile(join(folder, 'report.html'), 'utf8')).toBe('before');
    expect(await readdir(folder)).toEqual(['report.html']);
    await writeReport(join(folder, 'report.html'), input);
    expect(await readFile(join(folder, 'report.html'), 'utf8')).toMatch(/^<!doctype html>/);
  });

  it('says what to do where nothing can be written', async () => {
    const folder = await folderOf();
    await writeFile(join(folder, 'file'), '');
    for (const place of ['missing/report.html', 'file/report.html', '.']) {
      await expect(writeReport(join(folder, place), input)).rejects.toThrow(UsageError);
    }
    expect(await readdir(folder)).toEqual(['file']);
  });

  it('offers no entry for what a guardrail watches, and one for work that comes every day', async () => {
    const file = join(await folderOf(), 'report.html');
    await writeReport(file, input);
    const { noise, reasons, explained } = figuresIn(await readFile(file, 'utf8'));
    const guarded = reasons.filter(({ guardrail }) => guardrail).map(({ reason }) => reason);
    expect(guarded).toContain('detection trail-stopped');
    for (const { reasons, entry } of noise)
      if (reasons.some((name) => guarded.includes(name))) expect(entry).toBeNull();
    const keys = noise.find(({ call }) => call.endsWith('/ScheduleKeyDeletion'));
    expect(JSON.parse(keys?.entry ?? '')).toMatchObject({ adjust: [{ expires: '2027-03-01', severity: 'medium' }] });
    expect(explained['detection trail-stopped']?.why).toBeTruthy();
  });

  it('counts all findings where it holds only some', async () => {
    const file = join(await folderOf(), 'report.html');
    await writeReport(file, { ...input, most: 3 });
    const { total, shown, reasons } = figuresIn(await readFile(file, 'utf8'));
    expect(shown).toBe(3);
    expect(total).toBe(input.report.published);
    expect(reasons.reduce((sum, { findings }) => sum + findings, 0)).toBe(total);
  });
});
