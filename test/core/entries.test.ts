import { describe, expect, test } from 'vitest';
import { detection, ratedOf, type SeveritiesParts, verdictOf } from '../support/policies.ts';
import { ACCOUNT, ALICE, aggregated, DEPLOYER, insight, record } from '../support/records.ts';

const IAM = 'iam.amazonaws.com';
const keys = { id: 'keys', eventSource: IAM, eventNames: ['CreateAccessKey'], reason: 'Rotation.' };
const high = { CreateAccessKey: { severity: 'high', reason: 'Lasts.' }, DeleteUser: 'medium' };
const whitelisting = (...whitelist: object[]): SeveritiesParts => ({ rows: { [IAM]: high }, policy: { whitelist } });
const adjusting = (...adjust: object[]): SeveritiesParts => ({ rows: { [IAM]: high }, policy: { adjust } });
const isWhitelisted = (parts: SeveritiesParts, value: unknown) => verdictOf(parts, value).verdict === 'whitelisted';

describe('a whitelist entry', () => {
  test('ignores what it covers, before rows, deletions and failures are looked at', () => {
    expect(verdictOf(whitelisting(keys), record({ errorCode: 'AccessDenied' }))).toEqual({
      verdict: 'whitelisted',
      severity: null,
      code: 'aws_resource_white_listed',
      action: 'ignore',
      reasons: [],
      whitelistedBy: 'keys',
    });
    const deletions = { ...keys, eventNames: ['DeleteUser'] };
    expect(isWhitelisted(whitelisting(deletions), record({ eventName: 'DeleteUser' }))).toBe(true);
  });

  test.each<[string, object, Record<string, unknown>, boolean]>([
    ['eventSource', { eventSource: IAM }, {}, true],
    ['eventSource', { eventSource: IAM }, { eventSource: 'sts.amazonaws.com' }, false],
    ['eventSource', { eventSource: IAM }, { eventSource: 'IAM.amazonaws.com' }, false],
    ['an exact name', { eventNames: ['CreateAccessKey'] }, {}, true],
    ['an exact name', { eventNames: ['CreateAccess'] }, {}, false],
    ['a name in a list', { eventNames: ['ListUsers', 'CreateAccessKey'] }, {}, true],
    ['a name with *', { eventNames: ['Create*'] }, {}, true],
    ['a name with *', { eventNames: ['*Key'] }, {}, true],
    ['a name with *', { eventNames: ['Delete*'] }, {}, false],
    [
      'a name without the API version',
      { eventNames: ['UpdateFunctionCode'] },
      { eventName: 'UpdateFunctionCode20150331v2' },
      true,
    ],
    [
      'a name with * without the API version',
      { eventNames: ['*Code'] },
      { eventName: 'UpdateFunctionCode20150331v2' },
      true,
    ],
    [
      'another API version',
      { eventNames: ['UpdateFunctionCode20141111'] },
      { eventName: 'UpdateFunctionCode20150331v2' },
      false,
    ],
    ['accounts', { accounts: ['123456789012', ACCOUNT] }, {}, true],
    ['accounts', { accounts: ['123456789012'] }, {}, false],
    [
      'accounts: the recipient before the caller',
      { accounts: [ACCOUNT] },
      { recipientAccountId: '123456789012' },
      false,
    ],
    [
      'accounts: the caller where there is no recipient',
      { accounts: [ACCOUNT] },
      { recipientAccountId: undefined },
      true,
    ],
    ['regions', { regions: ['eu-central-1', 'us-east-1'] }, {}, true],
    ['regions', { regions: ['eu-central-1'] }, {}, false],
    ['regions', { regions: ['us-east-1'] }, { awsRegion: undefined }, false],
    ['principals', { principals: [ALICE.arn] }, {}, true],
    ['principals', { principals: ['arn:aws:iam::*:user/*'] }, {}, true],
    ['principals', { principals: ['arn:aws:iam::*:user/bob'] }, {}, false],
    [
      'principals by the session issuer',
      { principals: ['arn:aws:iam::*:role/terraform-apply'] },
      { userIdentity: DEPLOYER },
      true,
    ],
    [
      'principals by the session',
      { principals: ['arn:aws:sts::*:assumed-role/terraform-apply/run-*'] },
      { userIdentity: DEPLOYER },
      true,
    ],
    [
      'principals by the session issuer',
      { principals: ['arn:aws:iam::*:role/terraform'] },
      { userIdentity: DEPLOYER },
      false,
    ],
    [
      'principals of a caller without an ARN',
      { principals: ['*'] },
      { userIdentity: { type: 'AWSService', invokedBy: 'ec2.amazonaws.com' } },
      false,
    ],
    [
      'principals of an empty session issuer',
      { principals: ['*'] },
      { userIdentity: { sessionContext: { sessionIssuer: {} } } },
      false,
    ],
    ['a condition', { when: '{ $.requestParameters.userName = "bob" }' }, {}, true],
    ['a condition', { when: '{ $.requestParameters.userName = "carol" }' }, {}, false],
    ['conditions, ANDed', { when: ['{ $.readOnly IS FALSE }', '{ $.sourceIPAddress = "192.0.2.*" }'] }, {}, true],
    ['conditions, ANDed', { when: ['{ $.readOnly IS FALSE }', '{ $.sourceIPAddress = "198.51.100.*" }'] }, {}, false],
    [
      'all parts, ANDed',
      { eventSource: IAM, eventNames: ['Create*'], accounts: [ACCOUNT], regions: ['us-east-1'] },
      {},
      true,
    ],
    [
      'all parts, ANDed',
      { eventSource: IAM, eventNames: ['Create*'], accounts: [ACCOUNT], regions: ['eu-central-1'] },
      {},
      false,
    ],
  ])('selects by %s: %j on %j is %j', (_, selector, parts, expected) => {
    expect(isWhitelisted(whitelisting({ id: 'entry', reason: 'Noise.', ...selector }), record(parts))).toBe(expected);
  });

  test('is found whatever other entries name', () => {
    const versioned = { id: 'versioned', reason: 'Noise.', eventSource: IAM, eventNames: ['Tag2015*'] };
    const plain = { id: 'plain', reason: 'Noise.', eventSource: IAM, eventNames: ['Tag'], regions: ['eu-central-1'] };
    for (const entries of [[versioned], [versioned, plain], [plain, versioned]]) {
      expect(isWhitelisted(whitelisting(...entries), record({ eventName: 'Tag20150331' }))).toBe(true);
    }
  });

  test.each([
    ['its condition', { when: '{ $.awsRegion = "us-east-1" }' }, true],
    ['names', { eventNames: ['CreateAccessKey'] }, false],
    ['the service in its details', { eventSource: IAM }, false],
  ])('reaches Insights and aggregated records by %s: %s', (_, selector, expected) => {
    const parts = whitelisting({ id: 'entry', reason: 'Noise.', ...selector });
    expect(isWhitelisted(parts, insight())).toBe(expected);
    expect(isWhitelisted(parts, aggregated())).toBe(expected);
  });

  test.each([
    ['2026-11-19T23:59:59Z', true],
    ['2026-11-20T00:00:00Z', true],
    ['2026-11-20T23:59:59Z', true],
    ['2026-11-21T00:00:00Z', false],
    [undefined, false],
    ['', false],
    ['2026-11-20', false],
    [1_795_000_000, false],
  ])('that expires on 2026-11-20 covers a record of %j: %j', (eventTime, expected) => {
    expect(isWhitelisted(whitelisting({ ...keys, expires: '2026-11-20' }), record({ eventTime }))).toBe(expected);
  });
});

describe('a guardrail detection', () => {
  const guardrail = detection({ id: 'guard', guardrail: true });
  const other = detection({ id: 'other', guardrail: true });
  const naming = { ...keys, id: 'naming', hides: ['detection:guard', `${IAM}/CreateAccessKey`] };

  test.each<[string, object[], object[], string | undefined]>([
    ['is not whitelisted by an entry that does not name it', [keys], [guardrail], undefined],
    [
      'is not whitelisted by an entry that names its event only',
      [{ ...keys, hides: [`${IAM}/CreateAccessKey`] }],
      [guardrail],
      undefined,
    ],
    ['is whitelisted by an entry that names it', [naming], [guardrail], 'naming'],
    ['is whitelisted by a later entry that names it', [keys, naming], [guardrail], 'naming'],
    ['stands when another one is named', [naming], [guardrail, other], undefined],
    [
      'is not put together from two entries',
      [naming, { ...keys, hides: ['detection:other'] }],
      [guardrail, other],
      undefined,
    ],
    [
      'that does not match is nobody’s concern',
      [keys],
      [detection({ guardrail: true, eventNames: ['CreateUser'] })],
      'keys',
    ],
    ['is one only when it says so', [keys], [detection()], 'keys'],
  ])('%s', (_, whitelist, detections, by) => {
    const verdict = verdictOf({ detections: detections as never, policy: { whitelist } }, record());
    expect('whitelistedBy' in verdict ? verdict.whitelistedBy : undefined).toBe(by);
  });

  test.each<[string, object, string, string | undefined]>([
    ['is not lowered by an entry that does not name it', { severity: 'low' }, 'high', undefined],
    ['is lowered by an entry that names it', { severity: 'low', hides: ['detection:guard'] }, 'low', 'keys'],
    ['is raised by any', { severity: 'critical', raise: true }, 'critical', 'keys'],
  ])('%s', (_, entry, severity, adjustedBy) => {
    const verdict = ratedOf({ detections: [guardrail], policy: { adjust: [{ ...keys, ...entry }] } }, record());
    expect(verdict.severity).toBe(severity);
    expect(verdict.adjustedBy).toBe(adjustedBy);
  });

  test('stands at its own severity where a higher reason is lowered', () => {
    const rows = { [IAM]: { CreateAccessKey: { severity: 'critical', reason: 'Lasts.' } } };
    const parts = {
      rows,
      detections: [detection({ guardrail: true, severity: 'medium' })],
      policy: { adjust: [{ ...keys, severity: 'low' }] },
    };
    expect(ratedOf(parts, record())).toMatchObject({ severity: 'medium', adjustedBy: 'keys' });
  });
});

describe('an adjust entry', () => {
  const low = { ...keys, id: 'low', severity: 'low' };
  const critical = { ...keys, id: 'critical', severity: 'critical', raise: true };

  test('lowers to its severity, the reasons and the code kept', () => {
    expect(ratedOf(adjusting(low), record())).toMatchObject({
      severity: 'low',
      action: 'log',
      code: 'high_severity_aws_event_happened',
      reasons: [{ by: 'row', severity: 'high' }],
      adjustedBy: 'low',
    });
  });

  test.each<[string, object[], string, string | undefined]>([
    ['a cap above the severity changes nothing', [{ ...low, severity: 'critical' }], 'high', undefined],
    ['a cap at the severity changes nothing', [{ ...low, severity: 'high' }], 'high', undefined],
    ['a raise lifts', [critical], 'critical', 'critical'],
    ['a raise below the severity changes nothing', [{ ...critical, severity: 'low' }], 'high', undefined],
    ['file order: cap, then raise', [low, critical], 'critical', 'critical'],
    ['file order: raise, then cap', [critical, low], 'low', 'low'],
    ['the last that changed something is named', [low, { ...low, id: 'same' }], 'low', 'low'],
    ['an entry for something else', [{ ...low, eventNames: ['CreateUser'] }], 'high', undefined],
    ['an expired entry', [{ ...low, expires: '2026-11-19' }], 'high', undefined],
    ['an entry on its last day', [{ ...low, expires: '2026-11-20' }], 'low', 'low'],
  ])('%s', (_, adjust, severity, adjustedBy) => {
    const verdict = ratedOf(adjusting(...adjust), record());
    expect(verdict.severity).toBe(severity);
    expect(verdict.adjustedBy).toBe(adjustedBy);
  });

  test('that expires does not apply to a record without an eventTime', () => {
    expect(ratedOf(adjusting({ ...low, expires: '2030-01-01' }), record({ eventTime: undefined })).severity).toBe(
      'high',
    );
  });

  test('raises what a failed call was capped at', () => {
    expect(ratedOf(adjusting(critical), record({ errorCode: 'LimitExceeded' }))).toMatchObject({
      severity: 'critical',
      failed: 'failed',
    });
  });

  test('lowers deletions, detections and what is unlisted too', () => {
    const all = { id: 'all', eventSource: IAM, severity: 'informational', reason: 'A sandbox.' };
    for (const eventName of ['DeleteUser', 'CreateAccessKey', 'PutThing']) {
      expect(ratedOf({ ...adjusting(all), detections: [detection()] }, record({ eventName }))).toMatchObject({
        severity: 'informational',
        action: 'quiet',
      });
    }
  });

  test('lowers what a trial would publish as well', () => {
    const parts = { ...adjusting(low), rows: {}, detections: [detection({ stage: 'trial' })] };
    expect(ratedOf(parts, record())).toMatchObject({ severity: 'low', action: 'log' });
    expect(ratedOf(parts, record())).not.toHaveProperty('wouldPublish');
  });
});
