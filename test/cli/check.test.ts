import { describe, expect, it } from 'vitest';
import { checkCommand } from '../../cli/check.ts';
import { SeveritiesError } from '../../function/core/severities/problem.ts';
import { runCommand } from './command-line.ts';
import { recordOf } from './sample-records.ts';
import { type Files, severitiesWith } from './temporary-folder.ts';

async function checked(files: Files) {
  return runCommand(checkCommand, [], { severities: await severitiesWith(files) });
}

const kms = (events: Files) => ({ eventSource: 'kms.amazonaws.com', service: 'AWS KMS', events });
const entry = { id: 'cleaner', reason: 'A test.' };
const detection = {
  id: 'by-alice',
  title: 'Something by Alice',
  severity: 'low',
  when: '{ $.userIdentity.arn = "*:user/alice" }',
  reason: 'A test.',
  examples: { match: [recordOf(1)], noMatch: [recordOf(2, { userIdentity: {} })] },
};

describe('check', () => {
  it('has nothing against the shipped folder, and counts what it holds', async () => {
    const { code, stdout, stderr } = await runCommand(checkCommand);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^\d+ services, \d+ rows, \d+ detections: 0 failure\(s\), \d+ warning\(s\)$/m);
    expect(stdout).not.toMatch(/^failure/m);
  });

  it.each<[string, Files, RegExp[]]>([
    [
      'a row the deletion pattern outranks',
      { 'local/services/kms.json': kms({ DeleteAlias: 'low' }) },
      [
        /^failure {2}local\/services\/kms\.json\/events\/DeleteAlias$/m,
        /-> "DeleteAlias": \{.*"overridesDeletion":true\}/,
      ],
    ],
    [
      'an entry past its day',
      { 'local/policy.json': { whitelist: [{ ...entry, eventNames: ['LookAway'], expires: '2020-02-29' }] } },
      [/^failure {2}local\/policy\.json\/whitelist\/0\/expires$/m, /expired on 2020-02-29/],
    ],
    [
      'a whitelist entry that hides a severe row',
      {
        'local/policy.json': {
          whitelist: [{ ...entry, eventNames: ['ScheduleKeyDeletion'], accounts: ['111122223333'] }],
        },
      },
      [
        /^failure {2}local\/policy\.json\/whitelist\/0$/m,
        /-> "hides": \["kms\.amazonaws\.com\/ScheduleKeyDeletion".*\]/,
      ],
    ],
    [
      'an adjust entry that lowers a severe row',
      { 'local/policy.json': { adjust: [{ ...entry, eventNames: ['StopLogging'], severity: 'low' }] } },
      [/^failure {2}local\/policy\.json\/adjust\/0$/m, /-> "hides": \[.*"cloudtrail\.amazonaws\.com\/StopLogging".*\]/],
    ],
    [
      'a name it does not cover',
      { 'local/policy.json': { whitelist: [{ ...entry, eventNames: ['LookAway'], hides: ['detection:root-login'] }] } },
      [/^failure {2}local\/policy\.json\/whitelist\/0\/hides$/m, /-> remove/],
    ],
    [
      'an example that does not match',
      {
        'local/detections/by-alice.json': {
          ...detection,
          examples: { ...detection.examples, match: [recordOf(1, { userIdentity: {} })] },
        },
      },
      [/^failure {2}local\/detections\/by-alice\.json\/examples\/match\/0$/m],
    ],
    [
      'an example that matches and should not',
      {
        'local/detections/by-alice.json': { ...detection, examples: { match: [recordOf(1)], noMatch: [recordOf(1)] } },
      },
      [/^failure {2}local\/detections\/by-alice\.json\/examples\/noMatch\/0$/m],
    ],
    [
      'an override of nothing',
      { 'local/detections/unheard-of.json': { id: 'unheard-of', override: true, severity: 'low', reason: 'A test.' } },
      [/^failure {2}local\/detections\/unheard-of\.json\/id$/m],
    ],
  ])('fails on %s, with its place and what to write', async (_case, files, expected) => {
    const { code, stdout } = await checked(files);
    expect(code).toBe(1);
    for (const pattern of expected) expect(stdout).toMatch(pattern);
    expect(stdout).toMatch(/: 1 failure\(s\)/);
  });

  it.each<[string, Files]>([
    [
      'a row that overrides the pattern',
      {
        'local/services/kms.json': kms({
          DeleteAlias: { severity: 'low', reason: 'Made by every deployment.', overridesDeletion: true },
        }),
      },
    ],
    [
      'an entry up to its day',
      { 'local/policy.json': { whitelist: [{ ...entry, eventNames: ['LookAway'], expires: '9999-12-31' }] } },
    ],
    [
      'a whitelist entry that names what it hides',
      {
        'local/policy.json': {
          whitelist: [
            {
              ...entry,
              eventNames: ['CreateCustomKeyStore'],
              hides: ['kms.amazonaws.com/CreateCustomKeyStore'],
            },
          ],
        },
      },
    ],
    [
      'an adjust entry that raises',
      { 'local/policy.json': { adjust: [{ ...entry, eventNames: ['StopLogging'], severity: 'low', raise: true }] } },
    ],
    ['a detection whose examples are right', { 'local/detections/by-alice.json': detection }],
  ])('has nothing against %s', async (_case, files) => {
    expect(await checked(files)).toMatchObject({ code: 0, stdout: expect.not.stringMatching(/^failure/m) });
  });

  it('warns of a name AWS does not have, tells the one that was meant, and gives exit code 0', async () => {
    const { code, stdout } = await checked({
      'local/services/kms.json': kms({ createkey: 'medium' }),
      'local/services/no-such-thing.json': {
        eventSource: 'no-such-thing.amazonaws.com',
        service: 'None',
        events: { MakeIt: 'low' },
      },
    });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^warning {2}local\/services\/kms\.json\/events\/createkey$/m);
    expect(stdout).toMatch(/-> write "CreateKey"/);
    expect(stdout).toMatch(/^warning {2}local\/services\/no-such-thing\.json\/eventSource$/m);
    expect(stdout.match(/^warning {2}local\//gm)).toHaveLength(2);
  });

  it('puts failures before warnings', async () => {
    const { stdout } = await checked({ 'local/services/kms.json': kms({ createkey: 'medium', DeleteAlias: 'low' }) });
    expect(stdout).toMatch(/^failure.*^warning/ms);
  });

  it('cannot look at a folder with a duplicate key, and says where it is', async () => {
    const text = '{ "eventSource": "kms.amazonaws.com", "service": "x", "events": { "A": "low", "A": "medium" } }';
    const error = await checked({ 'local/services/kms.json': text }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(SeveritiesError);
    expect(error).toMatchObject({ problems: [{ file: 'local/services/kms.json', pointer: '/events/A' }] });
  });
});
