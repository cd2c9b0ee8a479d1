import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { replayCommand } from '../../cli/replay.ts';
import { UsageError } from '../../cli/usage-error.ts';
import { SeveritiesError } from '../../function/core/severities/problem.ts';
import { ROOT, runCommand } from './command-line.ts';
import { lambdaEventOf, recordOf, WHITELISTED } from './sample-records.ts';
import { folderOf, severitiesWith } from './temporary-folder.ts';

/** The shipped deletion pattern finds it, and no row or detection is about it. */
const DELETION = { eventSource: 'nothing.amazonaws.com', eventName: 'DeleteIt' };

const records = () =>
  folderOf({
    'a.json': { Records: [recordOf(1, DELETION), recordOf(2, WHITELISTED)] },
    'b.ndjson': `${JSON.stringify(recordOf(3, DELETION))}\nnot JSON\n`,
    'c.json': lambdaEventOf([recordOf(4, { eventName: 'DescribeTrails', readOnly: true })]),
  });

const CALM = { id: 'calm', eventNames: ['DeleteIt'], severity: 'low', reason: 'A test of replay.' };
const calmer = () => severitiesWith({ 'local/policy.json': { adjust: [CALM] } });

describe('replay', () => {
  it('counts the records of all inputs, whatever their shape', async () => {
    const { code, stdout, stderr } = await runCommand(replayCommand, [await records()]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^5 record\(s\), 2026-11-20T12:00:00\.000Z to /);
    expect(stdout).toContain('Balance: 5 received = 1 whitelisted + 1 quiet + 0 logged + 2 published + 1 rejected\n');
    expect(stdout).toContain('Findings: 2, 400 per 1,000 records\n');
    expect(stdout).toMatch(/^Read first, 2 of 2\n {2}2026-11-20T12:00:00\.000Z {2}\[HIGH\] account 111122223333: /m);
  });

  it('prints one JSON document of the same', async () => {
    const { stdout, lines } = await runCommand(replayCommand, [await records()], { json: true });
    expect(lines).toHaveLength(1);
    expect(JSON.parse(stdout)).toMatchObject({
      received: 5,
      published: 2,
      severities: { high: 2, informational: 1 },
      accounts: [{ id: '111122223333', records: 4, published: 2 }],
      findings: [{ severity: 'high', call: 'nothing.amazonaws.com/DeleteIt' }, { severity: 'high' }],
    });
  });

  it('tells of inputs without any record, which is no failure', async () => {
    const folder = await folderOf({ 'empty.json': '' });
    const { code, stdout } = await runCommand(replayCommand, [folder]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^0 record\(s\)\n/);
    expect(stdout).toContain('Balance: 0 received = ');
  });

  it('replays what can be read, and exits with 1 when something cannot', async () => {
    const folder = await records();
    const { code, stdout, stderr } = await runCommand(replayCommand, [join(folder, 'absent.json'), folder]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/absent\.json: no such file/);
    expect(stdout).toMatch(/^5 record\(s\)/);
  });
});

describe('replay --compare DIR', () => {
  it('tells what the severities in DIR change, and exits with 0', async () => {
    const { code, stdout, stderr } = await runCommand(replayCommand, [await records()], { compare: await calmer() });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^Current \(.*\): severities .*\n {2}Balance: 5 received = .* 2 published/m);
    expect(stdout).toMatch(/^Proposed \(.*\): severities .*\n {2}Balance: 5 received = .* 0 published/m);
    expect(stdout).toContain('\nChanges: 0 new, 2 lost, 0 louder, 0 quieter, 0 unpublished\n');
    const group = '2  deletion nothing.amazonaws.com/DeleteIt: published at high -> logged at low, adjusted by calm';
    expect(stdout).toContain(`\nLost findings: 2\n        ${group}\n`);
  });

  it('takes --severities as what is current', async () => {
    const options = { severities: await calmer(), compare: await severitiesWith({}), json: true };
    const { stdout } = await runCommand(replayCommand, [await records()], options);
    expect(JSON.parse(stdout)).toMatchObject({
      current: { published: 0 },
      proposed: { published: 2 },
      changes: { new: { records: 2 }, lost: { records: 0, groups: [] } },
    });
  });

  it.each([
    ['lost', 1],
    ['new', 0],
    ['louder', 0],
    ['new,louder', 0],
    ['new, lost', 1],
  ])('exits for findings lost, with --fail-on %s, with %d', async (failOn, expected) => {
    const options = { compare: await calmer(), 'fail-on': failOn };
    const { code, stderr, stdout } = await runCommand(replayCommand, [await records()], options);
    expect(code).toBe(expected);
    expect(stdout).toContain('Lost findings: 2');
    expect(stderr).toBe(expected === 1 ? 'trailbell: --fail-on: 2 lost\n' : '');
  });

  it('says which of the two folders does not load', async () => {
    const broken = await severitiesWith({ 'policy.json': '{' });
    const said: string[] = [];
    const io = { root: ROOT, out: async () => undefined, say: (line: string) => void said.push(line) };
    const run = replayCommand.run({ inputs: ['-'], options: { compare: broken } }, io);
    await expect(run).rejects.toThrow(SeveritiesError);
    expect(said).toEqual([`trailbell: the severities in ${broken}:`]);
  });
});

describe('wrong usage of replay', () => {
  it.each([
    ['no inputs', [], {}],
    ['--fail-on without --compare', ['x.json'], { 'fail-on': 'new' }],
    ['a change there is not', ['x.json'], { compare: 'severities', 'fail-on': 'new,softer' }],
    ['no change at all', ['x.json'], { compare: 'severities', 'fail-on': '' }],
  ])('is %s', async (_case, inputs, options) => {
    await expect(runCommand(replayCommand, inputs, options)).rejects.toThrow(UsageError);
  });
});
