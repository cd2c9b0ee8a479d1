import { readFileSync } from 'node:fs';
import { fc } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { classify } from '../../function/core/classify.ts';
import { brokenAwsLimits } from '../../function/core/filter-pattern/aws-limits.ts';
import { compileFilterPattern } from '../../function/core/filter-pattern/compile.ts';
import { compilePolicy } from '../../function/core/policy.ts';
import { pushdownPattern } from '../../function/core/pushdown.ts';
import { readRecord } from '../../function/core/record.ts';
import type { Detection, PolicySettings, WhitelistEntry } from '../../function/core/severities/model.ts';
import { policySchema } from '../../function/core/severities/schema.ts';

const verdictOf = (policy: PolicySettings, detections: readonly Detection[], record: unknown) =>
  classify(compilePolicy({ policyVersion: 'test', policy, services: [], detections, accounts: {} }), readRecord(record))
    .verdict;

const SHIPPED = policySchema.parse(
  JSON.parse(readFileSync(new URL('../../severities/policy.json', import.meta.url), 'utf8')),
);

type Entry = Partial<WhitelistEntry> & { readonly id: string };
const policyOf = (...whitelist: Entry[]): PolicySettings => ({
  ...SHIPPED,
  whitelist: whitelist.map((entry) => ({ reason: 'a test', ...entry })),
});
const DECRYPT = { id: 'decrypt', eventSource: 'kms.amazonaws.com', eventNames: ['Decrypt', 'Encrypt'] } as const;
const names = (entry: { readonly eventSource: string; readonly eventNames: readonly string[] }): Entry =>
  ({ ...entry, eventNames: [...entry.eventNames] }) as Entry;

const GUARDRAIL: Detection = {
  id: 'guard',
  title: 'Guard',
  severity: 'critical',
  reason: 'a test',
  guardrail: true,
  eventSource: 'kms.amazonaws.com',
  eventNames: ['Enc*'],
};

describe('pushing the whitelist down', () => {
  test('takes entries made of a source and exact names, and joins those of one source', () => {
    const { pattern, pushed, kept } = pushdownPattern(
      policyOf(
        names(DECRYPT),
        { id: 'assume', eventSource: 'sts.amazonaws.com', eventNames: ['AssumeRole'] },
        { id: 'keys', eventSource: 'kms.amazonaws.com', eventNames: ['GenerateDataKey'] },
      ),
      [],
    );
    expect(pushed).toEqual(['decrypt', 'assume', 'keys']);
    expect(kept).toEqual([]);
    expect(pattern).toBe(
      '{ $.eventSource NOT EXISTS || $.eventSource IS NULL || $.eventName NOT EXISTS || $.eventName IS NULL || ' +
        '(($.eventSource != "kms.amazonaws.com" || ($.eventName != "Decrypt" && $.eventName != "Encrypt" && $.eventName != "GenerateDataKey")) && ' +
        '($.eventSource != "sts.amazonaws.com" || ($.eventName != "AssumeRole"))) }',
    );
    expect(brokenAwsLimits(pattern)).toEqual([]);
  });

  test.each<[string, Entry, string]>([
    ['a condition', { ...names(DECRYPT), when: '{ $.errorCode NOT EXISTS }' }, 'has when'],
    ['accounts', { ...names(DECRYPT), accounts: ['111122223333'] }, 'has accounts'],
    ['Regions', { ...names(DECRYPT), regions: ['eu-central-1'] }, 'has regions'],
    ['principals', { ...names(DECRYPT), principals: ['arn:aws:iam::111122223333:role/x'] }, 'has principals'],
    ['a last day', { ...names(DECRYPT), expires: '2027-06-30' }, 'has expires'],
    ['something severe it hides', { ...names(DECRYPT), hides: ['detection:guard'] }, 'has hides'],
    ['a wildcard', { ...names(DECRYPT), eventNames: ['Decrypt', 'Generate*'] }, 'has a * in its eventNames'],
    ['no names', { id: 'decrypt', eventSource: 'kms.amazonaws.com' }, 'names no eventSource or no eventNames'],
    ['no source', { id: 'decrypt', eventNames: ['Decrypt'] }, 'names no eventSource or no eventNames'],
  ])('leaves an entry with %s to the function', (_, entry, why) => {
    expect(pushdownPattern(policyOf(entry), [])).toEqual({ pattern: '', pushed: [], kept: [{ id: 'decrypt', why }] });
  });

  test('leaves to the function what a guardrail may stand against, and only that', () => {
    const assume: Entry = { id: 'assume', eventSource: 'sts.amazonaws.com', eventNames: ['AssumeRole'] };
    const { pushed, kept } = pushdownPattern(policyOf(names(DECRYPT), assume), [GUARDRAIL]);
    expect(pushed).toEqual(['assume']);
    expect(kept).toEqual([{ id: 'decrypt', why: 'a guardrail detection names the same events' }]);
    expect(pushdownPattern(policyOf(names(DECRYPT)), [{ ...GUARDRAIL, guardrail: false }]).pushed).toEqual(['decrypt']);
    const { eventSource: _, eventNames: __, ...everywhere } = GUARDRAIL;
    expect(pushdownPattern(policyOf(assume), [{ ...everywhere, when: '{ $.x = 1 }' }]).pushed).toEqual([]);
  });

  test('stops before 1,024 characters and goes on with entries that still fit', () => {
    const long: Entry = {
      id: 'long',
      eventSource: 'ec2.amazonaws.com',
      eventNames: Array.from({ length: 40 }, (_, index) => `DescribeSomethingNumber${index}`),
    };
    const { pattern, pushed, kept } = pushdownPattern(policyOf(long, names(DECRYPT)), []);
    expect(pushed).toEqual(['decrypt']);
    expect(kept).toEqual([
      { id: 'long', why: expect.stringMatching(/^the pattern would have \d{4} of 1024 characters$/) },
    ]);
    expect(pattern.length).toBeLessThanOrEqual(1024);
  });

  test('finds nothing in the shipped whitelist, whose entries all have conditions', () => {
    const { pattern, kept } = pushdownPattern(SHIPPED, []);
    expect(pattern).toBe('');
    expect(kept.map(({ id }) => id)).toEqual(SHIPPED.whitelist.map(({ id }) => id));
  });

  const source = fc.constantFrom('kms.amazonaws.com', 'sts.amazonaws.com', 'ec2.amazonaws.com');
  const name = fc.constantFrom('Decrypt', 'Encrypt', 'AssumeRole', 'RunInstances', 'RunInstances20160101v2');
  const field = (value: fc.Arbitrary<string>) =>
    fc.oneof({ weight: 8, arbitrary: value }, fc.constantFrom('', 'other', null, undefined));
  const plain: fc.Arbitrary<Entry> = fc.record({
    id: fc.constantFrom('a', 'b', 'c'),
    eventSource: source,
    eventNames: fc.array(name, { minLength: 1, maxLength: 3 }),
  });
  const entry: fc.Arbitrary<Entry> = fc.record(
    {
      id: fc.constantFrom('a', 'b', 'c'),
      eventSource: source,
      eventNames: fc.array(fc.oneof(name, fc.constantFrom('Run*', '*')), { minLength: 1, maxLength: 3 }),
      when: fc.constant('{ $.errorCode NOT EXISTS }'),
      accounts: fc.constant(['111122223333']),
      expires: fc.constant('2026-11-20'),
    },
    { requiredKeys: ['id'] },
  );
  const record = fc.record(
    {
      eventSource: field(source),
      eventName: field(name),
      errorCode: fc.constant('AccessDenied'),
      eventTime: fc.constant('2026-11-20T02:41:00Z'),
    },
    { requiredKeys: [] },
  );
  const guardrails = fc.array(
    fc.record({
      eventSource: source,
      eventNames: fc.array(fc.constantFrom('Run*', 'Decrypt', 'RunInstances'), { minLength: 1, maxLength: 2 }),
    }),
    { maxLength: 1 },
  );

  test('drops nothing but records that the function would whitelist', () => {
    let dropped = 0;
    fc.assert(
      fc.property(
        fc.array(fc.oneof(plain, entry), { minLength: 1, maxLength: 4 }),
        guardrails,
        fc.array(record, { minLength: 1, maxLength: 8 }),
        (entries, guards, records) => {
          const policy = policyOf(...entries.filter((each) => each.eventSource ?? each.eventNames ?? each.when));
          const detections = guards.map((guard, index) => ({ ...GUARDRAIL, ...guard, id: `guard-${index}` }));
          const { pattern } = pushdownPattern(policy, detections);
          if (pattern === '') return;
          const keeps = compileFilterPattern(pattern);
          for (const each of records) {
            const parsed: unknown = JSON.parse(JSON.stringify(each));
            if (keeps(parsed)) continue;
            dropped++;
            expect(verdictOf(policy, detections, parsed)).toBe('whitelisted');
          }
        },
      ),
      { numRuns: 400 },
    );
    expect(dropped).toBeGreaterThan(20);
  });

  test('drops every record of the names it pushed', () => {
    const { pattern } = pushdownPattern(policyOf(names(DECRYPT)), []);
    const keeps = compileFilterPattern(pattern);
    expect(keeps({ eventSource: 'kms.amazonaws.com', eventName: 'Decrypt' })).toBe(false);
    expect(keeps({ eventSource: 'kms.amazonaws.com', eventName: 'DisableKey' })).toBe(true);
    expect(keeps({ eventSource: 'sts.amazonaws.com', eventName: 'Decrypt' })).toBe(true);
    expect(keeps({ eventSource: null, eventName: 'Decrypt' })).toBe(true);
    expect(keeps({ eventName: 'Decrypt' })).toBe(true);
    expect(keeps({ eventSource: 'kms.amazonaws.com' })).toBe(true);
    expect(keeps({})).toBe(true);
  });
});
