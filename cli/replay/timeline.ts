import { neutralise } from '../../function/core/neutral.ts';
import { outcomeOf } from '../../function/core/outcome.ts';
import type { ReadRecord } from '../../function/core/record.ts';
import { textOf } from '../../function/core/record.ts';
import type { Verdict } from '../../function/core/verdict.ts';
import { factsOf } from './facts.ts';
import { callOf } from './reason-name.ts';

/** The records that `--timeline` can name: those published, those logged or published, all. */
export const TIMELINES = ['findings', 'logged', 'all'] as const;

/** One of them. */
export type TimelineKind = (typeof TIMELINES)[number];

/**
 * A record in one line, for an incident: time, severity or what became of it, account, Region, principal, call, outcome,
 * address, two spaces between them. Neutralised. Undefined where the timeline leaves it out.
 */
export function timelineLine(kind: TimelineKind, read: ReadRecord, verdict: Verdict): string | undefined {
  if (!isOf(kind, verdict)) return undefined;
  const { record } = read;
  const { eventTime, account, region, principal } = factsOf(read);
  const errorCode = textOf(record['errorCode']);
  const outcome = outcomeOf(record);
  const address = textOf(record['sourceIPAddress']);
  return [
    (eventTime ?? 'no eventTime').padEnd(20),
    (verdict.verdict === 'whitelisted' ? 'whitelisted' : (verdict.severity ?? verdict.verdict)).padEnd(13),
    account ?? 'no account',
    region ?? 'no Region',
    principal,
    callOf(read),
    errorCode === undefined ? outcome : `${outcome} (${neutralise(errorCode, 64)})`,
    address === undefined ? 'no address' : neutralise(address, 64),
  ].join('  ');
}

function isOf(kind: TimelineKind, { action }: Verdict): boolean {
  return kind === 'all' || action === 'publish' || (kind === 'logged' && action === 'log');
}
