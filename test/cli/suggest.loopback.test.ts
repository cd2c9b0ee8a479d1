import { describe, expect, it } from 'vitest';
import { detection } from '../support/policies.ts';
import { trailbell } from './command-line.ts';
import { everyDay, onDay } from './suggest/made-history.ts';
import { folderOf, severitiesWith, writeFiles } from './temporary-folder.ts';

const CLEANER = {
  type: 'AssumedRole',
  arn: 'arn:aws:sts::111122223333:assumed-role/cleaner/nightly',
  sessionContext: { sessionIssuer: { arn: 'arn:aws:iam::111122223333:role/cleaner' } },
};

/** A month in which alice makes keys for bob every night, and once a trail is stopped. */
const HISTORY = [
  ...everyDay({ eventSource: 'iam.amazonaws.com', eventName: 'CreateAccessKey' }, { days: 20, times: 2 }),
  ...everyDay({
    eventSource: 'ec2.amazonaws.com',
    eventName: 'DescribeInstances',
    readOnly: true,
    userIdentity: CLEANER,
  }),
  onDay(3, { eventSource: 'cloudtrail.amazonaws.com', eventName: 'StopLogging', eventID: 'stopped' }),
].map((value, index) => ({ ...value, eventID: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}` }));

const lines = (values: readonly unknown[]) => values.map((value) => `${JSON.stringify(value)}\n`).join('');

describe('trailbell suggest', () => {
  it('drafts entries that, pasted into local/, pass check and calm exactly what it said', async () => {
    const severities = await severitiesWith({});
    const file = `${await folderOf({ 'history.ndjson': lines(HISTORY) })}/history.ndjson`;
    const { code, stdout } = await trailbell(['suggest', file, '--severities', severities, '--json']);
    expect(code).toBe(0);
    const { findings, suggestions, leftOut } = JSON.parse(stdout);
    expect(findings).toBe(41);
    expect(leftOut.guardrail).toBe(1);
    expect(suggestions).toHaveLength(1);
    const [{ entry, list, findings: counted }] = suggestions;
    expect(counted).toBe(40);

    await writeFiles(severities, { 'local/policy.json': { [list]: [entry] } });
    const check = await trailbell(['check', '--severities', severities]);
    expect(check.stdout).toMatch(/warning {2}local\/policy\.json\/adjust\/0\/reason\n.* still has the reason/);
    expect(check.code).toBe(0);
    const replay = await trailbell(['replay', file, '--severities', severities, '--json']);
    expect(JSON.parse(replay.stdout).published).toBe(findings - counted);
  });

  it('prints what it would do, then JSON to paste', async () => {
    const { code, stdout } = await trailbell(['suggest', '-'], { input: lines(HISTORY) });
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^41 finding\(s\), \d+ of them messages of their own\n1 entry would calm 40 finding\(s\), 97\.6 %\n/,
    );
    expect(stdout).toContain('1. alice calls iam.amazonaws.com/CreateAccessKey in 111122223333\n');
    expect(stdout).toContain('  1 of guardrails, which nothing silences\n');
    const { adjust } = JSON.parse(stdout.slice(stdout.indexOf('\n{\n')));
    expect(adjust).toHaveLength(1);
  });

  it('says so when there is nothing to suggest', async () => {
    const { code, stdout } = await trailbell(['suggest', '-'], { input: lines([onDay(1)]) });
    expect(code).toBe(0);
    expect(stdout).toMatch(/Nothing to suggest: no call of one caller alerted at least 10 times/);
  });

  it('says so when there is nothing at all', async () => {
    const { code, stdout } = await trailbell(['suggest', '-'], { input: '' });
    expect(code).toBe(0);
    expect(stdout).toBe('0 finding(s), 0 of them messages of their own\nNothing to suggest: nothing alerted.\n');
  });

  it('exits with 1 when an input could not be read, with 2 without one', async () => {
    expect((await trailbell(['suggest', '/nowhere/at/all'])).code).toBe(1);
    expect((await trailbell(['suggest'])).code).toBe(2);
  });

  it('shows nothing that could steer a terminal', async () => {
    const hostile = '\u001b[31m\u202e"*';
    const values = everyDay({
      userIdentity: { type: 'IAMUser', arn: 'arn:aws:iam::111122223333:user/x' },
      userAgent: hostile,
    });
    const severities = await severitiesWith({ 'local/detections/access-key-created.json': detection() });
    const { stdout } = await trailbell(['suggest', '-', '--severities', severities], { input: lines(values) });
    expect(stdout).toContain('"adjust"');
    expect(stdout.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202e]/u);
  });
});
