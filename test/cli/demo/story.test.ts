import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { accounts, type StoryRecord, story, unreadableMessage } from '../../../cli/demo/story/index.ts';
import { accountsSchema } from '../../../function/core/severities/schema.ts';

const DAY = new Date('2026-11-20T09:30:00Z');
const records = story(DAY);
const text = JSON.stringify(records);
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}/g;
const days = fc.date({
  min: new Date('2020-01-01T00:00:00Z'),
  max: new Date('2099-12-31T23:59:59Z'),
  noInvalidDate: true,
});

const named = (eventName: string) => records.filter((record) => record.eventName === eventName);
const share = (eventSource: string) =>
  records.filter((record) => record.eventSource === eventSource).length / records.length;
const line = (record: StoryRecord) =>
  [record.eventName, record.errorCode].filter((part) => part !== undefined).join(' ');

describe('the story', () => {
  test('is the same every time it is told of the same day', () => {
    fc.assert(
      fc.property(days, (day) => {
        const midnight = new Date(`${day.toISOString().slice(0, 10)}T00:00:00Z`);
        expect(story(day)).toEqual(story(midnight));
      }),
      { numRuns: 5 },
    );
  });

  test('gives every record an id of its own, and a time within the day, in order', () => {
    fc.assert(
      fc.property(days, (day) => {
        const told = story(day);
        const times = told.map((record) => record.eventTime);
        expect(new Set(told.map((record) => record.eventID)).size).toBe(told.length);
        expect(times).toEqual([...times].sort());
        for (const { eventTime, eventID } of told) {
          expect(new Date(eventTime).toISOString()).toBe(eventTime.replace('Z', '.000Z'));
          expect(eventTime.slice(0, 10)).toBe(day.toISOString().slice(0, 10));
          expect(eventID).toMatch(new RegExp(`^${UUID.source}$`));
        }
      }),
      { numRuns: 10 },
    );
  });

  test('shares no id between two days', () => {
    const ids = new Set(records.map((record) => record.eventID));
    expect(story(new Date('2026-11-21T00:00:00Z')).filter((record) => ids.has(record.eventID))).toEqual([]);
  });

  test('survives JSON unchanged, so nothing in it is undefined', () => {
    expect(JSON.parse(text)).toStrictEqual(records);
  });

  test('refuses a date that is none', () => {
    expect(() => story(new Date(Number.NaN))).toThrow(RangeError);
  });
});

describe('what it may hold', () => {
  test('names only its own accounts', () => {
    const found = new Set(text.replace(UUID, '').match(/(?<![0-9a-f])\d{12}(?![0-9a-f])/g));
    expect([...found].sort()).toEqual(Object.keys(accounts).sort());
    expect(accountsSchema.safeParse(accounts).success).toBe(true);
  });

  test('names only addresses kept for documentation, and the whole Internet', () => {
    const found = [...new Set(text.match(/\d+\.\d+\.\d+\.\d+/g))];
    expect(found).toContain('203.0.113.77');
    expect(found.filter((ip) => !/^(192\.0\.2|198\.51\.100|203\.0\.113)\.\d+$|^0\.0\.0\.0$/.test(ip))).toEqual([]);
  });

  test('names no access key or principal that could be real, and no real domain', () => {
    expect(text.match(/\b(AKIA|ASIA|AIDA|AROA)\w+/g)?.filter((id) => !/^[A-Z0-9]{13,14}EXAMPLE$/.test(id))).toEqual([]);
    expect(
      text.match(/[\w-]+\.com\b/g)?.filter((name) => !['amazonaws.com', 'amazon.com', 'example.com'].includes(name)),
    ).toEqual([]);
  });
});

describe('what it looks like', () => {
  test('is a few hundred records, most of them key use, as in a real trail', () => {
    expect(records.length).toBeGreaterThan(300);
    expect(records.length).toBeLessThan(420);
    expect(share('kms.amazonaws.com')).toBeGreaterThan(0.5);
    expect(share('kms.amazonaws.com')).toBeLessThan(0.65);
    expect(share('sts.amazonaws.com')).toBeGreaterThan(0.08);
    expect(records.filter((record) => record.readOnly === true).length / records.length).toBeGreaterThan(0.7);
  });

  test('shows every common kind of caller', () => {
    const kinds = new Set(records.map((record) => (record.userIdentity as { type?: string } | undefined)?.type));
    expect(kinds).toEqual(
      new Set(['AWSService', 'AssumedRole', 'IAMUser', 'IdentityCenterUser', 'Root', 'WebIdentityUser', undefined]),
    );
  });

  test('tells the intrusion and the answer to it, in order', () => {
    const told = records
      .filter(
        ({ userIdentity, eventTime }) =>
          /build-legacy|support-temp|dana/.test(JSON.stringify(userIdentity ?? '')) && eventTime < '2026-11-20T04',
      )
      .map(line)
      .filter((step) => step !== 'GetSecretValue');
    expect(told).toEqual([
      'GetCallerIdentity',
      'ListUsers',
      'ListAttachedUserPolicies',
      'ListBuckets',
      'GetAccountAuthorizationDetails AccessDenied',
      'ListAccounts AccessDenied',
      'GetParametersByPath AccessDenied',
      'StopLogging AccessDenied',
      'CreateAccessKey AccessDenied',
      'CreateUser',
      'CreateAccessKey',
      'AttachUserPolicy',
      'CreateLoginProfile',
      'ConsoleLogin',
      'StopLogging',
      'StopLogging AccessDenied',
      'DeleteTrail AccessDenied',
      'DescribeFlowLogs',
      'DeleteFlowLogs',
      'DeleteBucketEncryption',
      'DeleteBucketPublicAccessBlock',
      'PutBucketPolicy',
      'ModifySnapshotAttribute',
      'AuthorizeSecurityGroupIngress',
      'RunInstances Client.DryRunOperation',
      'RunInstances Client.VcpuLimitExceeded',
      'RunInstances',
      'ScheduleKeyDeletion',
      'AssumeRole AccessDenied',
      'ConsoleLogin',
      'LookupEvents',
      'UpdateAccessKey',
      'UpdateAccessKey',
      'DeleteLoginProfile',
      'TerminateInstances',
      'StartLogging',
      'CancelKeyDeletion',
      'DeleteBucketPolicy',
      'PutBucketPublicAccessBlock',
      'PutBucketEncryption',
      'ModifySnapshotAttribute',
      'RevokeSecurityGroupIngress',
      'DetachUserPolicy',
      'DeleteAccessKey',
      'DeleteUser',
      'CreateFlowLogs',
    ]);
    expect(named('GetSecretValue')).toHaveLength(12);
  });

  test('shows a failed console login as AWS writes it: a message, no error code, no ARN', () => {
    const failed = named('ConsoleLogin').filter((record) => record.errorMessage === 'Failed authentication');
    expect(failed).toHaveLength(1);
    expect(failed[0]).toMatchObject({ requestParameters: null, responseElements: { ConsoleLogin: 'Failure' } });
    expect(failed[0]).not.toHaveProperty('errorCode');
    expect(failed[0]).not.toHaveProperty('userIdentity.arn');
    expect(
      named('ConsoleLogin')
        .filter((record) => !failed.includes(record))
        .every((record) => !('errorMessage' in record)),
    ).toBe(true);
  });
});

describe('its oddities', () => {
  test('hold two Insights records without a name of their own', () => {
    const insights = records.filter((record) => 'insightDetails' in record);
    expect(insights).toHaveLength(2);
    for (const insight of insights) {
      for (const absent of ['eventSource', 'eventName', 'userIdentity', 'readOnly'])
        expect(insight).not.toHaveProperty(absent);
    }
  });

  test('hold a service event whose caller has no type', () => {
    expect(named('RotateKey').map((record) => record.userIdentity)).toEqual([
      { accountId: '111122223333', invokedBy: 'AWS Internal' },
    ]);
  });

  test.each(['<script>', '\u001b[31m', '](https://login.example.com)', '@here', '<!channel>'])(
    'hold the hostile text %j',
    (part) => {
      const hostile = records.filter((record) => String(record.userAgent).includes(part));
      expect(hostile).toHaveLength(1);
      expect(hostile[0]).toHaveProperty('requestParameters.userName', expect.stringContaining(part));
    },
  );

  test('come with a log event that is no JSON', () => {
    expect(() => JSON.parse(unreadableMessage)).toThrow(SyntaxError);
  });
});
