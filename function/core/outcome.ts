import { type CloudTrailRecord, objectAt, textOf } from './record.ts';

/** How a call ended. `dry-run` = permitted, and not carried out because the caller asked so. */
export type Outcome = 'succeeded' | 'denied' | 'failed' | 'dry-run';

/**
 * Error codes that say the caller was turned away: permissions, authentication, signatures. Service prefixes
 * (`Client.`) and suffixes (`Exception`) vary, so the stem is searched for.
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
 */
const DENIED_STEM = new RegExp(
  [
    'AccessDenied',
    'Unauthorized',
    'NotAuthorized',
    'AuthorizationError',
    'AuthFailure',
    'Forbidden',
    'InvalidClientTokenId',
    'UnrecognizedClient',
    'SignatureDoesNotMatch',
    'InvalidAccessKeyId',
    'ExpiredToken',
    'MissingAuthenticationToken',
    'IncompleteSignature',
    'OptInRequired',
  ].join('|'),
);

/** No AWS error code is longer; what is longer is searched no further. */
const MAX_CODE_LENGTH = 128;

/**
 * How the recorded call ended. A ConsoleLogin fails without an `errorCode`: its `responseElements` say so.
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-aws-console-sign-in-events.html
 */
export function outcomeOf(record: CloudTrailRecord): Outcome {
  const errorCode = textOf(record['errorCode'])?.slice(0, MAX_CODE_LENGTH);
  if (errorCode === undefined) return isFailedSignIn(record) ? 'denied' : 'succeeded';
  if (errorCode === 'Client.DryRunOperation' || errorCode === 'DryRunOperation') return 'dry-run';
  return DENIED_STEM.test(errorCode) || isFailedSignIn(record) ? 'denied' : 'failed';
}

/**
 * The same record as it would read had the call succeeded. A detection that matches the one and not the other tests
 * for failure.
 */
export function asIfSucceeded(record: CloudTrailRecord): CloudTrailRecord {
  const { errorCode: _code, errorMessage: _message, ...rest } = record;
  if (!isFailedSignIn(record)) return rest;
  return { ...rest, responseElements: { ...objectAt(record, 'responseElements'), ConsoleLogin: 'Success' } };
}

function isFailedSignIn(record: CloudTrailRecord): boolean {
  return (
    record['eventSource'] === 'signin.amazonaws.com' &&
    (objectAt(record, 'responseElements')?.['ConsoleLogin'] === 'Failure' ||
      record['errorMessage'] === 'Failed authentication')
  );
}
