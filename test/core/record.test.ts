import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { classify } from '../../function/core/classify.ts';
import { buildFinding } from '../../function/core/finding.ts';
import {
  accountOf,
  eventIdOf,
  readMessage,
  readRecord,
  timeOf,
  withoutApiVersion,
} from '../../function/core/record.ts';
import { renderChat } from '../../function/core/render/chat.ts';
import { renderDocument } from '../../function/core/render/document.ts';
import { renderText } from '../../function/core/render/text.ts';
import { detection, policyOf, ratedOf } from '../support/policies.ts';
import { aggregated, DEPLOYER, insight, record, signIn } from '../support/records.ts';

const NOW = new Date('2026-11-20T02:44:00Z');
const policy = policyOf();

/** One record of each shape that trails really hold, and the caller a reader is told of. */
const SHAPES: readonly [string, Record<string, unknown>, string][] = [
  ['a user’s call', record(), 'alice'],
  [
    'a service event without userIdentity.type',
    record({
      eventType: 'AwsServiceEvent',
      userIdentity: { accountId: '111122223333', invokedBy: 'kms.amazonaws.com' },
      eventName: 'RotateKey',
    }),
    'kms.amazonaws.com',
  ],
  [
    'an AWS service',
    record({
      userIdentity: { type: 'AWSService', invokedBy: 'autoscaling.amazonaws.com' },
      sourceIPAddress: 'autoscaling.amazonaws.com',
      userAgent: 'autoscaling.amazonaws.com',
    }),
    'autoscaling.amazonaws.com',
  ],
  [
    'another account, without an ARN',
    record({ userIdentity: { type: 'AWSAccount', principalId: 'AROAEXAMPLE:session', accountId: '123456789012' } }),
    'session',
  ],
  [
    'a web identity, without an ARN',
    record({
      userIdentity: {
        type: 'WebIdentityUser',
        principalId: 'accounts.google.com:app:4711',
        userName: '4711',
        identityProvider: 'accounts.google.com',
      },
      eventName: 'AssumeRoleWithWebIdentity',
    }),
    '4711',
  ],
  [
    'a SAML user, without an ARN',
    record({
      userIdentity: { type: 'SAMLUser', principalId: 'abc=:carol', userName: 'carol', identityProvider: 'abc=' },
    }),
    'carol',
  ],
  ['a role session', record({ userIdentity: DEPLOYER }), 'run-42 (role terraform-apply)'],
  [
    'an empty session issuer',
    record({
      userIdentity: {
        ...DEPLOYER,
        arn: undefined,
        sessionContext: { sessionIssuer: {}, webIdFederationData: {}, attributes: { mfaAuthenticated: 'true' } },
      },
    }),
    'run-42',
  ],
  ['a session from the console', record({ sessionCredentialFromConsole: 'true' }), 'alice'],
  [
    'an old record without readOnly',
    record({ eventVersion: '1.02', readOnly: undefined, managementEvent: undefined, eventCategory: undefined }),
    'alice',
  ],
  [
    'a Decrypt that only reads',
    record({
      eventSource: 'kms.amazonaws.com',
      eventName: 'Decrypt',
      readOnly: true,
      resources: [
        { ARN: 'arn:aws:kms:us-east-1:111122223333:key/k', accountId: '111122223333', type: 'AWS::KMS::Key' },
      ],
    }),
    'alice',
  ],
  [
    'a failed sign-in without errorCode',
    signIn('Failure', {
      userIdentity: {
        type: 'IAMUser',
        accountId: '111122223333',
        accessKeyId: '',
        userName: 'HIDDEN_DUE_TO_SECURITY_REASONS',
      },
    }),
    'HIDDEN_DUE_TO_SECURITY_REASONS',
  ],
  [
    'a root sign-in',
    signIn('Success', {
      userIdentity: {
        type: 'Root',
        principalId: '111122223333',
        arn: 'arn:aws:iam::111122223333:root',
        accountId: '111122223333',
      },
    }),
    'root',
  ],
  ['null parameters and elements', record({ requestParameters: null, responseElements: null }), 'alice'],
  [
    'resources without ARN or accountId',
    record({ resources: [{ type: 'AWS::S3::Object', ARNPrefix: 'arn:aws:s3:::b/' }, {}] }),
    'alice',
  ],
  [
    'keys with dots, colons, slashes and spaces',
    record({ requestParameters: { 'a.b': 1, 'aws:tag/key': 'x', 'with space': { 'c[0]': null } } }),
    'alice',
  ],
  [
    'a network activity event',
    record({
      eventType: 'AwsVpceEvent',
      eventCategory: 'NetworkActivity',
      vpcEndpointId: 'vpce-0example',
      errorCode: 'VpceAccessDenied',
      managementEvent: undefined,
    }),
    'alice',
  ],
  [
    'an event that is no call',
    record({
      eventType: 'AwsServiceEvent',
      eventSource: 'secretsmanager.amazonaws.com',
      eventName: 'SecretVersionDeletion',
      serviceEventDetails: { secretId: 's' },
    }),
    'alice',
  ],
  ['a name with a verb of HTTP', record({ eventSource: 'signin.amazonaws.com', eventName: 'Confirm_POST' }), 'alice'],
  [
    'a versioned name',
    record({ eventSource: 'lambda.amazonaws.com', eventName: 'UpdateFunctionCode20150331v2' }),
    'alice',
  ],
  [
    'a date as version',
    record({ eventSource: 'cloudfront.amazonaws.com', eventName: 'CreateDistribution2020_05_31' }),
    'alice',
  ],
  ['an internal source address', record({ sourceIPAddress: 'AWS Internal', userAgent: 'AWS Internal' }), 'alice'],
  ['a service as source address', record({ sourceIPAddress: 'cloudformation.amazonaws.com' }), 'alice'],
  ['an Insights record', insight(), 'an unknown caller'],
  ['an aggregated record', aggregated(), 'an unknown caller'],
  [
    'truncated fields',
    record({ requestParameters: { omitted: true, originalSize: 120_000 }, userAgent: 'x'.repeat(1024) }),
    'alice',
  ],
];

describe('a real record', () => {
  test.each(SHAPES)('is accepted: %s', (_, value, caller) => {
    const read = readMessage(JSON.stringify(value));
    if ('unreadable' in read) throw new Error(read.unreadable);
    const verdict = classify(policy, read);
    expect(verdict.verdict).toBe('rated');
    if (verdict.verdict !== 'rated') return;
    const finding = buildFinding(policy, read, verdict, { dedupKey: 'key', place: undefined, teams: [] });
    expect(finding.principal.name).toBe(caller);
    expect(renderText(finding, NOW)).toContain('Fields');
    expect(() => JSON.parse(renderChat(finding, NOW))).not.toThrow();
    expect(JSON.parse(renderDocument(finding, true, 262_144)).record).toEqual(value);
  });
});

const CORPUS = '../shared/data/records.ndjson.gz';

test.skipIf(!existsSync(CORPUS))(
  'every record of the corpus is rated or whitelisted, and can be published (skipped where the corpus is not at hand)',
  () => {
    const rows = { 'iam.amazonaws.com': { ListUsers: 'low' } };
    const whitelist = [{ id: 'kms', eventSource: 'kms.amazonaws.com', eventNames: ['Decrypt'], reason: 'Noise.' }];
    const strict = policyOf({ rows, policy: { whitelist }, detections: [detection()] });
    const lines = gunzipSync(readFileSync(CORPUS)).toString('utf8').trim().split('\n');
    const counts = new Map<string, number>();
    for (const line of lines) {
      const read = readMessage(line);
      const verdict = classify(strict, read);
      counts.set(verdict.verdict, (counts.get(verdict.verdict) ?? 0) + 1);
      if (verdict.verdict !== 'rated' || 'unreadable' in read) continue;
      const finding = buildFinding(strict, read, verdict, { dedupKey: 'key', place: undefined, teams: [] });
      expect(renderText(finding, NOW).length).toBeLessThan(32_768);
    }
    expect(counts.get('rejected')).toBeUndefined();
    expect((counts.get('rated') ?? 0) + (counts.get('whitelisted') ?? 0)).toBe(lines.length);
  },
);

test.each([
  ['UpdateFunctionCode20150331v2', 'UpdateFunctionCode'],
  ['CreateFunction20150331', 'CreateFunction'],
  ['CreateDistribution2020_05_31', 'CreateDistribution'],
  ['DeleteDistribution2016_08_01_', undefined],
  ['CreateUser', undefined],
  ['Get1', undefined],
  ['CreateThing19990101', undefined],
  ['20150331', undefined],
  ['', undefined],
  [`${'a'.repeat(128)}20150331`, undefined],
])('%j without its API version is %j', (eventName, expected) => {
  expect(withoutApiVersion(eventName)).toBe(expected);
});

test.each([
  ['2026-11-20T02:41:00Z', '2026-11-20T02:41:00.000Z'],
  ['2026-11-20T02:41:00.123456Z', '2026-11-20T02:41:00.123Z'],
  ['2026-11-20T02:41:00', undefined],
  ['2026-11-20', undefined],
  ['Nov 20, 2026', undefined],
  ['1', undefined],
  ['2026-13-45T99:00:00Z', undefined],
  ['+275760-09-13T00:00:00.000Z', undefined],
  [undefined, undefined],
])('the time %j is %j', (eventTime, expected) => {
  expect(timeOf(eventTime)?.toISOString()).toBe(expected);
});

test('the account is the recipient, else the caller’s, else the summary’s', () => {
  expect(accountOf(record({ recipientAccountId: '123456789012' }))).toBe('123456789012');
  expect(accountOf(record({ recipientAccountId: undefined }))).toBe('111122223333');
  expect(accountOf(aggregated())).toBe('111122223333');
  expect(accountOf({})).toBeUndefined();
});

test('an aggregated record’s id is spelled with a small d', () => {
  expect(eventIdOf(aggregated())).toBe('6f1c6a9a-0000-4000-8000-000000000005');
  expect(eventIdOf({ eventID: '', eventId: 7 })).toBeUndefined();
});

test('a record is read verbatim, and nothing of it is copied', () => {
  const value = record({ unknown: { field: [1, null] } });
  const read = readRecord(value);
  expect('record' in read && read.record).toBe(value);
  expect(ratedOf(policy, value).verdict).toBe('rated');
});
