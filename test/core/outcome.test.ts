import { describe, expect, test } from 'vitest';
import { asIfSucceeded, outcomeOf } from '../../function/core/outcome.ts';
import { record, signIn } from '../support/records.ts';

describe('how a call ended', () => {
  test.each([
    [undefined, 'succeeded'],
    [null, 'succeeded'],
    ['', 'succeeded'],
    ['AccessDenied', 'denied'],
    ['AccessDeniedException', 'denied'],
    ['VpceAccessDenied', 'denied'],
    ['Client.UnauthorizedOperation', 'denied'],
    ['Server.UnauthorizedOperation', 'denied'],
    ['AuthFailure', 'denied'],
    ['NotAuthorized', 'denied'],
    ['AuthorizationErrorException', 'denied'],
    ['InvalidClientTokenId', 'denied'],
    ['UnrecognizedClientException', 'denied'],
    ['SignatureDoesNotMatch', 'denied'],
    ['ExpiredTokenException', 'denied'],
    ['NoSuchBucket', 'failed'],
    ['Client.InvalidGroup.NotFound', 'failed'],
    ['ThrottlingException', 'failed'],
    ['accessdenied', 'failed'],
    ['Client.DryRunOperation', 'dry-run'],
    ['DryRunOperation', 'dry-run'],
    ['NotADryRunOperation', 'failed'],
    [`${'x'.repeat(200)}AccessDenied`, 'failed'],
  ])('errorCode %j: %s', (errorCode, outcome) => {
    expect(outcomeOf(record({ errorCode }))).toBe(outcome);
  });

  test('a sign-in that failed was denied, whatever it lacks', () => {
    expect(outcomeOf(signIn('Failure'))).toBe('denied');
    expect(outcomeOf(signIn('Failure', { errorMessage: undefined }))).toBe('denied');
    expect(outcomeOf(signIn('Success'))).toBe('succeeded');
    expect(outcomeOf(signIn('Success', { responseElements: null, errorMessage: 'Failed authentication' }))).toBe(
      'denied',
    );
    expect(outcomeOf(record({ responseElements: { ConsoleLogin: 'Failure' } }))).toBe('succeeded');
  });

  test('the success of a call is the same record without its error', () => {
    const { errorCode: _, ...succeeded } = record({ errorCode: 'AccessDenied' });
    expect(asIfSucceeded(record({ errorCode: 'AccessDenied', errorMessage: 'No.' }))).toEqual(succeeded);
    expect(outcomeOf(asIfSucceeded(signIn('Failure')))).toBe('succeeded');
  });
});
