import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fc, it } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { noticeOf } from '../../../cli/backfill/notice.ts';
import { showProgress } from '../../../cli/backfill/progress.ts';
import { jobOf, StateFile } from '../../../cli/backfill/state.ts';
import { Watermark } from '../../../cli/backfill/watermark.ts';
import { readNotice } from '../../../function/sources/objects/notification.ts';
import { folderOf } from '../temporary-folder.ts';

const text = fc.string({ unit: 'grapheme', maxLength: 40 });

describe('a notification of the past', () => {
  it.prop([text, text, fc.boolean()])('names its object whatever its key is spelled like', (folder, name, alerts) => {
    const key = `${folder}/CloudTrail/${name}.json.gz`;
    const body = noticeOf('trail-logs', { key, bytes: 1 }, alerts, new Date());
    const object = { bucket: 'trail-logs', key, versionId: undefined, isHistory: !alerts };
    expect(readNotice(body, 'body').objects).toEqual([object]);
  });
});

describe('a watermark', () => {
  it.prop([
    fc.shuffledSubarray(
      Array.from({ length: 30 }, (_, index) => index),
      { minLength: 30 },
    ),
    fc.nat(30),
  ])('is the key up to which all is done, in whatever order it was', (order, ended) => {
    const mark = new Watermark('before');
    const ends = order.map((_, index) => mark.begin(`key-${index}`));
    const done = new Set(order.slice(0, ended));
    for (const index of order.slice(0, ended)) ends[index]?.();
    let last = 'before';
    for (let index = 0; done.has(index); index++) last = `key-${index}`;
    expect(mark.last).toBe(last);
  });
});

describe('a state file', () => {
  test('is replaced whole, is read as it was written, and is one backfill’s alone', async () => {
    const folder = await folderOf();
    const path = join(folder, 'state.json');
    const file = new StateFile(path, jobOf({ a: 1 }));
    expect(await file.read()).toBeUndefined();
    const state = { lastKey: 'a/b', objects: 3, failed: ['a/a'] };
    await file.write({ lastKey: undefined, objects: 0, failed: [] });
    await file.write(state);
    expect(await readdir(folder)).toEqual(['state.json']);
    expect(await file.read()).toEqual(state);
    expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ schema: 'trailbell/backfill/1' });
    await expect(new StateFile(path, jobOf({ a: 2 })).read()).rejects.toThrow('is of a backfill of other objects');
    await file.remove();
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('progress', () => {
  test('is one line on a terminal, written over itself, and ended', () => {
    let written = '';
    const end = showProgress({ write: (more) => (written += more) }, () => ({ done: 5, failed: 0, total: 10 }));
    end();
    expect(written).toMatch(/^\r5 of 10 objects \(50 %\), /);
    expect(written.endsWith(' left\u001b[K\n')).toBe(true);
  });
});
