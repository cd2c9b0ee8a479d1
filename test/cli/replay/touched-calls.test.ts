import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { Replayed } from '../../../cli/replay/replayed.ts';
import { type Call, rulesOf, touchedOf } from '../../../cli/replay/touched-calls.ts';
import { readRecord } from '../../../function/core/record.ts';
import { detection, loadedOf, type SeveritiesParts } from '../../support/policies.ts';
import { insight, record } from '../../support/records.ts';

const rules = (parts: SeveritiesParts) => rulesOf({ policyVersion: 'test', ...loadedOf(parts).content });
const NAMES = ['GetUser', 'TagUser', 'CreateAccessKey', 'DeleteUser'];
const CALLS: readonly Call[] = [
  ...NAMES.map((eventName) => ({ kind: 'event' as const, eventSource: 'iam.amazonaws.com', eventName })),
  { kind: 'insight', eventSource: undefined, eventName: undefined },
];
const namesOf = (before: SeveritiesParts, after: SeveritiesParts) =>
  [...touchedOf(rules(before), rules(after), CALLS)].map(({ kind, eventName }) => eventName ?? kind);

const count = { atLeast: 2, withinMinutes: 10, by: ['principal'] };
const entry = (eventNames: readonly string[], parts: object = {}) => ({
  id: 'entry',
  eventNames,
  reason: 'A test.',
  ...parts,
});

describe('the calls that an edit touches', () => {
  it.each<[string, SeveritiesParts, SeveritiesParts, string[]]>([
    [
      'a row',
      { rows: { 'iam.amazonaws.com': { GetUser: 'low' } } },
      { rows: { 'iam.amazonaws.com': { GetUser: 'medium' } } },
      ['GetUser'],
    ],
    ['a detection', {}, { detections: [detection()] }, ['CreateAccessKey']],
    ['a whitelist entry', {}, { policy: { whitelist: [entry(['Tag*'])] } }, ['TagUser']],
    [
      'what is counted together',
      { detections: [detection({ eventNames: ['GetUser', 'TagUser'], count })] },
      {
        detections: [detection({ eventNames: ['GetUser', 'TagUser'], count })],
        policy: { whitelist: [entry(['GetUser'])] },
      },
      ['GetUser', 'TagUser'],
    ],
    ['the threshold', {}, { policy: { alertAt: 'critical' } }, NAMES],
    ['nothing', { detections: [detection()] }, { detections: [detection()] }, []],
  ])('are those of %s', (_case, before, after, expected) => {
    // Summaries of calls have no names to go by: they are always asked.
    expect(namesOf(before, after).toSorted()).toEqual([...expected, 'insight'].toSorted());
  });

  const parts: fc.Arbitrary<SeveritiesParts> = fc.record({
    rows: fc
      .record({ GetUser: fc.constantFrom('low', 'medium'), TagUser: fc.constantFrom('low', 'medium') })
      .map((events) => ({ 'iam.amazonaws.com': events })),
    policy: fc.record({
      whitelist: fc.subarray([
        entry(['GetUser'], { id: 'a' }),
        entry(['Tag*'], { id: 'b', accounts: ['111122223333'] }),
      ]),
      adjust: fc.subarray([
        entry(['GetUser'], { id: 'c', severity: 'critical', raise: true }),
        entry(['*'], { id: 'd', severity: 'low', hides: ['detection:x'], when: '{ $.awsRegion = "eu-west-1" }' }),
      ]),
    }),
    detections: fc.subarray([
      detection({ id: 'x', eventNames: ['TagUser', 'GetUser'], count }),
      detection({ id: 'y', eventNames: ['DeleteUser'], severity: 'critical' }),
    ]),
  });
  const values = fc.array(
    fc.record({
      name: fc.constantFrom(...NAMES),
      minute: fc.nat({ max: 59 }),
      region: fc.constantFrom('us-east-1', 'eu-west-1'),
    }),
    { maxLength: 30 },
  );

  property.prop([parts, parts, values])('are all whose records change', (before, after, list) => {
    const [was, is] = [rules(before), rules(after)];
    const records = [
      ...list.map(({ name, minute, region }, index) =>
        record({
          eventName: name,
          awsRegion: region,
          eventID: `event-${index}`,
          eventTime: `2026-11-20T02:${String(minute).padStart(2, '0')}:00Z`,
        }),
      ),
      insight(),
    ];
    const reads = records.map((raw) => ({ raw, read: readRecord(raw) }));
    const changesOf = (isAsked: (call: Call) => boolean) => {
      const replayed = new Replayed(was.policy, is.policy);
      for (const { raw, read } of reads) {
        if ('unreadable' in read || !isAsked(read)) continue;
        replayed.take({ read, raw, position: '', place: undefined });
      }
      replayed.finish();
      return replayed.comparison()?.changes;
    };
    const touched = [...touchedOf(was, is, CALLS)];
    const isTouched = (call: Call) =>
      touched.some(({ kind, eventName }) => kind === call.kind && (kind !== 'event' || eventName === call.eventName));
    expect(changesOf(isTouched)).toEqual(changesOf(() => true));
  });
});
