import { type CloudTrailRecord, objectAt, sessionIssuerOf, textOf } from './record.ts';

/** Who made the call, in the fields people search for. Values are as recorded, not neutralised. */
export interface Principal {
  /** What colleagues would call this caller: a user, a session, a service. */
  readonly name: string;
  /** What kind of caller it is, in words. */
  readonly kind: string;
  /** `userIdentity.arn`, where there is one. */
  readonly arn: string | undefined;
  /** The value to search the log by: the ARN, else the access key, else the principal id. */
  readonly searchBy: { readonly field: string; readonly value: string } | undefined;
}

/** The kind of the root user. Users can be named `root`, so the name alone tells nothing. */
export const ROOT = 'the root user';

const KINDS: ReadonlyMap<unknown, string> = new Map([
  ['Root', ROOT],
  ['IAMUser', 'IAM user'],
  ['AssumedRole', 'role session'],
  ['Role', 'role'],
  ['FederatedUser', 'federated user'],
  ['Directory', 'directory user'],
  ['AWSAccount', 'another AWS account'],
  ['AWSService', 'AWS service'],
  ['IdentityCenterUser', 'IAM Identity Center user'],
  ['SAMLUser', 'SAML user'],
  ['WebIdentityUser', 'web identity user'],
]);

const ASSUMED_ROLE = /^(?:[^:]*:){5}assumed-role\/(?:[^/]+\/)*?([^/]+)\/([^/]+)$/;

/**
 * The caller of a record. Total: every shape of `userIdentity`, and none at all, gives a name.
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
 */
export function principalOf(record: CloudTrailRecord): Principal {
  const identity = objectAt(record, 'userIdentity');
  const arn = textOf(identity?.['arn']);
  const type = identity?.['type'];
  return {
    name: nameOf(record, identity, arn),
    kind: KINDS.get(type) ?? (textOf(identity?.['invokedBy']) ? 'AWS service' : 'caller'),
    arn,
    searchBy: searchBy(identity, arn),
  };
}

/** The name alone, as {@link principalOf} gives it. */
export function principalName(record: CloudTrailRecord): string {
  const identity = objectAt(record, 'userIdentity');
  return nameOf(record, identity, textOf(identity?.['arn']));
}

function nameOf(record: CloudTrailRecord, identity: CloudTrailRecord | undefined, arn: string | undefined): string {
  if (identity?.['type'] === 'Root') return 'root';
  const userName = textOf(identity?.['userName']);
  if (userName) return userName;
  // Most ARNs are of nothing like it, and need no expression to tell.
  const [, role, session] = (arn?.includes(':assumed-role/') ? ASSUMED_ROLE.exec(arn) : null) ?? [];
  if (role && session) return role.startsWith('AWSReservedSSO_') ? session : `${session} (role ${role})`;
  const issuer = textOf(sessionIssuerOf(record)?.['userName']);
  if (issuer) return issuer;
  const principalId = textOf(identity?.['principalId']);
  return (
    textOf(objectAt(identity, 'onBehalfOf')?.['userId']) ??
    textOf(identity?.['invokedBy']) ??
    (arn ? arn.slice(arn.lastIndexOf('/') + 1) : undefined) ??
    (principalId ? principalId.slice(principalId.indexOf(':') + 1) : undefined) ??
    textOf(identity?.['accountId']) ??
    'an unknown caller'
  );
}

function searchBy(identity: CloudTrailRecord | undefined, arn: string | undefined): Principal['searchBy'] {
  if (arn) return { field: 'userIdentity.arn', value: arn };
  for (const field of ['accessKeyId', 'principalId', 'invokedBy'] as const) {
    const value = textOf(identity?.[field]);
    if (value) return { field: `userIdentity.${field}`, value };
  }
  return undefined;
}
