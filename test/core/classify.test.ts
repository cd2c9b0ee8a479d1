import { describe, expect, test } from 'vitest';
import { classify } from '../../function/core/classify.ts';
import { readMessage } from '../../function/core/record.ts';
import { detection, policyOf, ratedOf, type SeveritiesParts, verdictOf } from '../support/policies.ts';
import { aggregated, insight, record, signIn } from '../support/records.ts';

const why = 'Because.';
const IAM = 'iam.amazonaws.com';
const call = (eventName: string, parts = {}) => record({ eventName, ...parts });
const table = (events: Record<string, unknown>): SeveritiesParts => ({ rows: { [IAM]: events } });

describe('a row', () => {
  test.each([
    ['informational', 'informational_severity_aws_event_happened', 'quiet'],
    ['low', 'low_severity_aws_event_happened', 'log'],
    ['medium', 'medium_severity_aws_event_happened', 'log'],
    ['high', 'high_severity_aws_event_happened', 'publish'],
    ['critical', 'critical_severity_aws_event_happened', 'publish'],
  ])('at %s gives the code %s and the action %s', (severity, code, action) => {
    const verdict = ratedOf(table({ CreateUser: { severity, reason: why } }), call('CreateUser'));
    expect(verdict).toMatchObject({ severity, code, action, reasons: [{ by: 'row', severity }] });
    expect(verdict).not.toHaveProperty('failed');
    expect(verdict).not.toHaveProperty('adjustedBy');
  });

  test.each([
    ['UpdateFunctionCode', 'UpdateFunctionCode20150331v2', 'medium'],
    ['CreateDistribution', 'CreateDistribution2020_05_31', 'medium'],
    ['UpdateFunctionCode', 'UpdateFunctionCode20150331', 'medium'],
    ['UpdateFunctionCode', 'UpdateFunctionCodeV2', 'low'],
    ['UpdateFunctionCode', 'updateFunctionCode', 'low'],
    ['Update', 'UpdateFunctionCode20150331v2', 'low'],
  ])('%s for the event %s: %s', (row, eventName, severity) => {
    expect(ratedOf(table({ [row]: 'medium' }), call(eventName)).severity).toBe(severity);
  });

  test('with the exact name wins over the one without the version', () => {
    const rows = table({ UpdateFunctionCode20150331v2: 'informational', UpdateFunctionCode: 'medium' });
    expect(ratedOf(rows, call('UpdateFunctionCode20150331v2')).severity).toBe('informational');
  });

  test('of one service says nothing of the same name in another', () => {
    expect(
      ratedOf(table({ CreateUser: 'medium' }), call('CreateUser', { eventSource: 'rds.amazonaws.com' })),
    ).toMatchObject({ severity: 'low', code: 'aws_resource_not_listed' });
  });
});

describe('what nothing speaks for', () => {
  const listed = table({ CreateUser: 'medium' });
  const unlisted = { service: 'high', event: 'medium', readOnlyEvent: 'informational', insight: 'critical' };
  const parts = { ...listed, policy: { unlisted } };

  test.each([
    [
      'a service without a file',
      call('PutThing', { eventSource: 'rds.amazonaws.com' }),
      'high',
      'aws_resource_not_listed',
    ],
    [
      'a read of such a service',
      call('GetThing', { eventSource: 'rds.amazonaws.com', readOnly: true }),
      'high',
      'aws_resource_not_listed',
    ],
    ['an event without a row', call('PutThing'), 'medium', 'aws_event_not_listed'],
    ['a read without a row', call('GetThing', { readOnly: true }), 'informational', 'aws_event_not_listed'],
    ['readOnly as a word', call('GetThing', { readOnly: 'true' }), 'medium', 'aws_event_not_listed'],
    ['an old record without readOnly', call('GetThing', { readOnly: undefined }), 'medium', 'aws_event_not_listed'],
    ['an Insights record', insight(), 'critical', 'aws_insight'],
    ['an Insights record without details', insight({ insightDetails: undefined }), 'critical', 'aws_insight'],
    ['an aggregated record', aggregated(), 'medium', 'aws_event_not_listed'],
  ])('%s', (_, value, severity, code) => {
    expect(ratedOf(parts, value)).toMatchObject({ severity, code, reasons: [{ by: 'unlisted', severity }] });
  });

  test('an empty file lists its service', () => {
    expect(ratedOf({ rows: { [IAM]: {} } }, call('PutThing')).code).toBe('aws_event_not_listed');
  });

  test('neither rows nor the deletion pattern speak for an Insights record of that name', () => {
    const details = { eventSource: IAM, eventName: 'DeleteUser' };
    expect(
      ratedOf(table({ DeleteUser: { severity: 'critical', reason: why } }), insight({ insightDetails: details })),
    ).toMatchObject({
      severity: 'medium',
      code: 'aws_insight',
      reasons: [{ by: 'unlisted' }],
    });
  });
});

describe('the deletion pattern', () => {
  test.each([
    ['DeleteUser', {}, 'high', 'an_aws_resource_was_deleted', ['deletion']],
    ['RevokeSecurityGroupIngress', {}, 'high', 'an_aws_resource_was_deleted', ['deletion']],
    ['BatchDeleteThing', {}, 'low', 'aws_event_not_listed', ['unlisted']],
    ['DeleteUser', { DeleteUser: 'low' }, 'high', 'an_aws_resource_was_deleted', ['deletion', 'row']],
    [
      'DeleteUser',
      { DeleteUser: { severity: 'high', reason: why } },
      'high',
      'an_aws_resource_was_deleted',
      ['deletion', 'row'],
    ],
    [
      'DeleteUser',
      { DeleteUser: { severity: 'critical', reason: why } },
      'critical',
      'critical_severity_aws_event_happened',
      ['row', 'deletion'],
    ],
    [
      'DeleteUser',
      { DeleteUser: { severity: 'low', reason: why, overridesDeletion: true } },
      'low',
      'low_severity_aws_event_happened',
      ['row'],
    ],
  ] as const)('%s with the rows %j: %s', (eventName, rows, severity, code, by) => {
    const verdict = ratedOf(table(rows), call(eventName));
    expect(verdict).toMatchObject({ severity, code });
    expect(verdict.reasons.map((reason) => reason.by)).toEqual(by);
  });

  test('speaks for services without a file too', () => {
    expect(ratedOf({}, call('DeleteDBInstance', { eventSource: 'rds.amazonaws.com' })).code).toBe(
      'an_aws_resource_was_deleted',
    );
  });

  test('is searched for anywhere when it has no anchor', () => {
    const deletions = { pattern: 'Delete', severity: 'high' };
    expect(ratedOf({ policy: { deletions } }, call('BatchDeleteThing')).code).toBe('an_aws_resource_was_deleted');
  });

  describe('with an `unless` entry', () => {
    const scaling = {
      id: 'scaling',
      when: '{ $.userIdentity.invokedBy = "autoscaling.amazonaws.com" }',
      reason: 'Scaling in.',
    };
    const parts = (events: Record<string, unknown> = {}) => ({
      ...table(events),
      policy: { deletions: { pattern: '^Delete', severity: 'high', unless: [scaling] } },
    });
    const scaledIn = call('DeleteThing', {
      userIdentity: { type: 'AWSService', invokedBy: 'autoscaling.amazonaws.com' },
    });

    test('does not speak for what the entry selects', () => {
      expect(ratedOf(parts(), scaledIn)).toMatchObject({ severity: 'low', code: 'aws_event_not_listed' });
    });
    test('speaks for everything else', () => {
      expect(ratedOf(parts(), call('DeleteThing')).code).toBe('an_aws_resource_was_deleted');
    });
    test('leaves the row to speak for what the entry selects', () => {
      expect(ratedOf(parts({ DeleteThing: 'medium' }), scaledIn).code).toBe('medium_severity_aws_event_happened');
    });
    test('leaves detections to speak for what the entry selects', () => {
      const detections = [detection({ eventNames: ['DeleteThing'] })];
      expect(ratedOf({ ...parts(), detections }, scaledIn).code).toBe('detection_matched');
    });
  });
});

describe('a detection', () => {
  const detections = [
    detection({ id: 'b-key', severity: 'high' }),
    detection({ id: 'a-key', severity: 'high', when: '{ $.requestParameters.userName = "bob" }' }),
    detection({ id: 'c-key', severity: 'low', when: '{ $.requestParameters.userName = "carol" }' }),
  ];

  test('gives the code, and every one that matches a reason, in order of id', () => {
    const verdict = ratedOf({ ...table({ CreateAccessKey: 'medium' }), detections }, record());
    expect(verdict).toMatchObject({ severity: 'high', code: 'detection_matched', action: 'publish' });
    expect(verdict.reasons.map(({ by, id }) => id ?? by)).toEqual(['a-key', 'b-key', 'row']);
  });

  test.each([
    ['another name', call('CreateUser')],
    ['another service', record({ eventSource: 'rds.amazonaws.com' })],
  ])('says nothing of %s', (_, value) => {
    expect(ratedOf({ detections }, value).reasons.map(({ by }) => by)).toEqual(['unlisted']);
  });

  test.each([
    ['detection before deletion before row', 'high', 'high', ['detection', 'deletion', 'row'], 'detection_matched'],
    [
      'a critical row before both',
      'high',
      'critical',
      ['row', 'detection', 'deletion'],
      'critical_severity_aws_event_happened',
    ],
    [
      'a deletion before a lower detection',
      'medium',
      'low',
      ['deletion', 'detection', 'row'],
      'an_aws_resource_was_deleted',
    ],
    [
      'a detection before a row of its severity, both below the deletion',
      'medium',
      'medium',
      ['deletion', 'detection', 'row'],
      'an_aws_resource_was_deleted',
    ],
  ])('ranks: %s', (_, detected, row, by, code) => {
    const verdict = ratedOf(
      {
        ...table({ DeleteUser: { severity: row, reason: why } }),
        detections: [detection({ eventNames: ['DeleteUser'], severity: detected })],
      },
      call('DeleteUser'),
    );
    expect(verdict.reasons.map((reason) => reason.by)).toEqual(by);
    expect(verdict.code).toBe(code);
  });

  test('without names reaches Insights and aggregated records by its condition; one with names does not', () => {
    const summaries = [
      detection({
        id: 'summary',
        eventSource: undefined,
        eventNames: undefined,
        when: '{ $.eventCategory = "Insight" }',
      }),
      detection({ id: 'named' }),
      detection({ id: 'source', eventNames: undefined }),
    ];
    expect(ratedOf({ detections: summaries }, insight())).toMatchObject({ reasons: [{ id: 'summary' }] });
    expect(ratedOf({ detections: summaries }, insight()).reasons).toHaveLength(1);
    expect(ratedOf({ detections: summaries }, aggregated()).code).toBe('aws_event_not_listed');
  });
});

describe('a detection on trial', () => {
  const trial = (severity: string) => detection({ severity, stage: 'trial' });

  test('is rated and logged as would-publish, and not published', () => {
    expect(ratedOf({ detections: [trial('critical')] }, record())).toMatchObject({
      severity: 'critical',
      code: 'detection_matched',
      action: 'log',
      wouldPublish: true,
      reasons: [{ by: 'detection', id: 'access-key-created' }],
    });
  });

  test('below alertAt is an ordinary logged record', () => {
    expect(ratedOf({ detections: [trial('medium')] }, record())).not.toHaveProperty('wouldPublish');
  });

  test('does not keep a row, a deletion or another detection from being published', () => {
    const live = [trial('low'), detection({ id: 'live' })];
    expect(ratedOf({ detections: live }, record())).toMatchObject({ action: 'publish', severity: 'high' });
    expect(
      ratedOf(
        { ...table({ CreateAccessKey: { severity: 'high', reason: why } }), detections: [trial('low')] },
        record(),
      ),
    ).toMatchObject({ action: 'publish', severity: 'high' });
  });

  test('never makes an unlisted record quieter than it was: the severity published is the one stated', () => {
    const unlisted = { service: 'high', event: 'high', readOnlyEvent: 'low', insight: 'low' };
    const verdict = ratedOf({ policy: { unlisted }, detections: [trial('low')] }, record());
    expect(verdict).toMatchObject({ action: 'publish', severity: 'high', code: 'aws_resource_not_listed' });
    expect(verdict.reasons.map(({ by }) => by)).toEqual(['unlisted', 'detection']);
  });
});

describe('a failed call', () => {
  const parts: SeveritiesParts = table({ CreateAccessKey: { severity: 'high', reason: why } });

  test.each([
    ['AccessDenied', 'high', 'denied'],
    ['AccessDeniedException', 'high', 'denied'],
    ['Client.UnauthorizedOperation', 'high', 'denied'],
    ['UnauthorizedOperation', 'high', 'denied'],
    ['AuthFailure', 'high', 'denied'],
    ['Client.InvalidClientTokenId', 'high', 'denied'],
    ['NoSuchEntityException', 'low', 'failed'],
    ['ThrottlingException', 'low', 'failed'],
    ['LimitExceeded', 'low', 'failed'],
    ['Client.DryRunOperation', 'informational', 'dry-run'],
  ])('with %s is rated %s and called %s', (errorCode, severity, failed) => {
    expect(ratedOf(parts, record({ errorCode }))).toMatchObject({
      severity,
      failed,
      code: 'high_severity_aws_event_happened',
      reasons: [{ by: 'row', severity: 'high' }],
    });
  });

  test.each([[undefined], [null], ['']])('has an errorCode that says something: %j does not', (errorCode) => {
    expect(ratedOf(parts, record({ errorCode }))).not.toHaveProperty('failed');
  });

  test('is capped, never raised', () => {
    expect(ratedOf(table({ CreateAccessKey: 'informational' }), record({ errorCode: 'LimitExceeded' })).severity).toBe(
      'informational',
    );
  });

  test('follows `failed`, for denied calls too', () => {
    const failed = { denied: 'medium', other: 'same' };
    expect(ratedOf({ ...parts, policy: { failed } }, record({ errorCode: 'AccessDenied' })).severity).toBe('medium');
    expect(ratedOf({ ...parts, policy: { failed } }, record({ errorCode: 'LimitExceeded' })).severity).toBe('high');
  });

  describe('and a detection', () => {
    const refused = detection({ id: 'refused', when: '{ $.errorCode = "NoSuchEntity*" }' });
    const any = detection({ id: 'any', severity: 'critical' });

    test('about the failure keeps its severity, with the code it gave', () => {
      expect(ratedOf({ detections: [refused] }, record({ errorCode: 'NoSuchEntityException' }))).toMatchObject({
        severity: 'high',
        failed: 'failed',
        code: 'detection_matched',
      });
    });
    test('about the call is capped', () => {
      expect(ratedOf({ detections: [any] }, record({ errorCode: 'NoSuchEntityException' })).severity).toBe('low');
    });
    test('both: only the one about the failure counts', () => {
      expect(ratedOf({ detections: [any, refused] }, record({ errorCode: 'NoSuchEntityException' })).severity).toBe(
        'high',
      );
    });
    test('both: the one about the failure says so', () => {
      const { reasons } = ratedOf({ detections: [any, refused] }, record({ errorCode: 'NoSuchEntityException' }));
      expect(reasons.filter(({ aboutFailure }) => aboutFailure).map(({ id }) => id)).toEqual(['refused']);
      expect(ratedOf({ detections: [any] }, record()).reasons[0]).not.toHaveProperty('aboutFailure');
    });
  });

  test.each([
    ['Failure', 'denied'],
    ['Success', undefined],
  ] as const)('ConsoleLogin with %s, without an errorCode: %s', (outcome, failed) => {
    const rows = { rows: { 'signin.amazonaws.com': { ConsoleLogin: { severity: 'high', reason: why } } } };
    const verdict = ratedOf(rows, signIn(outcome));
    expect(verdict.severity).toBe('high');
    expect(verdict.failed).toBe(failed);
  });

  test('a detection of failed sign-ins is about the failure where denied calls are capped', () => {
    const failed = { denied: 'low', other: 'low' };
    const on = (id: string, outcome: string) =>
      detection({
        id,
        eventSource: 'signin.amazonaws.com',
        eventNames: ['ConsoleLogin'],
        when: `{ $.responseElements.ConsoleLogin = "${outcome}" }`,
      });
    expect(ratedOf({ policy: { failed }, detections: [on('failed', 'Failure')] }, signIn('Failure')).severity).toBe(
      'high',
    );
    expect(ratedOf({ policy: { failed }, detections: [on('any', '*')] }, signIn('Failure')).severity).toBe('low');
  });
});

describe('what is not a record', () => {
  const policy = policyOf();
  test.each([
    ['null', null, 'not an object but null'],
    ['an array', [record()], 'not an object but an array'],
    ['a number', 7, 'not an object but a number'],
    ['a string', 'secret', 'not an object but a string'],
    ['an empty object', {}, 'no string eventSource'],
    ['no eventName', { eventSource: IAM }, 'no string eventName'],
    ['a numeric eventName', record({ eventName: 7 }), 'no string eventName'],
    ['an eventSource in an array', record({ eventSource: [IAM] }), 'no string eventSource'],
  ])('%s is rejected, and its content not repeated', (_, value, reason) => {
    expect(verdictOf(policy, value)).toEqual({
      verdict: 'rejected',
      severity: null,
      code: 'unreadable_record',
      action: 'reject',
      reasons: [],
      why: reason,
    });
  });

  test.each(['', 'secret{', '{"eventSource":', '\u0000'])('text that is not JSON, %j', (text) => {
    expect(classify(policy, readMessage(text))).toMatchObject({ verdict: 'rejected', why: 'not JSON' });
  });

  test('but empty names are strings, and rated', () => {
    expect(ratedOf(policy, record({ eventSource: '', eventName: '' })).code).toBe('aws_resource_not_listed');
  });
});

test.each([
  ['low', 'informational', 'publish'],
  ['critical', 'critical', 'quiet'],
  ['critical', 'low', 'log'],
])('with alertAt %s and logAt %s a low row is for: %s', (alertAt, logAt, action) => {
  expect(ratedOf({ ...table({ CreateUser: 'low' }), policy: { alertAt, logAt } }, call('CreateUser')).action).toBe(
    action,
  );
});

test('alertAt below logAt publishes all the same', () => {
  const policy = { alertAt: 'low', logAt: 'critical' };
  expect(ratedOf({ ...table({ CreateUser: 'low' }), policy }, call('CreateUser')).action).toBe('publish');
});

test('a table of 20,000 rows gives the verdicts of a small one', () => {
  const many = Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`Create${index}`, 'medium']));
  const large = policyOf({ rows: { [IAM]: { ...many, CreateUser: 'low' } } });
  const small = policyOf({ rows: { [IAM]: { Create19999: 'medium', CreateUser: 'low' } } });
  for (const eventName of ['CreateUser', 'Create19999', 'DeleteUser', 'PutThing']) {
    expect(verdictOf(large, call(eventName))).toEqual(verdictOf(small, call(eventName)));
  }
});
