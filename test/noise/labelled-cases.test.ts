import { describe, expect, it } from 'vitest';
import { CASES_AT_HAND, type LabelledCase, labelledCases, SKIPPED } from './corpora.ts';
import { type Disagreement, isSentence, reviewed } from './reviewed.ts';
import { isAtLeast, shippedPolicy, verdictOn } from './shipped.ts';

const AIM = 0.9;

const isWellFormed = ({ event }: LabelledCase) =>
  typeof event['eventSource'] === 'string' && typeof event['eventName'] === 'string';

describe.skipIf(!CASES_AT_HAND)(`records that other rules are tested with ${SKIPPED}`, async () => {
  const policy = await shippedPolicy();
  const { excluded, disagreements } = reviewed.labelled();
  const all = labelledCases();
  const without = new Set(excluded.map(({ rule_id }) => rule_id));
  const cases = all.filter((one) => isWellFormed(one) && !one.mocked && !without.has(one.rule_id));

  const found = cases.flatMap(({ rule_id, test_name, expected, event }): Omit<Disagreement, 'why'>[] => {
    const verdict = verdictOn(policy, event);
    const agrees = expected ? isAtLeast(verdict, 'medium') : !isAtLeast(verdict, 'high');
    return agrees ? [] : [{ rule_id, test_name, expected, severity: verdict.severity ?? verdict.verdict }];
  });

  it(`are medium or above where the rule fires and below high where it does not, in ${AIM * 100} % or more`, () => {
    const agreed = cases.length - found.length;
    const share = ((100 * agreed) / cases.length).toFixed(1);
    process.stdout.write(`${agreed} of ${cases.length} labelled cases agree (${share} %)\n`);
    expect(agreed / cases.length).toBeGreaterThanOrEqual(AIM);
  });

  it('differ from their label only where that was reviewed', () => {
    const key = ({ rule_id, test_name }: Pick<Disagreement, 'rule_id' | 'test_name'>) => `${rule_id} / ${test_name}`;
    const sorted = <T extends Pick<Disagreement, 'rule_id' | 'test_name'>>(rows: readonly T[]) =>
      rows.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
    expect(sorted(found)).toEqual(sorted(disagreements.map(({ why: _, ...row }) => row)));
  });

  it('are left out, rule by rule, for a reason', () => {
    const rules = new Set(all.map(({ rule_id }) => rule_id));
    expect(excluded.filter(({ rule_id }) => !rules.has(rule_id))).toEqual([]);
    expect([...excluded, ...disagreements].filter(({ why }) => !isSentence(why))).toEqual([]);
  });
});
