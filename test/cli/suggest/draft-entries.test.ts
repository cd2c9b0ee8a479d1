import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { type Draft, draftEntries } from '../../../cli/suggest/draft-entries.ts';
import { checkSeverities } from '../../../function/core/check/check.ts';
import { detection, loadedOf, policyOf, type SeveritiesParts } from '../../support/policies.ts';
import { ALICE, DEPLOYER } from '../../support/records.ts';
import { everyDay, groupsOf, onDay, publishedOf } from './made-history.ts';

const TODAY = new Date('2026-11-30T12:00:00Z');
const SEVERE = { severity: 'high', reason: 'A test of suggest.' };
const PARTS: SeveritiesParts = {
  rows: {
    'iam.amazonaws.com': { CreateRole: SEVERE, TagRole: { ...SEVERE, severity: 'critical' }, GetRole: 'low' },
    'cloudtrail.amazonaws.com': { StopLogging: SEVERE, UpdateTrail20131101: SEVERE },
  },
  detections: [
    detection(),
    detection({
      id: 'logging-stopped',
      guardrail: true,
      eventSource: 'cloudtrail.amazonaws.com',
      eventNames: ['StopLogging'],
      examples: {
        match: [{ eventSource: 'cloudtrail.amazonaws.com', eventName: 'StopLogging' }],
        noMatch: [{ eventSource: 'cloudtrail.amazonaws.com', eventName: 'GetTrail' }],
      },
    }),
  ],
};
const POLICY = policyOf(PARTS);

const draftsOf = (records: readonly unknown[], options = {}) =>
  draftEntries(groupsOf(POLICY, records), { today: TODAY, ...options });

/** The severities with these entries pasted into `local/policy.json`. */
function pasted(drafts: readonly Draft[]): SeveritiesParts {
  const of = (list: Draft['list']) => drafts.filter((draft) => draft.list === list).map(({ entry }) => entry);
  return { ...PARTS, local: { policy: { adjust: of('adjust'), whitelist: of('whitelist') } } };
}

function failuresOf(drafts: readonly Draft[]) {
  const { content, local, upstream, examples } = loadedOf(pasted(drafts));
  const subject = {
    severities: { policyVersion: 'test', ...content },
    local,
    examples,
    knownNames: () => undefined,
    today: '2026-11-30',
  };
  return checkSeverities(subject, upstream).filter(({ level }) => level === 'failure');
}

const service = { type: 'AWSService', invokedBy: 'backup.amazonaws.com' };
const CREATE_ROLE = { eventName: 'CreateRole', userIdentity: DEPLOYER };

describe('a draft', () => {
  it('names the call, the role behind the sessions, the account, the outcome, and what never varies', () => {
    const { drafts } = draftsOf(
      everyDay({ ...CREATE_ROLE, userAgent: 'aws-sdk-go/1.44.1 os/linux' }).map((value, index) => ({
        ...value,
        userAgent: `aws-sdk-go/1.${index}.0 os/linux`,
        userIdentity: { ...DEPLOYER, arn: `${DEPLOYER.arn.slice(0, -2)}${index}` },
      })),
    );
    expect(drafts).toHaveLength(1);
    expect(drafts[0]).toMatchObject({ list: 'adjust', warning: null, group: { findings: 10, days: 10 } });
    expect(drafts[0]?.entry).toEqual({
      id: expect.stringMatching(/^terraform-apply-createrole-[0-9a-f]{6}$/),
      eventSource: 'iam.amazonaws.com',
      eventNames: ['CreateRole'],
      accounts: ['111122223333'],
      principals: ['arn:aws:iam::111122223333:role/terraform-apply'],
      when: ['{ $.errorCode NOT EXISTS }', '{ $.sourceIPAddress = "192.0.2.10" }', '{ $.userAgent = "aws-sdk-go/*" }'],
      severity: 'medium',
      hides: ['iam.amazonaws.com/CreateRole'],
      reason: expect.stringMatching(/^FILL IN: /),
      expires: '2027-02-28',
    });
    expect(drafts[0]?.entry).not.toHaveProperty('owner');
  });

  it('leaves out what does vary', () => {
    const values = everyDay(CREATE_ROLE).map((value, index) => ({
      ...value,
      sourceIPAddress: `192.0.2.${index}`,
      userAgent: ['aws-cli/2.30.0', 'Boto3/1.35'][index % 2],
    }));
    expect(draftsOf(values).drafts[0]?.entry.when).toEqual(['{ $.errorCode NOT EXISTS }']);
  });

  it('of calls that are refused every night does not cover those that succeed', () => {
    const refused = everyDay({ ...CREATE_ROLE, errorCode: 'AccessDenied' });
    const { drafts } = draftsOf([...refused, onDay(3, { ...CREATE_ROLE, eventID: 'succeeded' })]);
    expect(drafts.map(({ group }) => group.findings)).toEqual([10]);
    expect(drafts[0]?.entry.when).toContain('{ $.errorCode = "AccessDenied" }');
    expect(publishedOf(policyOf(pasted(drafts)), [onDay(4, CREATE_ROLE)]).size).toBe(1);
  });

  it('of an AWS service names the service by what AWS sets', () => {
    const { drafts } = draftsOf(everyDay({ eventName: 'DeleteRole', userIdentity: service }));
    expect(drafts[0]?.entry).not.toHaveProperty('principals');
    expect(drafts[0]?.entry.when).toEqual(
      expect.arrayContaining([
        '{ $.userIdentity.type = "AWSService" }',
        '{ $.userIdentity.invokedBy = "backup.amazonaws.com" }',
      ]),
    );
  });

  it('names the detections that spoke, and every version of a row', () => {
    const trail = { eventSource: 'cloudtrail.amazonaws.com', eventName: 'UpdateTrail20131101' };
    const { drafts } = draftsOf([...everyDay({}, { days: 12 }), ...everyDay({ ...trail, userIdentity: DEPLOYER })]);
    expect(drafts.map(({ entry }) => entry.hides)).toEqual([
      ['detection:access-key-created'],
      ['cloudtrail.amazonaws.com/UpdateTrail20131101'],
    ]);
    expect(failuresOf(drafts)).toEqual([]);
  });

  it('says plainly what of it is critical', () => {
    const [draft] = draftsOf(everyDay({ eventName: 'TagRole', userIdentity: DEPLOYER })).drafts;
    expect(draft?.warning).toMatch(/findings at CRITICAL would be lowered to medium/);
    expect(draft?.entry.reason).toMatch(/CRITICAL/);
  });

  it('is a whitelist entry where it is asked for, or where nothing is below what is published', () => {
    const [whitelisted] = draftsOf(everyDay(CREATE_ROLE), { whitelist: true }).drafts;
    expect(whitelisted?.list).toBe('whitelist');
    expect(whitelisted?.entry).not.toHaveProperty('severity');
    const all = policyOf({ ...PARTS, policy: { alertAt: 'informational', logAt: 'informational' } });
    const [forced] = draftEntries(groupsOf(all, everyDay(CREATE_ROLE)), { today: TODAY }).drafts;
    expect(forced?.list).toBe('whitelist');
  });
});

describe('nothing is drafted', () => {
  const nameless = { type: 'AWSAccount', principalId: 'AROAEXAMPLE:x', accountId: '123456789012' };
  const user = (number: number) => ({
    ...ALICE,
    userName: `u${number}`,
    arn: `arn:aws:iam::111122223333:user/u${number}`,
  });

  it.each([
    ['for guardrails', everyDay({ eventSource: 'cloudtrail.amazonaws.com', eventName: 'StopLogging' }), 'guardrail'],
    ['for the root user', everyDay({ userIdentity: { type: 'Root', arn: 'arn:aws:iam::111122223333:root' } }), 'root'],
    ['for callers nobody can name', everyDay({ userIdentity: nameless }), 'unnamed'],
    ['for what has no time', everyDay({ eventTime: undefined }), 'unnamed'],
    ['for little', everyDay(CREATE_ROLE, { days: 9 }), 'few'],
    ['for much on few days', everyDay(CREATE_ROLE, { days: 4, times: 100 }), 'few'],
    [
      'for what many do all the time',
      [1, 2, 3, 4, 5, 6].flatMap((number) => everyDay({ userIdentity: user(number) })),
      'many',
    ],
  ] as const)('%s', (_name, values, why) => {
    const { drafts, leftOut } = draftsOf(values);
    expect(drafts).toEqual([]);
    expect(leftOut).toEqual({
      ...{ guardrail: 0, root: 0, unnamed: 0, few: 0, many: 0, more: 0 },
      [why]: publishedOf(POLICY, values).size,
    });
    expect(publishedOf(POLICY, values).size).toBeGreaterThan(0);
  });

  it('beyond ten, and says for how many', () => {
    const values = Array.from({ length: 12 }, (_, index) => {
      const accountId = String(111122223300 + index);
      return everyDay({ ...CREATE_ROLE, recipientAccountId: accountId });
    }).flat();
    const { drafts, leftOut } = draftsOf(values);
    expect(drafts).toHaveLength(10);
    expect(leftOut.more).toBe(20);
  });
});

/** Callers, addresses and clients, some of them as an attacker would have them. */
const text = fc.constantFrom('a', 'b"', 'c\\', 'd*', '*', '{ }', '\u202e', 'aws-cli/2.1', 'aws-cli/3.0 "x"');
const identity = fc.oneof(
  fc
    .constantFrom('alice', 'bob')
    .map((userName) => ({ ...ALICE, userName, arn: `arn:aws:iam::111122223333:user/${userName}` })),
  fc.constantFrom(DEPLOYER, service, { type: 'Root', arn: 'arn:aws:iam::111122223333:root' }),
  text.map((name) => ({ type: 'AWSService', invokedBy: name })),
  text.map((name) => ({ type: 'IAMUser', arn: `arn:aws:iam::111122223333:user/${name}` })),
  text.map((session) => ({
    type: 'AssumedRole',
    arn: `arn:aws:sts::111122223333:assumed-role/r/${session}`,
    sessionContext: {
      sessionIssuer: { arn: 'arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/r' },
    },
  })),
);
const noise = fc
  .record({
    userIdentity: identity,
    eventName: fc.constantFrom(
      'CreateRole',
      'TagRole',
      'DeleteRole',
      'CreateAccessKey',
      'GetRole',
      'CreateRole20150331',
    ),
    sourceIPAddress: text,
    userAgent: text,
    errorCode: fc.option(fc.constantFrom('AccessDenied', 'Client."*\\UnauthorizedOperation'), { nil: undefined }),
    recipientAccountId: fc.constantFrom('111122223333', '123456789012'),
    varies: fc.boolean(),
    days: fc.integer({ min: 4, max: 8 }),
    times: fc.integer({ min: 1, max: 4 }),
  })
  .map(({ varies, days, times, ...parts }) =>
    everyDay(parts, { days, times }).map((value, index) =>
      varies && index % 3 === 0 ? { ...value, sourceIPAddress: '198.51.100.7', userAgent: 'other/1' } : value,
    ),
  );

describe('entries pasted into local/', () => {
  property.prop([fc.array(noise, { minLength: 1, maxLength: 6 }), fc.boolean()], { numRuns: 60 })(
    'pass check, and calm exactly the findings that were counted',
    (histories, whitelist) => {
      const records = histories.flat();
      const before = publishedOf(POLICY, records);
      const { drafts, leftOut } = draftsOf(records, { whitelist });
      expect(failuresOf(drafts)).toEqual([]);
      const counted = drafts.reduce((sum, { group }) => sum + group.findings, 0);
      expect(counted + Object.values(leftOut).reduce((sum, figure) => sum + figure, 0)).toBe(before.size);
      const after = publishedOf(policyOf(pasted(drafts)), records);
      expect(before.size - after.size).toBe(counted);
      for (const index of after) expect(before).toContain(index);
      for (const draft of drafts) {
        expect(before.size - publishedOf(policyOf(pasted([draft])), records).size).toBe(draft.group.findings);
      }
    },
  );
});
