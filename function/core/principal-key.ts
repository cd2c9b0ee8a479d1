import { type CloudTrailRecord, objectAt, sessionIssuerOf, textOf } from './record.ts';

/**
 * Who stands behind a call, in one text that a caller cannot vary from call to call: the role behind a session, whatever
 * the session is called; the person behind a single sign-on session; else the user. Undefined where nothing tells.
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
 */
export function principalKey(record: CloudTrailRecord): string | undefined {
  const identity = objectAt(record, 'userIdentity');
  const arn = textOf(identity?.['arn']);
  const [, role, session] = /^(arn:[^:]*:sts::\d*:assumed-role\/[^/]+)\/([^/]+)$/.exec(arn ?? '') ?? [];
  const issuer = textOf(sessionIssuerOf(record)?.['arn']) ?? role;
  // Identity Center names a session after its user; under every other role the name is the caller's to choose.
  if (session !== undefined && issuer?.includes(':role/aws-reserved/sso.amazonaws.com/')) return `${issuer}/${session}`;
  return (
    issuer ??
    textOf(objectAt(identity, 'onBehalfOf')?.['userId']) ??
    arn ??
    textOf(identity?.['userName']) ??
    withoutSession(textOf(identity?.['principalId'])) ??
    textOf(identity?.['invokedBy']) ??
    textOf(identity?.['accountId'])
  );
}

/** Of a role in another account there is only `AROA…:<session name>`. */
function withoutSession(principalId: string | undefined): string | undefined {
  return principalId?.replace(/^(AROA[A-Z0-9]+):.*$/s, '$1');
}
