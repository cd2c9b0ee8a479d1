import { describe, expect, it } from 'vitest';
import type { Verdict } from '../../function/core/verdict.ts';
import { linesOf, ORDINARY, RECORDS_AT_HAND, SAMPLES, SKIPPED } from './corpora.ts';
import { isSentence, reviewed, type SampleAlert } from './reviewed.ts';
import { isAtLeast, shippedPolicy, sourcesOf, verdictOn, verdictsOn } from './shipped.ts';

const isHigh = (verdict: Verdict | undefined) => verdict !== undefined && isAtLeast(verdict, 'high');

/** Alerts a team bears for a year, of a thousand records. */
const MOST_PER_THOUSAND = 5;

describe.skipIf(!RECORDS_AT_HAND)(`real records outside an attack ${SKIPPED}`, async () => {
  const policy = await shippedPolicy();

  it(`alert at most ${MOST_PER_THOUSAND} times in 1,000 where the work is ordinary`, () => {
    const records = linesOf(ORDINARY);
    const verdicts = verdictsOn(
      policy,
      records.map(({ record }) => record),
    );
    const alerts = records.filter((_, index) => isHigh(verdicts[index]));
    const rate = (1_000 * alerts.length) / records.length;
    const named = alerts.map(({ line, record }) => `\n  line ${line}: ${record['eventName']}`).join('');
    process.stdout.write(
      `${alerts.length} alerts in ${records.length} ordinary records: ${rate.toFixed(1)} per 1,000${named}\n`,
    );
    expect(rate).toBeLessThanOrEqual(MOST_PER_THOUSAND);
  });

  it('alert in the other samples only where that was reviewed', () => {
    const alerts = linesOf(SAMPLES).flatMap(({ line, record }): Omit<SampleAlert, 'why'>[] => {
      const verdict = verdictOn(policy, record);
      if (!isAtLeast(verdict, 'high')) return [];
      const { eventID, eventName } = record;
      return [
        {
          line,
          ...(typeof eventID === 'string' ? { eventID } : {}),
          eventName: String(eventName),
          severity: String(verdict.severity),
          reasons: sourcesOf(verdict),
        },
      ];
    });
    const rows = reviewed.samples();
    expect(alerts).toEqual(rows.map(({ why: _, ...row }) => row));
    expect(rows.filter(({ why }) => !isSentence(why))).toEqual([]);
  });
});
