import { test as property } from '@fast-check/vitest';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { classify } from '../../function/core/classify.ts';
import { Counts, countedMatches } from '../../function/core/counting.ts';
import { readRecord } from '../../function/core/record.ts';
import { detection, policyOf, type SeveritiesParts } from '../support/policies.ts';
import { record } from '../support/records.ts';

const START = Date.parse('2026-11-20T12:00:00Z');
const counted = (count: object, parts: object = {}): SeveritiesParts => ({
  rows: { 'iam.amazonaws.com': {} },
  detections: [detection({ id: 'many', eventNames: ['GetUser'], count, ...parts })],
});
const get = (seconds: number, parts: object = {}) =>
  record({
    eventName: 'GetUser',
    eventTime: new Date(START + seconds * 1_000).toISOString().replace('.000Z', 'Z'),
    eventID: undefined,
    ...parts,
  });

/** The positions that reach a count, of records in the order given. */
function firing(parts: SeveritiesParts, records: readonly object[]): number[] {
  const policy = policyOf(parts);
  const counts = new Counts();
  for (const [position, value] of records.entries()) {
    const read = readRecord(value);
    if (!('unreadable' in read)) counts.add(position, countedMatches(policy, read));
  }
  return [...counts.firing().keys()].sort((a, b) => a - b);
}

const THREE = { atLeast: 3, withinMinutes: 1, by: ['principal'] };

describe('a counted detection', () => {
  test.each([
    ['matches at the Nth record', [0, 1, 2], [2]],
    ['begins anew after it', [0, 1, 2, 3, 4, 5, 6], [2, 5]],
    ['takes the Nth by time, not by place', [2, 0, 1], [0]],
    ['counts the ends of its window in', [0, 30, 60], [2]],
    ['forgets what is older', [0, 1, 61.001, 61.002], []],
    ['slides', [0, 50, 70, 100], [3]],
  ])('%s', (_, seconds, positions) => {
    expect(
      firing(
        counted(THREE),
        seconds.map((second) => get(second)),
      ),
    ).toEqual(positions);
  });

  test('counts each group by itself', () => {
    const from = (sourceIPAddress: string) => get(0, { sourceIPAddress });
    const by = { atLeast: 2, withinMinutes: 1, by: ['sourceIPAddress', 'requestParameters.userName'] };
    const records = [from('192.0.2.1'), from('192.0.2.2'), from('192.0.2.1'), from('192.0.2.3')];
    expect(firing(counted(by), records)).toEqual([2]);
  });

  test('counts a record that came twice once', () => {
    expect(firing(counted(THREE), [get(0), get(1, { eventID: 'a' }), get(1, { eventID: 'a' })])).toEqual([]);
  });

  test('passes over what is whitelisted, and what tells no time', () => {
    const whitelist = [{ id: 'probe', when: '{ $.sourceIPAddress = "192.0.2.9" }', reason: 'Ours.' }];
    const ours = get(0, { sourceIPAddress: '192.0.2.9' });
    expect(firing({ ...counted(THREE), policy: { whitelist } }, [ours, get(1), get(2)])).toEqual([]);
    expect(firing(counted(THREE), [get(0, { eventTime: 'soon' }), get(1), get(2)])).toEqual([]);
  });

  test('speaks for a record only where its count is reached', () => {
    const policy = policyOf(counted(THREE));
    const read = readRecord(get(0));
    expect(classify(policy, read)).toMatchObject({ severity: 'low', reasons: [{ by: 'unlisted' }] });
    expect(classify(policy, read, new Set(['many']))).toMatchObject({
      severity: 'high',
      code: 'detection_matched',
      reasons: [{ by: 'detection', id: 'many' }],
    });
  });

  test('of denied calls keeps its severity though the calls failed', () => {
    const parts = counted(THREE, { when: '{ $.errorCode = "*" }' });
    const failed = readRecord(get(0, { errorCode: 'ThrottlingException' }));
    expect(classify(policyOf(parts), failed, new Set(['many']))).toMatchObject({ severity: 'high', failed: 'failed' });
    expect(classify(policyOf(counted(THREE)), failed, new Set(['many']))).toMatchObject({ severity: 'low' });
  });

  property.prop([fc.array(fc.record({ second: fc.integer({ min: 0, max: 300 }), who: fc.constantFrom('a', 'b') }))])(
    'agrees with counting by hand, whatever the order',
    (calls) => {
      const records = calls.map(({ second, who }) => get(second, { userIdentity: { principalId: who } }));
      const byHand = ['a', 'b'].flatMap((who) => {
        const own = calls
          .map((call, position) => ({ ...call, position }))
          .filter((call) => call.who === who)
          .sort((x, y) => x.second - y.second || x.position - y.position);
        const found: number[] = [];
        let open: typeof own = [];
        for (const call of own) {
          open = [...open.filter(({ second }) => call.second - second <= 60), call];
          if (open.length < 3) continue;
          found.push(call.position);
          open = [];
        }
        return found;
      });
      expect(firing(counted(THREE), records)).toEqual(byHand.sort((x, y) => x - y));
    },
  );
});
