import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { millisecondsOf } from '../../../cli/replay/facts.ts';
import { Messages, type MessagesMemory } from '../../../cli/replay/messages.ts';
import type { Told } from '../../../cli/replay/stored.ts';
import { stormFindingOf } from '../../../cli/replay/storm-finding.ts';
import { classify } from '../../../function/core/classify.ts';
import { readRecord } from '../../../function/core/record.ts';
import { detection, policyOf } from '../../support/policies.ts';
import { record } from '../../support/records.ts';

const POLICY = policyOf({ detections: [detection({ eventSource: undefined, eventNames: ['Call*'] })] });
const START = Date.parse('2026-11-20T02:00:00Z');
const MINUTE = 60_000;

const SMALL = { waiting: 100, windows: 20, known: 1_000 };

const findingOf = (raw: object) => {
  const read = readRecord(raw);
  if ('unreadable' in read) throw new Error(read.unreadable);
  const verdict = classify(POLICY, read);
  if (verdict.verdict !== 'rated') throw new Error(verdict.verdict);
  const source = { read, position: 'a', raw, place: undefined };
  const time = millisecondsOf(read.record['eventTime']) ?? Number.NEGATIVE_INFINITY;
  return { time, finding: stormFindingOf(POLICY, source, read, verdict) };
};

/** In order of time, as a replay brings them. */
const taken = (values: readonly object[], most?: MessagesMemory, tell?: (number: number, told: Told) => void) => {
  const messages = new Messages(tell, most);
  const findings = values.map(findingOf).sort((a, b) => a.time - b.time);
  for (const { time, finding } of findings) messages.add(time, finding);
  return messages;
};
const at = (minute: number, number: number, parts: object = {}) =>
  record({
    eventName: 'CallOne',
    eventTime: new Date(START + minute * MINUTE).toISOString(),
    eventID: `event-${number}`,
    ...parts,
  });

describe('messages after storm control', () => {
  it('stay few in a long storm, over more findings than wait together', () => {
    const storm = Array.from({ length: 990 }, (_, index) => at(index / 990, index));
    const figures = taken(storm, SMALL).figures();
    expect(figures).toEqual({ messages: 4, atOnce: 3, heldBack: 987, digests: 1, repeated: 0, isExact: true });
    expect(taken(storm).figures()).toEqual(figures);
  });

  it('are exact however long the input, and at most so many where more comes at one time than is remembered', () => {
    const days = Array.from({ length: 2_500 }, (_, index) => at(index * 60 * 24, index));
    expect(taken(days, SMALL).figures()).toMatchObject({ atOnce: 2_500, isExact: true });
    const crowd = Array.from({ length: 1_002 }, (_, index) => at(0, index));
    expect(taken(crowd, SMALL).figures()).toMatchObject({ isExact: false });
    const storms = Array.from({ length: 100 }, (_, index) => at(0, index, { recipientAccountId: String(index) }));
    expect(
      taken([...storms, ...storms.map((one) => ({ ...one, eventID: `${one['eventID']}-2` }))], SMALL).figures(),
    ).toMatchObject({
      isExact: false,
    });
  });

  it('are decided of each finding, which is told by its number', () => {
    const told: Told[] = [];
    const values = [...Array.from({ length: 12 }, (_, index) => at(index / 60, index)), at(1 / 60, 1)];
    taken(values, SMALL, (number, word) => {
      told[number] = word;
    }).figures();
    const held = Array.from({ length: 7 }, () => 'held-back');
    expect(told).toEqual(['at-once', 'held-back', 'repeated', ...held, 'at-once', 'held-back', 'held-back']);
  });

  it('are told of records nested too deep to be written', () => {
    const raw: unknown = JSON.parse(`${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`);
    const deep = { ...at(0, 1, { eventID: undefined }), requestParameters: raw };
    expect(taken([deep]).figures()).toMatchObject({ atOnce: 1 });
  });

  it('of findings without a time share one window', () => {
    const values = Array.from({ length: 30 }, (_, index) => at(0, index, { eventTime: 'soon' }));
    expect(taken(values).figures()).toMatchObject({ atOnce: 2, heldBack: 28, digests: 1 });
  });

  it('of records without an eventID are told apart by their whole text', () => {
    const [one, other] = [at(0, 1, { eventID: undefined }), at(1, 2, { eventID: undefined })];
    expect(taken([one, other, one]).figures()).toMatchObject({ atOnce: 1, heldBack: 1, repeated: 1 });
  });

  property.prop([fc.array(fc.record({ minute: fc.nat({ max: 300 }), number: fc.nat({ max: 60 }) }))])(
    'add up, asked once or often',
    (calls) => {
      const messages = taken(calls.map(({ minute, number }) => at(minute, number)));
      const { atOnce, heldBack, repeated, digests, isExact } = messages.figures();
      expect(atOnce + heldBack + repeated).toBe(calls.length);
      expect(digests).toBeLessThanOrEqual(heldBack);
      expect(isExact).toBe(true);
      expect(messages.figures()).toEqual(messages.figures());
    },
  );
});
