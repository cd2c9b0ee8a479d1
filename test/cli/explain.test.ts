import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { explainCommand } from '../../cli/explain.ts';
import { UsageError } from '../../cli/usage-error.ts';
import { detection } from '../support/policies.ts';
import { runCommand } from './command-line.ts';
import { lambdaEventOf, recordOf, WHITELISTED } from './sample-records.ts';
import { folderOf, severitiesWith } from './temporary-folder.ts';

const STEPS = [
  '1 whitelist',
  '2 detections',
  'deletion',
  'row',
  'unlisted',
  '3 highest',
  '4 outcome',
  '5 adjust',
  '6 action',
];

const stepsOf = (lines: readonly string[]) =>
  lines.filter((line) => line.startsWith('  ')).map((line) => line.slice(2, 15).trim());
const answerOf = (lines: readonly string[], step: string) =>
  lines.find((line) => line.slice(2, 15).trim() === step)?.slice(16);

async function explainRecords(content: unknown, options = {}) {
  const folder = await folderOf({ 'records.json': content });
  return runCommand(explainCommand, [join(folder, 'records.json')], options);
}

describe('explain EVENT_SOURCE/EVENT_NAME', () => {
  it.each([
    ['kms.amazonaws.com/CreateCustomKeyStore', 'row', /^(high|critical): \S/],
    ['kms.amazonaws.com/DeleteAlias', 'deletion', /the row overrides it$/],
    ['kms.amazonaws.com/DeleteMadeUp', 'deletion', /finds the name: high$/],
    ['cloudformation.amazonaws.com/DeleteChangeSet', 'deletion', /spared by change-sets$/],
    ['cloudtrail.amazonaws.com/StopLogging', '6 action', /^critical: publish/],
    ['nothing.amazonaws.com/MakeIt', 'unlisted', /aws_resource_not_listed/],
    ['kms.amazonaws.com/MakeIt', 'unlisted', /aws_event_not_listed/],
    ['IoTSecuredTunneling.amazonaws.com/OpenTunnel', '3 highest', /./],
  ])('answers every step, for %s', async (subject, step, answer) => {
    const { code, lines, stderr } = await runCommand(explainCommand, [subject]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(lines[0]).toMatch(subject);
    expect(stepsOf(lines)).toEqual(STEPS);
    expect(answerOf(lines, step)).toMatch(answer);
  });

  it('ends at the entry that whitelists the call', async () => {
    const { lines } = await runCommand(explainCommand, ['kms.amazonaws.com/Decrypt']);
    expect(stepsOf(lines)).toEqual(['1 whitelist']);
    expect(answerOf(lines, '1 whitelist')).toMatch(/^kms-data-keys covers it/);
  });

  it.each([[[]], [['a', 'b']]])('takes one subject: %j', async (subjects) => {
    await expect(runCommand(explainCommand, subjects)).rejects.toThrow(UsageError);
  });
});

describe('explain FILE', () => {
  it('explains every record, and says which are none', async () => {
    const { code, stdout, lines } = await explainRecords(
      lambdaEventOf([recordOf(1), recordOf(2, WHITELISTED), 'not JSON']),
    );
    expect(code).toBe(0);
    expect(stepsOf(lines)).toEqual([...STEPS, '1 whitelist']);
    expect(stdout).toMatch(/^.*records\.json#awslogs\.data\.logEvents\[2\]\.message: rejected, not JSON$/m);
  });

  it('names the counts that a record is one of', async () => {
    const count = { atLeast: 3, withinMinutes: 5, by: ['principal'] };
    const files = { 'local/detections/many.json': detection({ id: 'many', eventNames: ['GetUser'], count }) };
    const record = recordOf(1, { eventSource: 'iam.amazonaws.com', eventName: 'GetUser' });
    const { lines } = await explainRecords(record, { severities: await severitiesWith(files) });
    expect(answerOf(lines, 'counts')).toBe('towards many (high): 3 within 5 minutes by principal');
    expect(answerOf(lines, '6 action')).not.toMatch(/publish/);
  });

  it('names the entries and detections that a record meets', async () => {
    const severities = await severitiesWith({
      'local/policy.json': {
        adjust: [
          { id: 'calm', eventNames: ['CreateBucket'], severity: 'low', reason: 'A test.' },
          { id: 'excited', eventNames: ['CreateBucket'], severity: 'medium', raise: true, reason: 'A test.' },
        ],
      },
      'local/detections/by-alice.json': {
        id: 'by-alice',
        title: 'Something by Alice',
        severity: 'medium',
        stage: 'trial',
        when: '{ $.userIdentity.arn = "*:user/alice" }',
        reason: 'A test.',
        examples: { match: [recordOf(1)], noMatch: [recordOf(2, { userIdentity: {} })] },
      },
    });
    const record = recordOf(1, {
      eventSource: 's3.amazonaws.com',
      eventName: 'CreateBucket',
      errorCode: 'AccessDenied',
    });
    const { lines } = await explainRecords(record, { severities });
    expect(answerOf(lines, '2 detections')).toMatch(/by-alice \(medium, on trial\)/);
    expect(answerOf(lines, '4 outcome')).toMatch(/^denied: /);
    expect(answerOf(lines, '5 adjust')).toMatch(
      /calm \(at most low\), excited \(at least medium\); excited had the last/,
    );
    expect(answerOf(lines, '6 action')).toMatch(/^medium: log/);
  });

  it.each([
    ['an escape sequence', '\u001b[2J\u001b]0;owned\u0007'],
    ['lines of its own', 'x\n  6 action      low: quiet\r'],
    ['text that runs backwards', '\u202egniggoLpotS\u2066'],
    ['what cannot be seen', 'Stop\u200bLogging\ufeff\u{e0041}'],
    ['a C1 control', '\u009b31m'],
  ])('shows what a record holds, and obeys none of it: %s', async (_what, value) => {
    const { stdout, lines } = await explainRecords(
      recordOf(1, {
        eventName: value,
        eventSource: value,
        errorCode: value,
        userIdentity: { type: value, arn: value },
      }),
    );
    expect(stdout).not.toMatch(/[^\P{C}\n]/u);
    expect(stepsOf(lines)).toEqual(STEPS);
  });

  it('bounds how much of a value it shows', async () => {
    const { stdout } = await explainRecords(recordOf(1, { eventName: 'A'.repeat(100_000) }));
    expect(stdout.length).toBeLessThan(4_000);
  });

  it('gives exit code 1 for a file that cannot be read', async () => {
    const { code, stdout, stderr } = await runCommand(explainCommand, [join(await folderOf(), 'absent.json')]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/absent\.json: no such file or folder/);
  });
});
