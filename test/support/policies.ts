import { classify } from '../../function/core/classify.ts';
import { buildFinding, type Finding, type FindingContext } from '../../function/core/finding.ts';
import { compilePolicy, type Policy } from '../../function/core/policy.ts';
import { readRecord } from '../../function/core/record.ts';
import { type Loaded, loadSeverities } from '../../function/core/severities/load.ts';
import type { Rated, Verdict } from '../../function/core/verdict.ts';

type Parts = Readonly<Record<string, unknown>>;

/** What a test's severities differ in from `POLICY` with an empty table. */
export interface SeveritiesParts {
  /** Properties of `policy.json`. */
  readonly policy?: Parts;
  /** Rows by eventSource. */
  readonly rows?: Readonly<Record<string, Parts>>;
  readonly detections?: readonly Parts[];
  readonly local?: Omit<SeveritiesParts, 'local'> & { readonly accounts?: Parts };
}

export const POLICY = {
  alertAt: 'high',
  logAt: 'low',
  whitelist: [],
  adjust: [],
  deletions: { pattern: '^(Delete|Revoke|Remove)', severity: 'high', unless: [] },
  failed: { denied: 'same', other: 'low' },
  unlisted: { service: 'low', event: 'low', readOnlyEvent: 'informational', insight: 'medium' },
} as const;

/** A detection on every CreateAccessKey of IAM; `parts` say what is different. */
export function detection(parts: Parts = {}): Parts {
  return {
    id: 'access-key-created',
    title: 'Access key created',
    severity: 'high',
    eventSource: 'iam.amazonaws.com',
    eventNames: ['CreateAccessKey'],
    reason: 'A key outlives the session it was made in.',
    examples: {
      match: [{ eventSource: 'iam.amazonaws.com', eventName: 'CreateAccessKey' }],
      noMatch: [{ eventSource: 'iam.amazonaws.com', eventName: 'ListAccessKeys' }],
    },
    ...parts,
  };
}

/** The folder of these parts, through the real loader. @throws {SeveritiesError} when it would not load. */
export function loadedOf(parts: SeveritiesParts = {}): Loaded {
  return loadSeverities(
    Object.entries(folderOf(parts)).map(([path, value]) => ({ path, text: JSON.stringify(value) })),
  );
}

/** The compiled policy of these parts, through the real loader. */
export function policyOf(parts: SeveritiesParts = {}): Policy {
  return compilePolicy({ policyVersion: 'test', ...loadedOf(parts).content });
}

/** The files of these parts, by path. */
export function folderOf({ local, ...parts }: SeveritiesParts): Record<string, unknown> {
  const { accounts, policy, ...edits } = local ?? {};
  return {
    'policy.json': { ...POLICY, ...parts.policy },
    ...filesOf('', parts),
    ...(policy && { 'local/policy.json': policy }),
    ...(accounts && { 'local/accounts.json': accounts }),
    ...filesOf('local/', edits),
  };
}

function filesOf(folder: string, { rows = {}, detections = [] }: SeveritiesParts): Record<string, unknown> {
  return Object.fromEntries([
    ...Object.entries(rows).map(([eventSource, events]) => {
      const label = eventSource.replace(/\.amazonaws\.com$/, '');
      return [`${folder}services/${label}.json`, { eventSource, service: `Service ${label}`, events }];
    }),
    ...detections.map((one) => [`${folder}detections/${String(one['id'])}.json`, one]),
  ]);
}

/** What becomes of one value. */
export function verdictOf(policy: Policy | SeveritiesParts, value: unknown): Verdict {
  return classify('policyVersion' in policy ? policy : policyOf(policy), readRecord(value));
}

/** The verdict on a record that is neither whitelisted nor rejected. */
export function ratedOf(policy: Policy | SeveritiesParts, value: unknown): Rated {
  const verdict = verdictOf(policy, value);
  if (verdict.verdict !== 'rated') throw new Error(`not rated but ${verdict.verdict}`);
  return verdict;
}

/** Where the records of `findingOf` came from. */
export const PLACE = { region: 'us-east-1', logGroup: '/aws/cloudtrail/main' } as const;

/** The finding of one record; its `dedupKey` is `key` unless the context says otherwise. */
export function findingOf(parts: SeveritiesParts, value: unknown, context: Partial<FindingContext> = {}): Finding {
  const policy = policyOf(parts);
  const read = readRecord(value);
  if ('unreadable' in read) throw new Error(read.unreadable);
  return buildFinding(policy, read, ratedOf(policy, value), { dedupKey: 'key', place: PLACE, teams: [], ...context });
}
