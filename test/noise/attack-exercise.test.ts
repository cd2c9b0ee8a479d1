import { describe, expect, it } from 'vitest';
import { compareSeverities, type Severity } from '../../function/core/severity.ts';
import { EXERCISE, type Line, linesOf, RECORDS_AT_HAND, SKIPPED } from './corpora.ts';
import { type AttackStep, isSentence, reviewed } from './reviewed.ts';
import { messagesOf, shippedPolicy, shippedSeverities, verdictsOn } from './shipped.ts';

describe.skipIf(!RECORDS_AT_HAND)(`an account under attack for 55 minutes ${SKIPPED}`, async () => {
  const policy = await shippedPolicy();
  const pattern = new RegExp((await shippedSeverities()).policy.deletions.pattern);
  const lines = linesOf(EXERCISE);
  const records = lines.map(({ record }) => record);
  const counted = verdictsOn(policy, records);
  const verdicts = new Map(lines.map(({ line }, index) => [line, counted[index]]));
  const isPublished = ({ line }: Pick<Line, 'line'>) => verdicts.get(line)?.action === 'publish';
  const { steps, findings, messages, deletions } = reviewed.attack();

  const linesIn = (step: AttackStep) =>
    step.lines.flatMap((part) =>
      typeof part === 'number' ? [part] : Array.from({ length: part[1] - part[0] + 1 }, (_, index) => part[0] + index),
    );
  const found = steps.map((step) => {
    const own = linesIn(step);
    const severities = own.flatMap((line): readonly Severity[] => {
      const severity = verdicts.get(line)?.severity;
      return severity ? [severity] : [];
    });
    return {
      ...step,
      published: own.some((line) => isPublished({ line })),
      severity: severities.toSorted(compareSeverities).at(-1),
    };
  });

  it('publishes the steps of the attack as reviewed', () => {
    const published = found.filter((step) => step.published);
    process.stdout.write(
      `${published.length} of ${steps.length} attack steps published, ` +
        `${lines.filter(isPublished).length} findings, ` +
        `${messagesOf(policy, records).messages} messages a person would have received\n`,
    );
    expect(found).toEqual(steps);
  });

  it('says of each step that is not published why', () => {
    expect(steps.filter((step) => isSentence(step.why) === step.published)).toEqual([]);
    expect(lines.filter(isPublished)).toHaveLength(findings);
    expect(messagesOf(policy, records).messages).toBe(messages);
  });

  it('alerts no failed deletion, and of the others those that destroy what nothing brings back', () => {
    const named = lines.filter(({ record }) => pattern.test(String(record['eventName'])));
    const failed = named.filter(({ record }) => record['errorCode'] !== undefined);
    const alerted = named.filter(isPublished);
    process.stdout.write(
      `of ${named.length} deletions by name, ${failed.length} of them failed, ${alerted.length} published\n`,
    );
    expect(failed.filter(isPublished)).toEqual([]);
    const counts: Record<string, number> = {};
    for (const { record } of alerted) {
      const name = `${record['eventSource']}/${record['eventName']}`;
      counts[name] = (counts[name] ?? 0) + 1;
    }
    expect(counts).toEqual(deletions);
  });
});
