import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import type { Io } from '../../../cli/command.ts';
import type { ComparisonReport } from '../../../cli/replay/comparison.ts';
import { type ReplayOptions, replayInputs } from '../../../cli/replay/replay-run.ts';
import type { Report } from '../../../cli/replay/report.ts';
import { NO_SELECTION } from '../../../cli/replay/selection.ts';
import type { Stored } from '../../../cli/replay/stored.ts';
import { WholeInput } from '../../../cli/whole-input.ts';
import { compilePolicy } from '../../../function/core/policy.ts';
import { readRecord } from '../../../function/core/record.ts';
import { detection, loadedOf, type SeveritiesParts } from '../../support/policies.ts';
import { record } from '../../support/records.ts';
import { ROOT } from '../command-line.ts';
import { folderOf } from '../temporary-folder.ts';

const severitiesOf = (parts: SeveritiesParts) => ({ policyVersion: 'test', ...loadedOf(parts).content });

const CURRENT = severitiesOf({
  rows: { 'iam.amazonaws.com': { GetUser: 'informational', TagUser: 'medium' } },
  detections: [
    detection(),
    detection({
      id: 'users-read-in-bulk',
      eventNames: ['GetUser'],
      count: { atLeast: 4, withinMinutes: 5, by: ['principal'] },
    }),
  ],
});
const PROPOSED = severitiesOf({
  rows: { 'iam.amazonaws.com': { GetUser: 'informational', TagUser: { severity: 'high', reason: 'A test.' } } },
  detections: [
    detection({
      id: 'users-read',
      eventNames: ['GetUser'],
      count: { atLeast: 7, withinMinutes: 5, by: ['principal'] },
    }),
  ],
});

const START = Date.parse('2026-11-20T02:00:00Z');
const call = (eventName: string, second: number, number: number, parts: object = {}) =>
  record({
    eventName,
    eventTime: new Date(START + second * 1_000).toISOString().replace('.000Z', 'Z'),
    eventID: `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
    ...parts,
  });

const calls = (count: number) =>
  Array.from({ length: count }, (_, index) => {
    const name = ['GetUser', 'TagUser', 'CreateAccessKey', 'DeleteUser', 'ListUsers'][index % 5] ?? '';
    return call(name, index * 7, index, { userIdentity: { type: 'IAMUser', userName: `user-${index % 3}` } });
  });

const linesOf = (values: readonly unknown[]) => `${values.map((value) => JSON.stringify(value)).join('\n')}\n`;

async function replay(inputs: readonly string[], options: Partial<ReplayOptions> = {}) {
  const said: string[] = [];
  let out = '';
  const io: Io = {
    root: ROOT,
    async out(text) {
      out += text;
    },
    say: (line) => void said.push(line),
  };
  const replayed = await replayInputs({
    inputs,
    io,
    current: CURRENT,
    proposed: undefined,
    selection: NO_SELECTION,
    timeline: undefined,
    jobs: 1,
    keepsFindings: true,
    ...options,
  });
  try {
    const findings: Stored[] = [];
    for await (const stored of replayed.findings.each()) findings.push(stored);
    const { report, comparison, exitCode } = replayed;
    return { report: withoutSpeed(report), comparison: withoutSpeed(comparison), exitCode, findings, said, out };
  } finally {
    await replayed.close();
  }
}

/** What no two runs have in common is left out. */
function withoutSpeed<T extends Report | ComparisonReport | undefined>(report: T): T {
  const text = JSON.stringify(report ?? null, (key, value) => (key === 'speed' ? undefined : value));
  return JSON.parse(text);
}

describe('a replay', () => {
  it('tells the same with one thread and with four, of one stream and of many files', async () => {
    const values = calls(2_400);
    const stream = linesOf(values);
    const folder = await folderOf({
      'stream.ndjson': stream,
      'stream.ndjson.gz': gzipSync(stream),
      ...Object.fromEntries(
        Array.from({ length: 12 }, (_, file) => [
          `files/${String(file).padStart(2, '0')}.json.gz`,
          gzipSync(JSON.stringify({ Records: values.slice(file * 200, file * 200 + 200) })),
        ]),
      ),
    });
    const options = { proposed: PROPOSED, timeline: 'logged' } as const;
    const told = [];
    for (const input of ['stream.ndjson', 'stream.ndjson.gz', 'files']) {
      const alone = await replay([join(folder, input)], options);
      const together = await replay([join(folder, input)], { ...options, jobs: 4, threadsFrom: 1 });
      expect(together).toEqual(alone);
      told.push({ ...alone, ...placeless(alone) });
    }
    expect(told[1]).toEqual(told[0]);
    expect(told[2]).toEqual(told[0]);
    expect(told[0]?.report.received).toBe(2_400);
    expect(told[0]?.findings.length).toBeGreaterThan(1_000);
  });

  /** Without what tells in which file a record is. */
  function placeless({ report, comparison, findings }: Awaited<ReturnType<typeof replay>>) {
    const text = JSON.stringify({ report, comparison, findings });
    return JSON.parse(text.replace(/"position":"[^"]*"/g, '"position":""'));
  }

  const made = fc
    .array(
      fc.record({
        name: fc.constantFrom('GetUser', 'GetUser', 'TagUser', 'CreateAccessKey', 'DeleteUser'),
        second: fc.nat({ max: 4_000 }),
        user: fc.constantFrom('alice', 'bob'),
      }),
      { minLength: 1, maxLength: 60 },
    )
    .map((list) =>
      list.map(({ name, second, user }, index) =>
        call(name, second, index, { userIdentity: { type: 'IAMUser', userName: user } }),
      ),
    );

  property.prop([made], { numRuns: 15 })('gives every record the verdict that classify gives it', async (values) => {
    const folder = await folderOf({ 'a.ndjson': linesOf(values) });
    const { report, findings } = await replay([join(folder, 'a.ndjson')]);
    const whole = new WholeInput(compilePolicy(CURRENT));
    const verdicts = values.map((raw) => whole.take({ read: readRecord(raw), raw, position: '', place: undefined }));
    const published: unknown[] = values.filter((_, index) => verdicts[index]?.action === 'publish');
    for (const [{ raw }, { action }] of whole.finish()) if (action === 'publish') published.push(raw);
    expect(report.published).toBe(published.length);
    const ids = (list: readonly unknown[]) => list.map((one) => JSON.stringify(one)).sort();
    expect(ids(findings.map((stored) => JSON.parse(stored.record)))).toEqual(ids(published));
  });

  property.prop([made, fc.infiniteStream(fc.nat())], { numRuns: 15 })(
    'does not depend on the order of files, where no two records have one time',
    async (values, random) => {
      const apart = values.map((value, index) => ({
        ...value,
        ...call(String(value['eventName']), index * 11, index),
      }));
      const shuffled = apart
        .map((value) => ({ value, key: random.next().value }))
        .sort((a, b) => a.key - b.key)
        .map(({ value }) => value);
      const files = async (list: readonly unknown[]) => {
        const names = list.map((value, index) => [`${String(index).padStart(3, '0')}.json`, value]);
        return placeless(await replay([await folderOf(Object.fromEntries(names))], { proposed: PROPOSED }));
      };
      expect(await files(shuffled)).toEqual(await files(apart));
    },
  );

  it('says which file is damaged, and goes on with the others', async () => {
    const whole = gzipSync(linesOf(calls(10)));
    const folder = await folderOf({
      'a.ndjson.gz': whole,
      'b.ndjson.gz': whole.subarray(0, -30),
      'c.ndjson.gz': whole,
    });
    for (const options of [{}, { jobs: 2, threadsFrom: 1 }]) {
      const { report, exitCode, said } = await replay([folder], options);
      expect({ received: report.received, exitCode }).toEqual({ received: 20, exitCode: 1 });
      expect(said).toEqual([`trailbell: ${join(folder, 'b.ndjson.gz')}: damaged or truncated gzip`]);
    }
  });

  it('counts what came before the damage of a large stream', async () => {
    const random = Array.from({ length: 9_000 }, (_, index) => ({
      ...call('TagUser', index, index),
      requestID: createNoise(index),
    }));
    const packed = gzipSync(linesOf(random));
    const folder = await folderOf({ 'a.ndjson.gz': packed.subarray(0, -1_000) });
    const { report, exitCode, said } = await replay([join(folder, 'a.ndjson.gz')], { jobs: 2, threadsFrom: 1 });
    expect(exitCode).toBe(1);
    expect(said[0]).toMatch(/damaged or truncated gzip/);
    expect(report.received).toBeGreaterThan(5_000);
  });

  it('keeps positions: the line of a file, the place in a list', async () => {
    const [one, two] = calls(10).filter(({ eventName }) => eventName === 'DeleteUser');
    const folder = await folderOf({ 'a.ndjson': `\n${linesOf([one, two])}`, 'b.json': { Records: [one, two] } });
    const { findings } = await replay([folder]);
    const positions = findings.map(({ mention }) => mention.position.slice(folder.length + 1));
    expect(positions.toSorted()).toEqual(['a.ndjson:2', 'a.ndjson:3', 'b.json#[0]', 'b.json#[1]']);
  });

  it('tells of each finding what storm control makes of it, and of what a comparison changes', async () => {
    const storm = Array.from({ length: 15 }, (_, index) => call('CreateAccessKey', index, index));
    const folder = await folderOf({ 'a.ndjson': linesOf([...storm, storm[3], call('TagUser', 99, 99)]) });
    const { findings } = await replay([join(folder, 'a.ndjson')], { proposed: PROPOSED });
    const told = findings.map(({ change, told }) => `${change} ${told}`);
    expect(told.filter((one) => one === 'lost held-back')).toHaveLength(13);
    expect(told.filter((one) => one === 'lost at-once')).toHaveLength(2);
    expect(told.filter((one) => one === 'lost repeated')).toHaveLength(1);
    expect(told.at(-1)).toBe('new at-once');
    expect(findings[0]).toMatchObject({
      time: START,
      account: '111122223333',
      region: 'us-east-1',
      sourceIPAddress: '192.0.2.10',
      userAgent: 'aws-cli/2.30.0',
      errorCode: null,
      code: 'detection_matched',
      current: { severity: 'high', action: 'publish' },
      reasons: [{ by: 'detection', name: 'access-key-created', attack: [] }, { by: 'unlisted' }].slice(0, 1),
    });
  });

  it('leaves out what --where, --since and --until do, and counts it', async () => {
    const folder = await folderOf({
      'a.ndjson': linesOf([...calls(20), call('TagUser', 0, 99, { eventTime: 'soon' }), 'no record']),
    });
    const where = '{ $.eventName = "TagUser" }';
    const of = async (selection: Partial<typeof NO_SELECTION>) => {
      const { report } = await replay([folder], { selection: { ...NO_SELECTION, ...selection } });
      return { received: report.received, outside: report.outside };
    };
    expect(await of({})).toEqual({ received: 22, outside: 0 });
    expect(await of({ where })).toEqual({ received: 5, outside: 17 });
    expect(await of({ since: START + 70_000 })).toEqual({ received: 10, outside: 12 });
    expect(await of({ where, until: START + 70_000 })).toEqual({ received: 2, outside: 20 });
  });

  it('prints a timeline in order of time, whatever the order of the records, counts included', async () => {
    const values = Array.from({ length: 6 }, (_, index) => call('GetUser', index * 20, index));
    const hostile = call('TagUser', 50, 50, { sourceIPAddress: '\u001b[31m', errorCode: 'AccessDenied\n' });
    const folder = await folderOf({ 'a.ndjson': linesOf([...values.toReversed(), hostile]) });
    const { out } = await replay([folder], { timeline: 'findings' });
    expect(out).toBe(
      '2026-11-20T02:01:00Z  high           111122223333  us-east-1  alice  iam.amazonaws.com/GetUser  succeeded  192.0.2.10\n',
    );
    const all = (await replay([folder], { timeline: 'all' })).out.trimEnd().split('\n');
    expect(all.map((line) => line.slice(14, 19))).toEqual([
      '00:00',
      '00:20',
      '00:40',
      '00:50',
      '01:00',
      '01:20',
      '01:40',
    ]);
    expect(all[3]).toContain('denied (AccessDenied\\u000a)  \\u001b[31m');
  });
});

/** Text that does not compress. */
function createNoise(seed: number): string {
  let state = seed + 1;
  return Array.from({ length: 200 }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state >>> 8).toString(36);
  }).join('');
}
