import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { brokenAwsLimits } from '../../function/core/filter-pattern/aws-limits.ts';
import { compileFilterPattern } from '../../function/core/filter-pattern/compile.ts';
import { type Catalogue, namesOf } from '../../function/core/severities/catalogue.ts';
import { CIS_FILTERS } from '../../infra/cis-filters.ts';
import { EXTENDED_FILTERS } from '../../infra/extended-filters.ts';

const byControl = new Map(CIS_FILTERS.map((filter) => [filter.control, filter.pattern]));
const byId = new Map([...CIS_FILTERS, ...EXTENDED_FILTERS].map((filter) => [filter.id, filter.pattern]));
const named = (names: string) =>
  names
    .trim()
    .split(/\s+/)
    .map((name) => `($.eventName=${name})`)
    .join(' || ');
const from = (source: string, names: string) => `{($.eventSource=${source}.amazonaws.com) && (${named(names)})}`;
const anywhere = (names: string) => `{${named(names)}}`;

/** Security Hub's patterns, put together anew from its user guide's lists of calls. */
const SECURITY_HUB: readonly (readonly [control: string, pattern: string])[] = [
  [
    'CloudWatch.1',
    '{$.userIdentity.type="Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType !="AwsServiceEvent"}',
  ],
  ['CloudWatch.2', '{($.errorCode="*UnauthorizedOperation") || ($.errorCode="AccessDenied*")}'],
  [
    'CloudWatch.3',
    `{ ${['$.eventName = "ConsoleLogin"', '$.additionalEventData.MFAUsed != "Yes"', '$.userIdentity.type = "IAMUser"', '$.responseElements.ConsoleLogin = "Success"'].map((term) => `(${term})`).join(' && ')} }`,
  ],
  [
    'CloudWatch.4',
    from(
      'iam',
      `DeleteGroupPolicy DeleteRolePolicy DeleteUserPolicy PutGroupPolicy PutRolePolicy PutUserPolicy CreatePolicy
      DeletePolicy CreatePolicyVersion DeletePolicyVersion AttachRolePolicy DetachRolePolicy AttachUserPolicy
      DetachUserPolicy AttachGroupPolicy DetachGroupPolicy`,
    ),
  ],
  ['CloudWatch.5', anywhere('CreateTrail UpdateTrail DeleteTrail StartLogging StopLogging')],
  ['CloudWatch.6', '{($.eventName=ConsoleLogin) && ($.errorMessage="Failed authentication")}'],
  ['CloudWatch.7', from('kms', 'DisableKey ScheduleKeyDeletion')],
  [
    'CloudWatch.8',
    from(
      's3',
      `PutBucketAcl PutBucketPolicy PutBucketCors PutBucketLifecycle PutBucketReplication DeleteBucketPolicy
      DeleteBucketCors DeleteBucketLifecycle DeleteBucketReplication`,
    ),
  ],
  [
    'CloudWatch.9',
    from('config', 'StopConfigurationRecorder DeleteDeliveryChannel PutDeliveryChannel PutConfigurationRecorder'),
  ],
  [
    'CloudWatch.10',
    anywhere(
      `AuthorizeSecurityGroupIngress AuthorizeSecurityGroupEgress RevokeSecurityGroupIngress
      RevokeSecurityGroupEgress CreateSecurityGroup DeleteSecurityGroup`,
    ),
  ],
  [
    'CloudWatch.11',
    anywhere(
      `CreateNetworkAcl CreateNetworkAclEntry DeleteNetworkAcl DeleteNetworkAclEntry ReplaceNetworkAclEntry
      ReplaceNetworkAclAssociation`,
    ),
  ],
  [
    'CloudWatch.12',
    anywhere(
      `CreateCustomerGateway DeleteCustomerGateway AttachInternetGateway CreateInternetGateway DeleteInternetGateway
      DetachInternetGateway`,
    ),
  ],
  [
    'CloudWatch.13',
    from(
      'ec2',
      `CreateRoute CreateRouteTable ReplaceRoute ReplaceRouteTableAssociation DeleteRouteTable DeleteRoute
      DisassociateRouteTable`,
    ),
  ],
  [
    'CloudWatch.14',
    anywhere(
      `CreateVpc DeleteVpc ModifyVpcAttribute AcceptVpcPeeringConnection CreateVpcPeeringConnection
      DeleteVpcPeeringConnection RejectVpcPeeringConnection AttachClassicLinkVpc DetachClassicLinkVpc
      DisableVpcClassicLink EnableVpcClassicLink`,
    ),
  ],
];

describe('the CIS filters', () => {
  it.each(SECURITY_HUB)('are for %s exactly what Security Hub expects', (control, pattern) => {
    expect(byControl.get(control)).toBe(pattern);
  });

  it('cover every control of Security Hub and section 4.15, which has none', () => {
    expect(CIS_FILTERS.flatMap(({ control }) => control ?? []).toSorted()).toEqual(
      SECURITY_HUB.map(([control]) => control).toSorted(),
    );
    expect(CIS_FILTERS.filter(({ control }) => control === undefined).map(({ section }) => section)).toEqual(['4.15']);
  });

  const published = new URL('../../../shared/data/cis-metric-filters.json', import.meta.url);
  it.skipIf(!existsSync(published))(
    'name the calls a public module names (skipped where its data is not at hand)',
    () => {
      const modules = JSON.parse(readFileSync(published, 'utf8'))['catalog/cis_benchmark.yaml'] as Record<
        string,
        { filter_pattern: string }
      >;
      const calls = (pattern: string) => [...pattern.matchAll(/eventName\s*=\s*"?(\w+)/g)].map(([, name]) => name);
      const ours = CIS_FILTERS.map(({ pattern }) => calls(pattern).toSorted().join());
      for (const { filter_pattern } of Object.values(modules)) {
        expect(ours).toContain(calls(filter_pattern).toSorted().join());
      }
    },
  );
});

describe('the metric filters', () => {
  it('are within what AWS allows of a pattern', () => {
    for (const [id, pattern] of byId) expect([id, ...brokenAwsLimits(pattern)]).toEqual([id]);
  });

  it('have ids, and so names and addresses, of their own', () => {
    expect(byId.size).toBe(CIS_FILTERS.length + EXTENDED_FILTERS.length);
  });

  it('name calls that AWS has', () => {
    const { sources: catalogue } = JSON.parse(
      readFileSync(new URL('../../severities/catalogue.json', import.meta.url), 'utf8'),
    ) as Catalogue;
    for (const [id, pattern] of byId) {
      const sources = [...pattern.matchAll(/eventSource\s*=\s*"?([\w.-]+)/g)].map(([, source]) => source ?? '');
      const names = [...pattern.matchAll(/eventName\s*=\s*"?(\w+)/g)].map(([, name]) => name);
      const known = new Set(
        (sources.length > 0 ? sources : Object.keys(catalogue)).flatMap((source) => namesOf(catalogue[source] ?? {})),
      );
      expect([id, ...names.filter((name) => name !== undefined && !known.has(name))]).toEqual([id]);
    }
  });

  const login = {
    eventSource: 'signin.amazonaws.com',
    eventName: 'ConsoleLogin',
    userIdentity: { type: 'IAMUser' },
    responseElements: { ConsoleLogin: 'Success' },
  };
  it.each<[what: string, id: string, record: object, matches: boolean]>([
    ['leave out rules changed in place', 'cis-security-groups', { eventName: 'ModifySecurityGroupRules' }, false],
    [
      'name rules changed in place once extended',
      'ext-security-groups',
      { eventSource: 'ec2.amazonaws.com', eventName: 'ModifySecurityGroupRules' },
      true,
    ],
    ['miss a login that does not say MFAUsed', 'cis-console-login-without-mfa', login, false],
    ['catch a login that does not say MFAUsed once extended', 'ext-console-login-without-mfa', login, true],
    [
      'keep quiet on a login with MFA',
      'ext-console-login-without-mfa',
      { ...login, additionalEventData: { MFAUsed: 'Yes' } },
      false,
    ],
    [
      'keep quiet on a federated login',
      'ext-console-login-without-mfa',
      { ...login, userIdentity: { type: 'AssumedRole' } },
      false,
    ],
    ['catch root', 'ext-root-usage', { eventSource: 'iam.amazonaws.com', userIdentity: { type: 'Root' } }, true],
    [
      'keep quiet on what AWS does as root',
      'ext-root-usage',
      { eventType: 'AwsServiceEvent', userIdentity: { type: 'Root' } },
      false,
    ],
    [
      'catch a root session in a member account',
      'ext-root-usage',
      { eventSource: 'sts.amazonaws.com', eventName: 'AssumeRoot', userIdentity: { type: 'AssumedRole' } },
      true,
    ],
    [
      'do not take a scaling policy for an IAM policy',
      'cis-iam-policies',
      { eventSource: 'autoscaling.amazonaws.com', eventName: 'DeletePolicy' },
      false,
    ],
    ['catch a refusal at an endpoint', 'ext-refused-calls', { errorCode: 'VpceAccessDenied' }, true],
    ['keep quiet on success', 'ext-refused-calls', { eventName: 'ListUsers' }, false],
  ])('%s', (_, id, record, matches) => {
    expect(compileFilterPattern(byId.get(id) ?? '')(record)).toBe(matches);
  });
});
