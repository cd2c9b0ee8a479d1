import { execFile } from 'node:child_process';
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { detection } from '../support/policies.ts';
import { ROOT, trailbell } from './command-line.ts';
import { DAMAGED_EVENT, idOf, lambdaEventOf, recordOf, WHITELISTED } from './sample-records.ts';
import { folderOf, severitiesWith } from './temporary-folder.ts';

const KEYS = ['eventID', 'eventSource', 'eventName', 'verdict', 'severity', 'code', 'action', 'reasons'];

/** A call with a row and nothing else to say of it. */
const KEY_STORE = { eventSource: 'kms.amazonaws.com', eventName: 'CreateCustomKeyStore' };

async function classify(args: readonly string[], input?: string | Buffer) {
  const run = await trailbell(['classify', ...args], input === undefined ? {} : { input });
  return { ...run, verdicts: run.lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

const idsOf = (verdicts: readonly Record<string, unknown>[]) => verdicts.map(({ eventID }) => eventID);

describe('classify', () => {
  it('prints one line a record, in the order of the inputs, and nothing else', async () => {
    const folder = await folderOf({
      'log-file.json': { Records: [recordOf(1), recordOf(2)] },
      'lines.ndjson': `${JSON.stringify(recordOf(3))}\r\n${JSON.stringify(recordOf(4))}\r\n`,
      'single.json': recordOf(5),
      'array.json': [recordOf(6), recordOf(7)],
      'event.json': lambdaEventOf([recordOf(8), recordOf(9)]),
      'packed.json.gz': gzipSync(JSON.stringify({ Records: [recordOf(10)] })),
      'empty.json': '',
      'folder/b.json': recordOf(12),
      'folder/a.json': recordOf(11),
    });
    const files = ['log-file.json', 'lines.ndjson', 'single.json', 'array.json', 'event.json', 'packed.json.gz'];
    const inputs = [...files, 'empty.json', 'folder'].map((name) => join(folder, name));
    const { code, stderr, verdicts, stdout } = await classify([...inputs, '-'], JSON.stringify(recordOf(13)));
    expect(idsOf(verdicts)).toEqual(Array.from({ length: 13 }, (_, index) => idOf(index + 1)));
    expect(stdout.endsWith('\n')).toBe(true);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  it('reads gzip from standard input', async () => {
    const { code, verdicts } = await classify(['-'], gzipSync(JSON.stringify(recordOf(1))));
    expect(idsOf(verdicts)).toEqual([idOf(1)]);
    expect(code).toBe(0);
  });

  it('says nothing, and that all is well, about an empty input', async () => {
    expect(await classify(['-'], '')).toMatchObject({ code: 0, stdout: '', stderr: '' });
  });

  it('gives eight keys in their order, absent fields null, also of a record it rejects', async () => {
    const { eventID: _, ...anonymous } = recordOf(1);
    const records = [
      recordOf(1, KEY_STORE),
      anonymous,
      recordOf(2, WHITELISTED),
      'not JSON',
      '{"eventSource":"x"}',
      'null',
    ];
    const { code, verdicts } = await classify(['-'], JSON.stringify(lambdaEventOf(records)));
    for (const verdict of verdicts) expect(Object.keys(verdict).slice(0, 8)).toEqual(KEYS);
    const rejected = {
      eventID: null,
      eventSource: null,
      eventName: null,
      verdict: 'rejected',
      severity: null,
      code: 'unreadable_record',
      action: 'reject',
      reasons: [],
    };
    expect(verdicts).toEqual([
      {
        eventID: idOf(1),
        ...KEY_STORE,
        verdict: 'rated',
        severity: 'high',
        code: 'high_severity_aws_event_happened',
        action: 'publish',
        reasons: [{ by: 'row', severity: 'high' }],
      },
      expect.objectContaining({ eventID: null, eventName: 'StopLogging', verdict: 'rated' }),
      expect.objectContaining({ ...WHITELISTED_VERDICT, eventID: idOf(2) }),
      rejected,
      { ...rejected, eventSource: 'x' },
      rejected,
    ]);
    expect(code).toBe(0);
  });

  it('adds what lowered a record and how it failed, and names detections only', async () => {
    const severities = await severitiesWith({
      'local/policy.json': {
        adjust: [{ id: 'quiet-stores', eventNames: ['CreateCustomKeyStore'], severity: 'low', reason: 'A test.' }],
      },
      'local/detections/by-alice.json': {
        id: 'by-alice',
        title: 'Something by Alice',
        severity: 'critical',
        when: '{ $.userIdentity.arn = "*:user/alice" }',
        reason: 'A test.',
        examples: { match: [recordOf(1)], noMatch: [recordOf(2, { userIdentity: {} })] },
      },
    });
    const denied = { ...KEY_STORE, errorCode: 'AccessDenied' };
    const records = [recordOf(1, denied), recordOf(2, { eventSource: 'nothing.amazonaws.com', eventName: 'DeleteIt' })];
    const { code, verdicts } = await classify(['-', '--severities', severities], JSON.stringify(records));
    expect(code).toBe(0);
    expect(verdicts).toMatchObject([
      { severity: 'low', action: 'log', adjustedBy: 'quiet-stores', failed: 'denied' },
      { code: 'detection_matched', severity: 'critical' },
    ]);
    const reasons = verdicts.flatMap(({ reasons }) => reasons as { by: string; id?: string }[]);
    expect(reasons).toContainEqual({ by: 'detection', id: 'by-alice', severity: 'critical' });
    expect(reasons).toContainEqual({ by: 'deletion', severity: 'high' });
    for (const reason of reasons) expect('id' in reason).toBe(reason.by === 'detection');
    for (const key of ['adjustedBy', 'failed']) expect(verdicts[1]).not.toHaveProperty(key);
  });

  it('keeps control characters of a record out of the output', async () => {
    const hostile = recordOf(1, { eventName: 'Stop\u001b[31m\nLogging' });
    const { lines, stdout } = await classify(['-'], JSON.stringify(hostile));
    expect(lines).toHaveLength(1);
    expect(stdout).not.toContain('\u001b');
  });
});

const WHITELISTED_VERDICT = {
  verdict: 'whitelisted',
  severity: null,
  code: 'aws_resource_white_listed',
  action: 'ignore',
  reasons: [],
};

describe('an input that cannot be read', () => {
  it('gives exit code 1 and a line on standard error, and the others are classified', async () => {
    const folder = await folderOf({
      'first.json': recordOf(1),
      'truncated.json.gz': gzipSync(JSON.stringify(recordOf(2))).subarray(0, -10),
      'damaged-event.json': DAMAGED_EVENT,
      'letter.txt': 'Dear reader\n',
      'last.json': recordOf(3),
    });
    const bad = ['absent.json', 'truncated.json.gz', 'damaged-event.json', 'letter.txt'];
    const inputs = ['first.json', ...bad, 'last.json'].map((name) => join(folder, name));
    const { code, verdicts, stderr } = await classify(inputs);
    expect(code).toBe(1);
    // What is no JSON at all still counts as one record that was rejected.
    expect(verdicts.map(({ eventID, action }) => eventID ?? action)).toEqual([idOf(1), 'reject', idOf(3)]);
    for (const [index, line] of stderr.trimEnd().split('\n').entries()) {
      expect(line).toContain(join(folder, bad[index] ?? ''));
      expect(line).not.toMatch(/^\s+at /);
    }
  });

  it.skipIf(process.getuid?.() === 0)('is one without permission (skipped for root, whom nothing stops)', async () => {
    const folder = await folderOf({ 'secret.json': recordOf(1) });
    await chmod(join(folder, 'secret.json'), 0);
    const { code, stderr } = await classify([join(folder, 'secret.json')]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/no permission/);
  });
});

describe('wrong usage', () => {
  it.each([
    ['no command', []],
    ['an unknown command', ['clasify', '-']],
    ['no inputs', ['classify']],
    ['an unknown option', ['classify', '--sevrities', 'x', '-']],
    ['an option without its value', ['classify', '-', '--severities']],
    ['an input where none is taken', ['check', 'records.json']],
    ['two subjects to explain', ['explain', 'a', 'b']],
    ['nothing to explain', ['explain']],
  ])('gives exit code 2, and only standard error says why: %s', async (_case, args) => {
    const { code, stdout, stderr } = await trailbell(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/trailbell/);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it.each([[['--help']], [['classify', '--help']]])('is not to ask for help: %j', async (args) => {
    const { code, stdout, stderr } = await trailbell(args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/classify/);
  });
});

describe('a detection that counts', () => {
  it('counts over all inputs together, and every line keeps its place', async () => {
    const count = { atLeast: 3, withinMinutes: 5, by: ['recipientAccountId'] };
    const files = { 'local/detections/many.json': detection({ id: 'many', eventNames: ['GetUser'], count }) };
    const get = (number: number) => recordOf(number, { eventSource: 'iam.amazonaws.com', eventName: 'GetUser' });
    const folder = await folderOf({ 'a.json': [recordOf(1), get(2), recordOf(3)], 'b.json': [get(4), get(5), get(6)] });
    const inputs = [join(folder, 'a.json'), join(folder, 'b.json'), '--severities', await severitiesWith(files)];
    const { code, verdicts, stderr } = await classify(inputs);
    expect(idsOf(verdicts)).toEqual([1, 2, 3, 4, 5, 6].map(idOf));
    const reached = verdicts.filter(({ reasons }) => JSON.stringify(reasons).includes('"many"'));
    expect(reached).toMatchObject([
      { eventID: idOf(5), severity: 'high', code: 'detection_matched', action: 'publish' },
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });
});

describe('a reader that goes away', () => {
  it('ends the work without a word', async () => {
    const records = Array.from({ length: 5_000 }, (_, index) => recordOf(index + 1));
    const folder = await folderOf({ 'many.json': { Records: records } });
    const script = 'set -o pipefail; "$0" cli/trailbell.mjs classify "$1" | head -n 1';
    const run = promisify(execFile)('bash', ['-c', script, process.execPath, join(folder, 'many.json')], { cwd: ROOT });
    const { stdout, stderr } = await run;
    expect(JSON.parse(stdout)).toMatchObject({ eventID: idOf(1) });
    expect(stderr).toBe('');
  });
});
