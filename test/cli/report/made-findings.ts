import { standingOf } from '../../../cli/replay/standing.ts';
import type { Stored } from '../../../cli/replay/stored.ts';
import { classify } from '../../../function/core/classify.ts';
import { buildFinding } from '../../../function/core/finding.ts';
import { neutralise } from '../../../function/core/neutral.ts';
import type { Policy } from '../../../function/core/policy.ts';
import { principalOf } from '../../../function/core/principal.ts';
import { accountOf, readRecord, textOf } from '../../../function/core/record.ts';
import { subjectOf } from '../../../function/core/render/subject.ts';
import type { Verdict } from '../../../function/core/verdict.ts';

/** A record and what a policy makes of it. */
export interface Rating {
  readonly record: Readonly<Record<string, unknown>>;
  readonly verdict: Verdict;
}

/** Records as a policy rates them one by one. */
export function ratingsOf(policy: Policy, records: readonly Readonly<Record<string, unknown>>[]): readonly Rating[] {
  return records.map((record) => ({ record, verdict: classify(policy, readRecord(record)) }));
}

/** The findings among them as a replay stores them; of like ones of an hour, the sixth and further are held back. */
export function storedOf(policy: Policy, ratings: readonly Rating[]): readonly Stored[] {
  const storms = new Map<string, number>();
  return ratings.flatMap(({ record, verdict }, index) => {
    const read = readRecord(record);
    if ('unreadable' in read || verdict.verdict !== 'rated' || verdict.action !== 'publish') return [];
    const eventTime = textOf(record['eventTime']) ?? null;
    const eventID = textOf(record['eventID']) ?? null;
    const finding = buildFinding(policy, read, verdict, { dedupKey: String(index), place: undefined, teams: [] });
    const call = neutralise(`${record['eventSource']}/${record['eventName']}`);
    const storm = `${call} ${eventTime?.slice(0, 13)}`;
    storms.set(storm, (storms.get(storm) ?? 0) + 1);
    const text = (name: string) => {
      const value = textOf(record[name]);
      return value === undefined ? null : neutralise(value);
    };
    return {
      time: eventTime === null ? 0 : Date.parse(eventTime),
      change: null,
      current: standingOf(verdict),
      proposed: null,
      mention: {
        severity: verdict.severity,
        eventTime,
        eventID,
        position: `history.json#[${index}]`,
        call,
        principal: neutralise(principalOf(read.record).name),
        subject: subjectOf(finding),
      },
      code: verdict.code,
      reasons: verdict.reasons.map(({ by, id, explanation }) => ({
        by,
        name: id ?? call,
        attack: explanation?.techniques ?? [],
      })),
      account: accountOf(read.record) ?? null,
      region: text('awsRegion'),
      sourceIPAddress: text('sourceIPAddress'),
      userAgent: text('userAgent'),
      errorCode: text('errorCode'),
      told: (storms.get(storm) ?? 0) > 5 ? ('held-back' as const) : ('at-once' as const),
      record: JSON.stringify(record),
    };
  });
}

/** Findings as a page takes them. */
export function eachOf(stored: readonly Stored[]): { each(): AsyncIterable<Stored> } {
  return {
    async *each() {
      yield* stored;
    },
  };
}
