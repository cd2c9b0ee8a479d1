import { describe, expect, it } from 'vitest';
import { compilePolicy } from '../../function/core/policy.ts';
import { shippedPolicy, shippedSeverities, verdictOn } from './shipped.ts';

type Parts = Readonly<Record<string, unknown>>;

const { policy: settings, detections } = await shippedSeverities();
const policy = await shippedPolicy();
const entries = [
  ...settings.whitelist.map((entry) => ({ list: 'whitelist', ...entry })),
  ...settings.adjust.map((entry) => ({ list: 'adjust', ...entry })),
  ...settings.deletions.unless.map((entry) => ({ list: 'deletions.unless', ...entry })),
];

const ROLE = {
  type: 'AssumedRole',
  principalId: 'AROAEXAMPLEEXAMPLE:alice',
  arn: 'arn:aws:sts::111122223333:assumed-role/operators/alice',
  accountId: '111122223333',
};

/** What a caller can have in a record: any user agent, and the name of every service that can be made to call for it. */
const FORGED_AGENTS = ['autoscaling.amazonaws.com', 'cloudformation.amazonaws.com', 'AWS Internal', 'Terraform/1.9.0'];
const FORGED_INVOKERS = [
  'autoscaling.amazonaws.com',
  'backup.amazonaws.com',
  'cloudformation.amazonaws.com',
  'config.amazonaws.com',
  'ssm.amazonaws.com',
];

const identityOf = (record: Parts): Parts => (record['userIdentity'] ?? {}) as Parts;
const severityOf = (record: Parts) => verdictOn(policy, record).severity;

describe('the shipped policy', () => {
  it.each(entries)('$list $id asks no user agent, and no invokedBy without the type only AWS sets', ({ when }) => {
    for (const condition of [when ?? []].flat()) {
      expect(condition).not.toContain('userAgent');
      if (condition.includes('invokedBy')) expect(condition).toMatch(/\$\.userIdentity\.type = "AWSService"/);
    }
  });

  it('trusts no role but those only a service can take on, and adjusts nothing', () => {
    const trusted = entries.flatMap((entry) => ('principals' in entry ? (entry.principals ?? []) : []));
    expect(
      trusted.filter((arn) => !/^arn:\*:iam::\*:role\/aws-service-role\/[\w.*-]+\.amazonaws\.com\/\*$/.test(arn)),
    ).toEqual([]);
    expect(settings.adjust).toEqual([]);
    expect(Object.entries(settings.lists).filter(([, values]) => values.length > 0)).toEqual([]);
  });

  it.each(['DeleteTrail', 'DeleteFlowLogs', 'DeleteDetector'])(
    'takes %s by a role for what it is, whatever service it names',
    (eventName) => {
      const call = { eventSource: `${SOURCES[eventName]}.amazonaws.com`, eventName, userIdentity: ROLE };
      const honest = severityOf(call);
      expect(honest).toMatch(/high|critical/);
      for (const forged of forgeries(call)) expect(severityOf(forged), JSON.stringify(forged)).toBe(honest);
    },
  );
});

const SOURCES: Readonly<Record<string, string>> = {
  DeleteTrail: 'cloudtrail',
  DeleteDetector: 'guardduty',
  DeleteFlowLogs: 'ec2',
};

describe('a detection', () => {
  // Root in a record with a service that called is the service's own work for the account, as the CIS condition has it; a
  // person's root session begins with a sign-in, which alerts whatever follows.
  const byService = new Set(['root-api-use']);
  // Some look for the user agents of attack tools; taking one's own away is the attacker's to do.
  const asking = (word: string) =>
    new Set(detections.filter(({ when }) => [when ?? []].flat().some((one) => one.includes(word))).map(({ id }) => id));
  const agents = asking('userAgent');
  const published = detections.filter(({ severity, count }) => count === undefined && /high|critical/.test(severity));

  it.each(published.filter(({ id }) => !agents.has(id) && !byService.has(id)))(
    '$id is not got around by a user agent or by a service asked to call',
    (detection) => {
      const alone = compilePolicy({
        policyVersion: 'alone',
        policy: settings,
        services: [],
        accounts: {},
        detections: [detection],
      });
      const matches = (record: Parts) => verdictOn(alone, record).reasons.some(({ id }) => id === detection.id);
      for (const example of detection.examples.match as readonly Parts[]) {
        const missed = forgeries(example).filter((forged) => !matches(forged));
        expect(missed.map((forged) => [forged['userAgent'], identityOf(forged)['invokedBy']])).toEqual([]);
      }
    },
  );
});

/** The same call with other user agents, and made through services. */
function forgeries(record: Parts): Parts[] {
  const userIdentity = identityOf(record);
  return [
    ...FORGED_AGENTS.map((userAgent) => ({ ...record, userAgent })),
    ...FORGED_INVOKERS.map((invokedBy) => ({
      ...record,
      userIdentity: { ...userIdentity, invokedBy },
      sourceIPAddress: invokedBy,
    })),
  ];
}
