import { describe, expect, test } from 'vitest';
import { ageOf } from '../../../function/core/render/prose.ts';
import { renderText } from '../../../function/core/render/text.ts';
import { detection, findingOf, type SeveritiesParts } from '../../support/policies.ts';
import { aggregated, insight, record, signIn } from '../../support/records.ts';

const NOW = new Date('2026-11-20T02:44:00Z');
const parts: SeveritiesParts = {
  rows: { 'iam.amazonaws.com': { CreateAccessKey: { severity: 'high', reason: 'Lasts.' } } },
  detections: [
    detection({
      severity: 'critical',
      nextSteps: ['Ask bob.', 'Deactivate the key.'],
      techniques: ['T1098.001'],
      runbook: 'https://runbooks.example.com/keys',
    }),
  ],
  local: { accounts: { '111122223333': { name: 'prod', team: 'payments' } } },
};
const textOf = (value: unknown, of: SeveritiesParts = parts) => renderText(findingOf(of, value), NOW);

describe('a mail', () => {
  test('has everything in reading order', () => {
    const text = textOf(record());
    expect(text).toMatch(/^CRITICAL at 02:41 UTC on 2026-11-20, 3 minutes ago\n\n/);
    expect(text).toContain(
      'IAM user alice called CreateAccessKey on Service iam (userName: bob) in prod (111122223333), us-east-1, from 192.0.2.10. The call succeeded.',
    );
    expect(text).toContain(
      [
        'Why this alert',
        '  - A key outlives the session it was made in. (detection access-key-created: critical) [T1098.001]',
        '  - Lasts. (row CreateAccessKey: high)',
        '',
        'What to do next',
        '  1. Ask bob.',
        '  2. Deactivate the key.',
        '',
        'Links',
        '  This record: https://us-east-1.console.aws.amazon.com/cloudtrailv2/',
      ].join('\n'),
    );
    expect(text).toContain('\n  Runbook: https://runbooks.example.com/keys\n');
    expect(text).toContain('\nFields\n  eventID: 6f1c6a9a-0000-4000-8000-000000000002\n');
    expect(text).toContain('\n  userIdentity.arn: arn:aws:iam::111122223333:user/alice\n');
    expect(text).toMatch(/\n\ntrailbell, severities test, team payments\n$/);
  });

  test('leaves out sections with nothing in them', () => {
    const text = renderText(findingOf({}, { eventSource: 'x', eventName: 'y' }, { place: undefined }), NOW);
    expect(text).not.toContain('Links');
    expect(text).toContain('Fields\n  eventSource: x\n  eventName: y\n');
  });

  test.each([
    [
      'denied, by its code',
      record({ errorCode: 'AccessDenied', errorMessage: 'No.' }),
      'It was denied (AccessDenied).',
    ],
    ['denied, by its message', signIn('Failure'), 'It was denied (Failed authentication).'],
    ['failed', record({ errorCode: 'LimitExceeded' }), 'It failed (LimitExceeded).'],
    [
      'a dry run',
      record({ errorCode: 'Client.DryRunOperation' }),
      'It was a dry run (Client[.]DryRunOperation): permitted, and not carried out.',
    ],
  ])('says that the call was %s', (_, value, sentence) => {
    expect(textOf(value)).toContain(sentence);
  });

  test('says of a call that failed what it would have meant', () => {
    const denied = textOf(record({ errorCode: 'AccessDenied' }));
    expect(denied).toContain('- Had it gone through: Lasts. (row');
    expect(denied).toContain('- Had it gone through: A key outlives the session it was made in. (detection');
    expect(textOf(record())).not.toContain('Had it gone through');
  });

  test('says what a detection of the failure itself says as it is', () => {
    const refused = detection({ id: 'refused', when: '{ $.errorCode = "AccessDenied" }', reason: 'Refused.' });
    const text = textOf(record({ errorCode: 'AccessDenied' }), { detections: [refused, detection()] });
    expect(text).toContain('  - Refused. (detection refused: high)');
    expect(text).toContain('  - Had it gone through: A key outlives');
  });

  test.each([
    [
      'a deletion',
      record({ eventName: 'DeleteUser' }),
      '- Something was deleted, revoked or removed. (deletion: high)',
    ],
    [
      'an unlisted call',
      record({ eventName: 'PutThing' }),
      '- The severity table does not list this call. (unlisted: low)',
    ],
  ])('says why for %s', (_, value, why) => {
    expect(textOf(value, {})).toContain(why);
  });

  test.each([
    ['root', { type: 'Root' }, 'The root user called'],
    ['a user who is named root', { type: 'IAMUser', userName: 'root' }, 'IAM user root called'],
    ['a service', { invokedBy: 'ec2.amazonaws.com' }, 'AWS service ec2.amazonaws.com called'],
    ['nobody', {}, 'Caller an unknown caller called'],
  ])('names %s', (_, userIdentity, sentence) => {
    expect(textOf(record({ userIdentity }))).toContain(sentence);
  });

  test.each([
    [
      insight(),
      'CloudTrail Insights saw an unusual rate of CreateAccessKey calls on Service iam in prod (111122223333), us-east-1.',
    ],
    [
      insight({ insightDetails: {} }),
      'CloudTrail Insights saw an unusual rate of calls on an unnamed service in prod (111122223333), us-east-1.',
    ],
    [aggregated(), 'CloudTrail summed up data events on an unnamed service in prod (111122223333), us-east-1.'],
  ])('says what a summary is', (value, sentence) => {
    expect(textOf(value)).toContain(sentence);
  });

  test('gives steps for any call where a detection gives none, at most 8 where it gives more', () => {
    const steps = (nextSteps?: string[]) => textOf(record(), { detections: [detection({ nextSteps })] });
    expect(steps()).toContain('  1. Ask the caller, over another channel, whether the call was theirs.\n');
    expect(steps(Array.from({ length: 9 }, (_, index) => `Step ${index}.`))).not.toContain('9. ');
    expect(textOf(record({ errorCode: 'AccessDenied' }), { detections: [detection()] })).toContain(
      '  1. Ask the caller whether the attempt',
    );
  });
});

describe('the age', () => {
  test.each([
    ['2026-11-20T02:43:59Z', '1 second ago'],
    ['2026-11-20T02:42:31Z', '89 seconds ago'],
    ['2026-11-20T02:42:00Z', '2 minutes ago'],
    ['2026-11-20T01:15:00Z', '89 minutes ago'],
    ['2026-11-20T00:44:00Z', '2 hours ago'],
    ['2026-11-18T15:44:00Z', '35 hours ago'],
    ['2026-11-13T02:44:00Z', '7 days ago'],
    ['2026-11-20T02:44:00Z', '0 seconds ago'],
    ['2026-11-20T02:45:00Z', 'in the future by our clock'],
    [undefined, 'at an unknown time'],
    ['yesterday', 'at an unknown time'],
  ])('of %j is %j', (eventTime, age) => {
    expect(ageOf(findingOf({}, record({ eventTime })), NOW)).toMatch(new RegExp(`(?:, |^)${age}$`));
  });
});
