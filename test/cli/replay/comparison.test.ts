import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { CHANGES } from '../../../cli/replay/changes.ts';
import { comparisonText } from '../../../cli/replay/comparison-text.ts';
import { detection, policyOf, type SeveritiesParts } from '../../support/policies.ts';
import { record } from '../../support/records.ts';
import { comparisonOf } from './rated-inputs.ts';

const call = (eventName: string, parts = {}) => record({ eventName, ...parts });
const iam = (events: Readonly<Record<string, string>>): SeveritiesParts => ({
  rows: {
    'iam.amazonaws.com': Object.fromEntries(
      Object.entries(events).map(([name, severity]) => [name, { severity, reason: 'A test of replay.' }]),
    ),
  },
});

const compare = (current: SeveritiesParts, proposed: SeveritiesParts, values: readonly unknown[]) =>
  comparisonOf(policyOf(current), policyOf(proposed), values);

const NAMES = { current: 'severities', proposed: '../edited' };

describe('a comparison', () => {
  it.each([
    ['new', 'low', 'high', 'logged at low -> published at high'],
    ['lost', 'critical', 'medium', 'published at critical -> logged at medium'],
    ['louder', 'high', 'critical', 'published at high -> published at critical'],
    ['quieter', 'critical', 'high', 'published at critical -> published at high'],
    ['unpublished', 'medium', 'informational', 'logged at medium -> counted at informational'],
  ] as const)('calls it %s when a row goes from %s to %s', (change, before, after, words) => {
    const report = compare(iam({ TagUser: before }), iam({ TagUser: after }), [call('TagUser'), call('GetUser')]);
    for (const kind of CHANGES) expect(report.changes[kind].records, kind).toBe(kind === change ? 1 : 0);
    expect(report.changes[change].groups).toMatchObject([
      { records: 1, reason: { by: 'row', name: 'iam.amazonaws.com/TagUser' }, examples: [{ principal: 'alice' }] },
    ]);
    expect(comparisonText(report, NAMES)).toContain(`1  row iam.amazonaws.com/TagUser: ${words}\n`);
  });

  it('finds nothing between the same severities', () => {
    const values = ['TagUser', 'DeleteUser', 'CreateAccessKey'].map((name) => call(name));
    const same = { ...iam({ TagUser: 'high' }), detections: [detection()] };
    for (const { records } of Object.values(compare(same, same, values).changes)) expect(records).toBe(0);
  });

  it('groups by the detection responsible, with three examples told by the subjects of their mails', () => {
    const values = [1, 2, 3, 4, 5].map((number) => call('CreateAccessKey', { eventID: `key-${number}` }));
    const { groups, records } = compare({}, { detections: [detection()] }, values).changes.new;
    expect(records).toBe(5);
    expect(groups).toMatchObject([{ records: 5, reason: { by: 'detection', name: 'access-key-created' } }]);
    expect(groups[0]?.examples.map(({ eventID }) => eventID)).toEqual(['key-1', 'key-2', 'key-3']);
    expect(groups[0]?.examples[0]?.subject).toBe('[HIGH] account 111122223333: access key created for bob by alice');
  });

  it('names the reason and the subject of the finding that is lost, and the entry it is lost to', () => {
    const entry = { id: 'quiet-keys', eventNames: ['CreateAccessKey'], reason: 'A test.' };
    const current = { detections: [detection()] };
    for (const [list, parts, words] of [
      ['whitelist', {}, 'published at high -> whitelisted by quiet-keys'],
      ['adjust', { severity: 'low' }, 'published at high -> logged at low, adjusted by quiet-keys'],
    ] as const) {
      const hides = list === 'whitelist' ? { hides: ['detection:access-key-created'] } : {};
      const proposed = { ...current, policy: { [list]: [{ ...entry, ...parts, ...hides }] } };
      const report = compare(current, proposed, [call('CreateAccessKey')]);
      expect(report.changes.lost.groups).toMatchObject([
        { reason: { by: 'detection' }, examples: [{ subject: expect.stringMatching(/^\[HIGH\]/) }] },
      ]);
      expect(comparisonText(report, NAMES)).toContain(words);
    }
  });

  it('sees a detection put on trial as findings lost', () => {
    const current = { detections: [detection()] };
    const proposed = { detections: [detection({ stage: 'trial' })] };
    const report = compare(current, proposed, [call('CreateAccessKey')]);
    expect(report.changes.lost.records).toBe(1);
    expect(comparisonText(report, NAMES)).toContain('published at high -> logged at high, on trial');
  });

  it('sees the thresholds move where no severity does', () => {
    const rows = iam({ TagUser: 'medium', GetUser: 'low' });
    const values = [call('TagUser'), call('GetUser')];
    const { changes } = compare(rows, { ...rows, policy: { alertAt: 'medium', logAt: 'medium' } }, values);
    expect(changes.new.records).toBe(1);
    expect(changes.unpublished.groups).toMatchObject([
      { current: { severity: 'low', action: 'log' }, proposed: { severity: 'low', action: 'quiet' } },
    ]);
  });

  it('puts the severest group first, then the largest', () => {
    const values = ['A', 'A', 'A', 'B', 'C', 'C'].map((name) => call(name));
    const report = compare(iam({ A: 'low' }), iam({ A: 'high', B: 'critical', C: 'high' }), values);
    const names = report.changes.new.groups.map(({ reason }) => reason.name.split('/')[1]);
    expect(names).toEqual(['B', 'A', 'C']);
  });

  const counted = (atLeast: number) => ({
    detections: [detection({ count: { atLeast, withinMinutes: 10, by: ['recipientAccountId'] } })],
  });
  const keys = [1, 2, 3].map((minute) =>
    call('CreateAccessKey', { eventTime: `2026-11-20T02:0${minute}:00Z`, eventID: `minute-${minute}` }),
  );

  it('pairs records that wait for a count under one policy only', () => {
    const { changes, current, proposed } = compare({}, counted(3), [call('TagUser'), ...keys]);
    expect(changes.new.groups.flatMap(({ examples }) => examples.map(({ eventID }) => eventID))).toEqual(['minute-3']);
    expect([current.received, proposed.received]).toEqual([4, 4]);
  });

  it('pairs records that wait under both', () => {
    const { changes, current, proposed } = compare(counted(2), counted(4), keys);
    expect(changes.lost.records).toBe(current.published);
    expect(current.published).toBeGreaterThan(0);
    expect(proposed.published).toBe(0);
  });

  it('tells nothing that could steer a terminal', () => {
    const hostile = '\u001b[31m\u009b\u202e\u200b';
    const value = call(`Make${hostile}`, { eventID: hostile, userIdentity: { userName: hostile } });
    const report = compare({}, { policy: { unlisted: { ...UNLISTED, service: 'high' } } }, [value]);
    expect(report.changes.new.records).toBe(1);
    for (const text of [JSON.stringify(report), comparisonText(report, NAMES).replaceAll('\n', '')]) {
      expect(text).not.toMatch(/[\p{Cc}\u202e\u200b]/u);
    }
  });
});

const UNLISTED = { service: 'low', event: 'low', readOnlyEvent: 'informational', insight: 'medium' };

describe('the balance of a comparison', () => {
  const severity = fc.constantFrom('informational', 'low', 'medium', 'high', 'critical');
  const table = fc.record({ TagUser: severity, GetUser: severity, DeleteUser: severity }).map(iam);
  const values = fc.array(
    fc.oneof(
      fc.constantFrom('TagUser', 'GetUser', 'DeleteUser', 'Other').map((name) => call(name)),
      fc.jsonValue({ maxDepth: 1 }),
    ),
  );

  property.prop([table, table, values])('holds: published, less what is lost, plus what is new', (a, b, records) => {
    const { current, proposed, changes } = compare(a, b, records);
    expect(proposed.published).toBe(current.published - changes.lost.records + changes.new.records);
    for (const { records: total, groups } of Object.values(changes)) {
      expect(groups.reduce((sum, group) => sum + group.records, 0)).toBe(total);
    }
  });
});
