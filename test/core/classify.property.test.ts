import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { classify } from '../../function/core/classify.ts';
import { readMessage, readRecord } from '../../function/core/record.ts';
import { compareSeverities, SEVERITIES } from '../../function/core/severity.ts';
import type { Verdict } from '../../function/core/verdict.ts';
import { detection, policyOf, ratedOf, verdictOf } from '../support/policies.ts';
import { ALICE, DEPLOYER, record } from '../support/records.ts';

const IAM = 'iam.amazonaws.com';
const NAMES = ['CreateAccessKey', 'DeleteUser', 'CreateUser', 'CreateUser20150331', 'ListUsers', '__proto__', ''];
const SOURCES = [IAM, 'rds.amazonaws.com', 'toString', ''];

const rows = {
  [IAM]: {
    CreateUser: 'medium',
    DeleteUser: { severity: 'low', reason: 'Leavers.', overridesDeletion: true },
    CreateAccessKey: { severity: 'high', reason: 'Lasts.' },
  },
  'sts.amazonaws.com': { AssumeRole: 'informational' },
};
const detections = [
  detection({ id: 'a', severity: 'critical', when: '{ $.userIdentity.type = "Root" }' }),
  detection({ id: 'b', guardrail: true, severity: 'medium' }),
  detection({ id: 'c', stage: 'trial', eventNames: ['Create*'] }),
  detection({
    id: 'd',
    severity: 'medium',
    eventSource: undefined,
    eventNames: undefined,
    when: '{ $.errorCode = "*" }',
  }),
];
const unless = [{ id: 'u', when: '{ $.userIdentity.invokedBy = "x" }', reason: 'Scaling.' }];
const deletions = { pattern: '^Delete', severity: 'high', unless };
const policy = policyOf({ rows, detections, policy: { deletions } });

/** Records whose every field may be of any type, with names the policy knows among others. */
const anyRecord = fc.record(
  {
    eventSource: fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...SOURCES) }, fc.jsonValue()),
    eventName: fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...NAMES) }, fc.jsonValue()),
    errorCode: fc.oneof(fc.constantFrom('AccessDenied', 'Throttling', 'Client.DryRunOperation'), fc.jsonValue()),
    readOnly: fc.oneof(fc.boolean(), fc.jsonValue()),
    eventTime: fc.oneof(fc.constantFrom('2026-11-20T02:41:00Z', '2027-01-01T00:00:00Z'), fc.jsonValue()),
    eventCategory: fc.oneof(fc.constantFrom('Management', 'Insight', 'Aggregated'), fc.jsonValue()),
    userIdentity: fc.oneof(fc.constantFrom<object[]>(ALICE, DEPLOYER, { type: 'Root' }, {}), fc.jsonValue()),
    requestParameters: fc.jsonValue(),
    responseElements: fc.oneof(fc.constant({ ConsoleLogin: 'Failure' }), fc.jsonValue()),
    insightDetails: fc.jsonValue(),
    awsRegion: fc.oneof(fc.constant('us-east-1'), fc.jsonValue()),
    recipientAccountId: fc.oneof(fc.constant('111122223333'), fc.jsonValue()),
  },
  { requiredKeys: [] },
);

const someSelector = fc.constantFrom(
  { eventSource: IAM },
  { eventNames: ['Create*'] },
  { eventSource: IAM, eventNames: ['CreateUser', 'CreateAccessKey'] },
  { principals: ['arn:aws:iam::*:role/terraform-apply'] },
  { regions: ['us-east-1'] },
  { accounts: ['111122223333'] },
  { when: '{ $.errorCode NOT EXISTS }' },
  { eventNames: ['*'], expires: '2026-11-30' },
);
const someEntry = fc.tuple(someSelector, fc.constantFrom([], ['detection:b'])).map(([selector, hides]) => ({
  id: 'entry',
  reason: 'Noise.',
  ...selector,
  hides,
}));

const ACTIONS = {
  whitelisted: ['ignore'],
  rated: ['quiet', 'log', 'publish'],
  rejected: ['reject'],
} as const;

function expectSound(verdict: Verdict): void {
  expect(ACTIONS[verdict.verdict]).toContain(verdict.action);
  if (verdict.verdict !== 'rated') {
    expect(verdict).toMatchObject({ severity: null, reasons: [] });
    return;
  }
  const [first, ...others] = verdict.reasons;
  expect(verdict.code).toBe(first.code);
  for (const { severity } of others) expect(compareSeverities(first.severity, severity)).toBeGreaterThanOrEqual(0);
  if (verdict.action === 'publish')
    expect(compareSeverities(verdict.severity, policy.alertAt)).toBeGreaterThanOrEqual(0);
  if (!verdict.failed && !verdict.adjustedBy) expect(verdict.severity).toBe(first.severity);
}

describe('classification', () => {
  test.prop([fc.jsonValue()])('is total on JSON', (value) => {
    expectSound(verdictOf(policy, value));
  });

  test.prop([fc.string({ unit: 'binary' })])('is total on text', (text) => {
    expectSound(classify(policy, readMessage(text)));
  });

  test.prop([fc.anything({ withNullPrototype: true, withMap: true, withBigInt: true, withDate: true })])(
    'is total on values that JSON does not have',
    (value) => {
      expectSound(verdictOf(policy, value));
    },
  );

  test.prop([anyRecord], { numRuns: 500 })('is total on records with fields of any type', (value) => {
    expectSound(verdictOf(policy, value));
  });

  test.prop([anyRecord])('changes no record', (value) => {
    const before = JSON.stringify(value);
    verdictOf(policy, value);
    expect(JSON.stringify(value)).toBe(before);
  });

  test.prop([fc.array(fc.oneof(anyRecord, fc.jsonValue()))])('counts each record under one action', (values) => {
    const counts = { ignore: 0, quiet: 0, log: 0, publish: 0, reject: 0 };
    for (const value of values) counts[verdictOf(policy, value).action]++;
    expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(values.length);
  });
});

const rankOf = (verdict: Verdict) => (verdict.severity === null ? -1 : SEVERITIES.indexOf(verdict.severity));
const LOUDNESS = ['reject', 'ignore', 'quiet', 'log', 'publish'];

describe('an entry more', () => {
  test.prop([anyRecord, someEntry])(
    'in the whitelist never raises a severity, or silences a guardrail unnamed',
    (value, entry) => {
      const before = verdictOf(policy, value);
      const after = verdictOf({ rows, detections, policy: { deletions, whitelist: [entry] } }, value);
      expect(rankOf(after)).toBeLessThanOrEqual(rankOf(before));
      if (!entry.hides.length && before.reasons.some(({ id }) => id === 'b')) expect(after).toEqual(before);
    },
  );

  test.prop([anyRecord, someEntry, fc.constantFrom(...SEVERITIES), fc.boolean()])(
    'that caps never raises a severity or makes an action louder, wherever it stands',
    (value, entry, severity, isFirst) => {
      const others = [{ id: 'raise', eventNames: ['CreateUser'], severity: 'high', raise: true, reason: 'Here.' }];
      const capping = [{ ...entry, severity }];
      const parts = (adjust: object[]) => ({ rows, detections, policy: { deletions, adjust } });
      const before = verdictOf(parts(others), value);
      const after = verdictOf(parts(isFirst ? [...capping, ...others] : [...others, ...capping]), value);
      expect(rankOf(after)).toBeLessThanOrEqual(rankOf(before));
      expect(LOUDNESS.indexOf(after.action)).toBeLessThanOrEqual(LOUDNESS.indexOf(before.action));
    },
  );

  test.prop([anyRecord, someEntry, fc.constantFrom(...SEVERITIES)])(
    'that raises never lowers a severity',
    (value, entry, severity) => {
      const adjust = [{ ...entry, severity, raise: true }];
      const after = verdictOf({ rows, detections, policy: { deletions, adjust } }, value);
      expect(rankOf(after)).toBeGreaterThanOrEqual(rankOf(verdictOf(policy, value)));
    },
  );
});

test.prop([anyRecord, fc.shuffledSubarray(detections, { minLength: detections.length }), fc.boolean()])(
  'the order of the files never changes a verdict',
  (value, shuffled, isReversed) => {
    const services = Object.entries(rows);
    const reordered = Object.fromEntries(isReversed ? services.reverse() : services);
    const other = policyOf({ rows: reordered, detections: shuffled, policy: { deletions } });
    expect(verdictOf(other, value)).toEqual(verdictOf(policy, value));
  },
);

test.prop([fc.array(anyRecord, { maxLength: 20 }), anyRecord], { numRuns: 50 })(
  'what was classified before never changes a verdict',
  (earlier, value) => {
    const fresh = policyOf({ rows, detections, policy: { deletions } });
    for (const one of earlier) verdictOf(policy, one);
    expect(verdictOf(policy, value)).toEqual(verdictOf(fresh, value));
  },
);

test('nor do 10,000 names nobody has seen before', () => {
  const names = Array.from({ length: 10_000 }, (_, index) => `Create${index}`);
  const verdicts = names.map((eventName) => verdictOf(policy, record({ eventName })));
  expect(new Set(verdicts.map((verdict) => JSON.stringify(verdict))).size).toBe(1);
  expect(ratedOf(policy, record()).severity).toBe('high');
});

describe('hostile records', () => {
  const NAMES_OF_OBJECTS = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf'];
  test.each(NAMES_OF_OBJECTS)('%s is an event and a service nobody lists', (name) => {
    expect(ratedOf(policy, record({ eventName: name })).code).toBe('aws_event_not_listed');
    expect(ratedOf(policy, record({ eventSource: name })).code).toBe('aws_resource_not_listed');
    expect(ratedOf(policy, record({ errorCode: name })).failed).toBe('failed');
  });

  test('fields of an own __proto__ are not the record’s', () => {
    const text = '{"__proto__":{"eventSource":"iam.amazonaws.com","eventName":"CreateAccessKey"}}';
    expect(classify(policy, readMessage(text)).verdict).toBe('rejected');
    const named = `{"eventSource":"${IAM}","eventName":"CreateUser","__proto__":{"errorCode":"AccessDenied"}}`;
    expect(classify(policy, readMessage(named))).not.toHaveProperty('failed');
  });

  test('values nested 10,000 deep are rated', () => {
    const deep = `${'{"a":['.repeat(5_000)}1${']}'.repeat(5_000)}`;
    const text = `{"eventSource":"${IAM}","eventName":"CreateAccessKey","requestParameters":${deep},"errorCode":"Throttling"}`;
    expect(classify(policy, readMessage(text)).verdict).toBe('rated');
  });

  test.each([['\ud800'], ['\udc00\ud800'], ['\u0000'], ['PutThing\u0000'], ['\u202e'], ['x'.repeat(300_000)]])(
    'the name %j is one nobody lists',
    (eventName) => {
      expect(ratedOf(policy, record({ eventName })).code).toBe('aws_event_not_listed');
    },
  );

  test('names, times and codes of 300,000 characters take no time to speak of', () => {
    const long = '20150331'.repeat(40_000);
    const value = record({
      eventName: `Delete${long}`,
      eventSource: long,
      errorCode: long,
      eventTime: long,
      awsRegion: long,
    });
    const started = performance.now();
    classify(policy, readRecord(value));
    expect(performance.now() - started).toBeLessThan(500);
  });
});
