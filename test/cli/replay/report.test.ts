import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { reportText } from '../../../cli/replay/report-text.ts';
import { SEVERITIES } from '../../../function/core/severity.ts';
import { detection, policyOf } from '../../support/policies.ts';
import { aggregated, insight, record } from '../../support/records.ts';
import { replayOf } from './rated-inputs.ts';

const POLICY = policyOf({
  policy: { whitelist: [{ id: 'decrypt', eventNames: ['Decrypt'], reason: 'Most of a trail.' }] },
  rows: {
    'iam.amazonaws.com': {
      CreateUser: 'medium',
      CreateRole: { severity: 'critical', reason: 'A test.' },
      GetUser: 'informational',
    },
  },
  detections: [detection(), detection({ id: 'on-trial', eventNames: ['TagUser'], stage: 'trial' })],
});

const call = (eventName: string, parts = {}) => record({ eventName, ...parts });

describe('a report', () => {
  it('counts each record by action, severity and code', () => {
    const names = ['Decrypt', 'GetUser', 'CreateUser', 'CreateRole', 'CreateRole', 'CreateAccessKey', 'DeleteUser'];
    expect(replayOf(POLICY, [...names.map((name) => call(name)), 'no record'])).toMatchObject({
      received: 8,
      whitelisted: 1,
      quiet: 1,
      logged: 1,
      published: 4,
      rejected: 1,
      publishedPer1000: 500,
      severities: { critical: 2, high: 2, medium: 1, low: 0, informational: 1 },
      codes: {
        critical_severity_aws_event_happened: 2,
        aws_resource_white_listed: 1,
        an_aws_resource_was_deleted: 1,
        detection_matched: 1,
        informational_severity_aws_event_happened: 1,
        medium_severity_aws_event_happened: 1,
        unreadable_record: 1,
      },
    });
  });

  it('names the strongest reason of each record, versions of a call together', () => {
    const other = { eventSource: 'lambda.amazonaws.com' };
    const calls = ['CreateAccessKey', 'CreateUser', 'DeleteUser'].map((name) => call(name));
    const versions = ['UpdateFunctionCode20150331v2', 'UpdateFunctionCode'].map((name) => call(name, other));
    const { reasons } = replayOf(POLICY, [...calls, ...versions]);
    expect(reasons).toEqual([
      { by: 'deletion', name: 'iam.amazonaws.com/DeleteUser', records: 1, published: 1 },
      { by: 'detection', name: 'access-key-created', records: 1, published: 1 },
      { by: 'unlisted', name: 'lambda.amazonaws.com/UpdateFunctionCode', records: 2, published: 0 },
      { by: 'row', name: 'iam.amazonaws.com/CreateUser', records: 1, published: 0 },
    ]);
  });

  it('ranks principals with their accounts, accounts and Regions, at most ten of each', () => {
    const elsewhere = { recipientAccountId: '444455556666', awsRegion: 'eu-west-1' };
    const crowd = Array.from({ length: 20 }, (_, index) =>
      call('GetUser', { userIdentity: { type: 'IAMUser', userName: `user-${index}` } }),
    );
    const report = replayOf(POLICY, [call('CreateRole', elsewhere), call('GetUser', elsewhere), ...crowd]);
    expect(report.principals).toHaveLength(10);
    expect(report.principals[0]).toEqual({ name: 'alice', account: '444455556666', records: 2, published: 1 });
    expect(report.accounts).toEqual([
      { id: '444455556666', name: null, records: 2, published: 1 },
      { id: '111122223333', name: null, records: 20, published: 0 },
    ]);
    expect(report.regions.map(({ name }) => name)).toEqual(['eu-west-1', 'us-east-1']);
  });

  it('gives the ten severest findings, earlier ones first, with the subjects of their mails', () => {
    const high = Array.from({ length: 12 }, (_, index) => call('CreateAccessKey', { eventID: `high-${index}` }));
    const { findings } = replayOf(POLICY, [...high, call('CreateRole', { eventID: 'critical' })]);
    expect(findings.map(({ eventID }) => eventID)).toEqual([
      'critical',
      ...Array.from({ length: 9 }, (_, index) => `high-${index}`),
    ]);
    expect(findings[1]).toMatchObject({
      subject: '[HIGH] account 111122223333: access key created for bob by alice',
      principal: 'alice',
      call: 'iam.amazonaws.com/CreateAccessKey',
    });
  });

  it('tells how many more detections on trial would publish', () => {
    expect(replayOf(POLICY, [call('TagUser')])).toMatchObject({ onTrial: 1, published: 0, findings: [] });
  });

  it('counts counted detections over all records, whatever their order', () => {
    const failures = { id: 'many-keys', count: { atLeast: 3, withinMinutes: 10, by: ['recipientAccountId'] } };
    const policy = policyOf({ detections: [detection(failures)] });
    const at = (minute: number) =>
      call('CreateAccessKey', { eventTime: `2026-11-20T02:0${minute}:00Z`, eventID: `minute-${minute}` });
    const report = replayOf(policy, [at(5), at(1), at(3)]);
    expect(report).toMatchObject({ received: 3, published: 1 });
    expect(report.findings.map(({ eventID }) => eventID)).toEqual(['minute-5']);
  });

  const keyAt = (minute: number, parts: object = {}) =>
    call('CreateAccessKey', {
      eventTime: new Date(Date.parse('2026-11-20T02:00:00Z') + minute * 60_000).toISOString(),
      eventID: `key-${minute}`,
      ...parts,
    });

  it('tells how many messages a person would have received after storm control', () => {
    const sameWindow = Array.from({ length: 30 }, (_, index) => keyAt(index / 60));
    const report = replayOf(POLICY, [...sameWindow, keyAt(24 * 60)]);
    const { messages, storms } = report;
    // The first and the tenth of the storm, its digest, and the one of the next day.
    expect(messages).toEqual({ messages: 4, atOnce: 3, heldBack: 28, digests: 1, repeated: 0, isExact: true });
    expect(storms).toEqual([{ by: 'detection', name: 'access-key-created', account: '111122223333', heldBack: 28 }]);
    expect(reportText(report)).toContain(
      '\nMessages after storm control: 4, 3 at once and 1 digest(s) naming the 28 held back\n' +
        '\nHeld back for digests: findings\n       28  detection access-key-created, 111122223333\n',
    );
  });

  it('holds nothing back of different calls, and tells no finding twice', () => {
    const values = ['CreateAccessKey', 'DeleteUser', 'CreateRole', 'CreateRole'].map((name) =>
      call(name, { eventID: name }),
    );
    const report = replayOf(POLICY, values);
    expect(report).toMatchObject({ published: 4, messages: { messages: 3, repeated: 1 }, storms: [] });
    expect(reportText(report)).toContain('\nMessages after storm control: 3, 3 at once; 1 sent before\n');
  });

  it('tells the same messages in whatever order the records come', () => {
    const values = Array.from({ length: 200 }, (_, index) =>
      keyAt(index * 7, { requestParameters: { userName: `user-${index % 40}` } }),
    );
    const { messages } = replayOf(POLICY, values);
    expect(messages.heldBack).toBeGreaterThan(20);
    expect(replayOf(POLICY, values.toReversed()).messages).toEqual(messages);
  });

  it('spans the times that are times', () => {
    const times = ['2026-11-20T05:00:00Z', '9 o’clock', '2026-11-19T05:00:00Z', 'zzz', undefined];
    const values = times.map((eventTime) => call('GetUser', { eventTime }));
    expect(replayOf(POLICY, values)).toMatchObject({ from: '2026-11-19T05:00:00Z', to: '2026-11-20T05:00:00Z' });
    expect(replayOf(POLICY, [])).toMatchObject({ from: null, to: null, publishedPer1000: 0 });
  });

  const hostile = '\u001b[31mred\u009b2J\n\u202eevil\u200b https://evil.example';

  it('holds nothing of a record that could steer a terminal', () => {
    const values = [
      call(hostile, { eventSource: hostile }),
      call('CreateRole', {
        eventID: hostile,
        eventTime: hostile,
        awsRegion: hostile,
        recipientAccountId: hostile,
        requestParameters: { roleName: hostile },
        userIdentity: { type: 'IAMUser', userName: hostile },
      }),
    ];
    const report = replayOf(POLICY, values);
    for (const text of [JSON.stringify(report), reportText(report).replaceAll('\n', '')]) {
      expect(text).toContain('evil');
      expect(text).not.toMatch(/[\p{Cc}\u202e\u200b]/u);
    }
  });

  it('stays small, however large the values', () => {
    const large = 'x'.repeat(1_000_000);
    const value = call(large, { eventSource: large, awsRegion: large, eventID: large, recipientAccountId: large });
    expect(JSON.stringify(replayOf(POLICY, [value])).length).toBeLessThan(5_000);
  });
});

describe('the balance of a report', () => {
  const value = fc.oneof(
    fc
      .constantFrom('Decrypt', 'GetUser', 'CreateUser', 'CreateRole', 'CreateAccessKey', 'DeleteUser', 'TagUser')
      .map((name) => call(name)),
    fc.constantFrom(insight(), aggregated()),
    fc.jsonValue({ maxDepth: 2 }),
    fc.record({ eventSource: fc.string(), eventName: fc.string(), eventTime: fc.string(), awsRegion: fc.string() }),
  );

  property.prop([fc.array(value, { maxLength: 60 })])('holds, by action, by severity and by code', (values) => {
    const report = replayOf(POLICY, values);
    const { received, whitelisted, quiet, logged, published, rejected, severities, codes, reasons } = report;
    const sum = (figures: readonly number[]) => figures.reduce((total, figure) => total + figure, 0);
    expect(received).toBe(values.length);
    expect(whitelisted + quiet + logged + published + rejected).toBe(received);
    expect(Object.keys(severities)).toEqual([...SEVERITIES].reverse());
    expect(sum(Object.values(severities))).toBe(quiet + logged + published);
    expect(sum(Object.values(codes))).toBe(received);
    if (reasons.length < 10) expect(sum(reasons.map((reason) => reason.published))).toBe(published);
    const { messages, atOnce, heldBack, digests, repeated } = report.messages;
    expect(report.findings).toHaveLength(Math.min(published - repeated, 10));
    expect(atOnce + heldBack + repeated).toBe(published);
    expect(messages).toBe(atOnce + digests);
    expect(digests).toBeLessThanOrEqual(heldBack);
  });
});
