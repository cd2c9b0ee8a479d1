import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { startLedger } from '../support/ledger.ts';
import { keysOn, runWith } from '../support/ledger-run.ts';
import { eventOf, TIME } from '../support/payloads.ts';
import { detection, policyOf } from '../support/policies.ts';
import { record } from '../support/records.ts';
import { replayOf } from './replay/rated-inputs.ts';

const POLICY = policyOf({
  rows: { 'iam.amazonaws.com': { GetUser: 'informational' } },
  detections: [
    detection(),
    detection({
      id: 'users-read-in-bulk',
      eventNames: ['GetUser'],
      count: { atLeast: 4, withinMinutes: 1, by: ['principal', 'sourceIPAddress'] },
    }),
  ],
});

/** Records in order of their time, within one minute and so within one window of a storm, some of which come twice. */
const trail = fc
  .array(
    fc.record({
      eventName: fc.constantFrom('GetUser', 'GetUser', 'CreateAccessKey', 'DeleteUser'),
      sourceIPAddress: fc.constantFrom('192.0.2.1', '192.0.2.2'),
      userName: fc.nat({ max: 20 }).map((user) => `user-${user}`),
      second: fc.nat({ max: 59 }),
      repeats: fc.constantFrom(0, 0, 0, 0, 1),
    }),
    { minLength: 60, maxLength: 120, size: 'max' },
  )
  .map((calls) =>
    calls
      .sort((a, b) => a.second - b.second)
      .flatMap(({ eventName, sourceIPAddress, userName, second, repeats }, index) => {
        const [requestParameters, eventTime] = [
          { userName },
          new Date(Date.parse(TIME) + second * 1_000).toISOString(),
        ];
        const eventID = `event-${index}`;
        const one = record({ eventName, sourceIPAddress, requestParameters, eventTime, eventID });
        return [one, ...Array.from({ length: repeats }, () => one)];
      }),
  );

describe('replay', () => {
  test.prop([trail, fc.array(fc.nat(), { minLength: 1, maxLength: 6 })], { numRuns: 6 })(
    'tells what the function sends and holds back, however the records are cut into events',
    async (records, cuts) => {
      const ends = [...cuts.map((cut) => cut % (records.length + 1)), records.length].sort((a, b) => a - b);
      const ledger = await startLedger();
      try {
        const told = { atOnce: 0, heldBack: 0 };
        for (const [index, end] of ends.entries()) {
          const event = eventOf(records.slice(ends[index - 1] ?? 0, end));
          const variables = { MESSAGES_PER_MINUTE: '600' };
          const { sent, figures } = await runWith(ledger, event, { parts: { policy: POLICY }, variables });
          told.atOnce += keysOn(sent).length;
          told.heldBack += figures?.['findings/heldBack'] ?? 0;
        }
        const { atOnce, heldBack } = replayOf(POLICY, records).messages;
        expect(told).toEqual({ atOnce, heldBack });
        const digests = (await ledger.rows()).filter(({ pk }) => pk === 'windows');
        expect(digests).toHaveLength(replayOf(POLICY, records).messages.digests);
      } finally {
        await ledger.close();
      }
    },
  );
});
