import { type CatalogueNames, namesOf } from './catalogue.ts';
import type { Row } from './model.ts';

/** What the names of calls tell, first match first; a row drafted from it still has to be judged. */
interface Rule {
  readonly name: RegExp;
  readonly row: Exclude<Row, string>;
}

const DELETION = /^(?:Delete|Revoke|Remove)/;

const READS: readonly Rule[] = [
  {
    name: /^(?:Get|BatchGet|Export|Download|Retrieve|Describe).*(?:Secret|Password|Credential|Token|PrivateKey|ApiKey|AccessDetails|Presigned)/,
    row: { severity: 'medium', reason: 'Hands out a secret or a credential.', techniques: ['T1552'] },
  },
];

const DELETIONS: readonly Rule[] = [
  {
    name: /(?:Logging\w*|LogConfig\w*|LogGroup|Trail|Detector|Recorder|Protection\w*|Lock\w*|FlowLogs|Encryption\w*|PublicAccessBlock)$/,
    row: { severity: 'high', reason: 'A log, a guardrail or a protection is gone.', techniques: ['T1562'] },
  },
  {
    name: /^Delete\w*(?:Bucket|Database|DBInstance|DBCluster|Cluster|Table|Vault|Snapshots?|Backups?|RecoveryPoint|FileSystem|Volume|Repository|Key|Archive|Domain|Stream|Store|Index|Workspaces?|Directory|UserPool|Account)$/,
    row: { severity: 'high', reason: 'It is gone with the data it held.', techniques: ['T1485'] },
  },
  {
    name: /(?:Tags?|Association\w*|Permissions?|Grants?|Subscription|Alias|Version|Session|Members?|Targets?|Attachment)$/,
    row: { severity: 'low', reason: 'A part or a label; nothing stored is lost.', overridesDeletion: true },
  },
  {
    name: /^/,
    row: { severity: 'medium', reason: 'Gone, and made anew by its deployment.', overridesDeletion: true },
  },
];

const WRITES: readonly Rule[] = [
  {
    name: /^(?:Create|Generate|Issue|Import|Upload|Reset|Rotate|Get).*(?:Keys?|Token|Credentials?|Password|Certificate|PresignedUrl)$/,
    row: { severity: 'medium', reason: 'A credential was issued or replaced.', techniques: ['T1098'] },
  },
  {
    name: /(?:Policy|Permissions?|Grants?|Share|Acl|AccessPoint|Principals?)$/,
    row: { severity: 'medium', reason: 'Who may use it changed.', techniques: ['T1098'] },
  },
  {
    name: /^(?:Disable|Stop|Suspend|Deregister|Disassociate|Detach).*(?:Log\w*|Monitoring|Protection|Encryption|Detector|Recorder|Rotation|Account|Admin\w*|Members?|Standards|Scan\w*)$/,
    row: {
      severity: 'medium',
      reason: 'A guardrail or a record of what happens was switched off.',
      techniques: ['T1562'],
    },
  },
];

const PERMISSIONS: readonly Rule[] = [
  { name: /^/, row: { severity: 'medium', reason: 'Who may do what changed.', techniques: ['T1098'] } },
];

/** The reasons of drafted rows: a table that still has one was not judged. */
export const DRAFTED_REASONS: ReadonlySet<string> = new Set(
  [...READS, ...DELETIONS, ...WRITES, ...PERMISSIONS].map(({ row }) => row.reason),
);

/**
 * The rows a service begins with, sorted by name: only those that depart from what an unlisted call of a listed service
 * is rated. Guesses from access levels and names; every one is to be judged by a person before it ships.
 */
export function draftedRows(names: CatalogueNames): Readonly<Record<string, Exclude<Row, string>>> {
  const permissions = new Set(names.permissions?.split(' '));
  const reads = new Set(names.read?.split(' '));
  return Object.fromEntries(
    namesOf(names).flatMap((name) => {
      const rules = DELETION.test(name)
        ? DELETIONS
        : reads.has(name)
          ? READS
          : [...WRITES, ...(permissions.has(name) ? PERMISSIONS : [])];
      const rule = rules.find((candidate) => candidate.name.test(name));
      return rule ? [[name, rule.row]] : [];
    }),
  );
}
