import { describe, expect, test } from 'vitest';
import { accountLabel, asSubject, MAX_SUBJECT_LENGTH, subjectOf } from '../../../function/core/render/subject.ts';
import { detection, findingOf } from '../../support/policies.ts';
import { record } from '../../support/records.ts';

const named = (name: string) => ({ detections: [detection()], local: { accounts: { '111122223333': { name } } } });

describe('a subject', () => {
  test('says first what happened, in the account by its name', () => {
    expect(subjectOf(findingOf(named('prod-payments'), record()))).toBe(
      '[HIGH] prod-payments: access key created for bob by alice',
    );
  });

  test.each([
    ['an account without a name', {}, '[HIGH] account 111122223333: access key created for bob by alice'],
    [
      'no account',
      { recipientAccountId: undefined, userIdentity: { userName: 'alice' } },
      '[HIGH] unknown account: access key created for bob by alice',
    ],
    [
      'a denied call',
      { errorCode: 'AccessDenied' },
      '[HIGH] account 111122223333: denied: create access key for bob by alice',
    ],
  ])('of %s', (_, parts, subject) => {
    expect(subjectOf(findingOf({ detections: [detection()] }, record(parts)))).toBe(subject);
  });

  test('is cut at 99 characters, dots marking the cut', () => {
    const subject = subjectOf(findingOf(named('x'.repeat(200)), record()));
    expect(subject).toHaveLength(MAX_SUBJECT_LENGTH);
    expect(subject).toMatch(/\.\.\.$/);
    expect(asSubject('x'.repeat(99))).toBe('x'.repeat(99));
  });

  test('has question marks for what is not printable ASCII', () => {
    expect(asSubject('Übung 😀 a\nb')).toBe('?bung ? a?b');
    expect(subjectOf(findingOf(named('Zürich\n2'), record()))).toMatch(/^\[HIGH\] Z\?rich\?2: /);
  });

  test('labels an account by its name, else its number', () => {
    expect(accountLabel(findingOf(named('prod'), record()))).toBe('prod');
    expect(accountLabel(findingOf({}, record()))).toBe('account 111122223333');
  });
});
