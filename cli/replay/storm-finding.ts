import { neutralise } from '../../function/core/neutral.ts';
import type { Policy } from '../../function/core/policy.ts';
import { accountOf, plainIdOf, type ReadRecord, textOf } from '../../function/core/record.ts';
import type { Severity } from '../../function/core/severity.ts';
import { stormItemOf, stormKey, stormWindow } from '../../function/core/storm-key.ts';
import { targetOf } from '../../function/core/target.ts';
import type { Rated } from '../../function/core/verdict.ts';
import type { InputRecord } from '../input/value-records.ts';
import { millisecondsOf } from './facts.ts';
import { sha256 } from './hashes.ts';
import { type ReasonName, reasonNameOf } from './reason-name.ts';
import { recordText } from './record-text.ts';

/** Minutes of a window, where the configuration does not say otherwise. */
const WINDOW_MINUTES = 60;

/**
 * All that storm control, and the choice of what to read first, look at of one published record: plain data, every text of
 * the record hashed, so that long ones take no more room than short ones.
 */
export interface StormFinding {
  /** The storm and its window. */
  readonly storm: string;
  /** End of the window in milliseconds. */
  readonly end: number;
  readonly key: string;
  readonly principal: string;
  readonly target: string;
  readonly marks: readonly string[];
  readonly severity: Severity;
  readonly reason: ReasonName;
  readonly account: string | null;
}

/** The finding of a published record as storms see it. */
export function stormFindingOf(policy: Policy, source: InputRecord, read: ReadRecord, verdict: Rated): StormFinding {
  const { record } = read;
  const accountId = accountOf(record);
  const dedupKey = plainIdOf(record) ?? recordText(source) ?? source.position;
  const subject = { dedupKey, verdict, read, accountId, region: textOf(record['awsRegion']), target: targetOf(record) };
  const { principal, target, marks, severity } = stormItemOf(subject);
  const stormHash = sha256(stormKey(subject));
  const window = stormWindow(stormHash, millisecondsOf(record['eventTime']) ?? 0, WINDOW_MINUTES);
  return {
    storm: `${stormHash.slice(0, 32)}#${window.index}`,
    end: window.end,
    key: sha256(dedupKey).slice(0, 32),
    principal: sha256(principal).slice(0, 32),
    target: sha256(target).slice(0, 32),
    marks: marks.map(markHash),
    severity,
    reason: reasonNameOf(policy, read, verdict.reasons[0]),
    account: accountId === undefined ? null : neutralise(accountId, 64),
  };
}

// There are as many marks as detections, and few more.
const marks = new Map<string, string>();

function markHash(mark: string): string {
  const known = marks.get(mark) ?? sha256(mark).slice(0, 8);
  marks.set(mark, known);
  return known;
}
