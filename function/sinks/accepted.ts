import { hash } from 'node:crypto';
import type { QueryPlace } from '../core/console-links.ts';
import { buildFinding, type Finding } from '../core/finding.ts';
import type { Policy } from '../core/policy.ts';
import { plainIdOf } from '../core/record.ts';
import type { TeamInterests } from '../core/teams.ts';
import type { Rated } from '../core/verdict.ts';
import type { Classified } from './sink.ts';

/**
 * A finding in the making: built anew for each use, from a record read anew, since thousands of finished ones would not fit
 * into memory.
 */
export interface Accepted {
  readonly verdict: Rated;
  readonly place: QueryPlace | undefined;
  readonly dedupKey: string;
  /** The same at every call. */
  finding(): Finding;
}

/** What is to be published of a classified record; undefined where nothing is. */
export function acceptedOf(
  policy: Policy,
  teams: readonly TeamInterests[],
  { source, verdict, place }: Classified,
): Accepted | undefined {
  if (verdict.action !== 'publish' || 'unreadable' in source.read) return undefined;
  const dedupKey = plainIdOf(source.read.record) ?? fingerprint(source.raw);
  return {
    verdict,
    place,
    dedupKey,
    finding() {
      const { read } = source;
      if ('unreadable' in read) throw new TypeError('a record that could be read can be read again');
      return buildFinding(policy, read, verdict, { dedupKey, place, teams });
    },
  };
}

/** The findings at these places, each built when it is asked for: thousands of finished ones would not fit into memory. */
export function* findingsOf(places: readonly number[], accepted: readonly Accepted[]): Generator<Finding> {
  for (const index of places) {
    const one = accepted[index];
    if (one !== undefined) yield one.finding();
  }
}

/** A stand-in for the eventID of records without a plain one: equal for equal records. */
function fingerprint(raw: unknown): string {
  const text = typeof raw === 'string' ? raw : JSON.stringify(raw);
  return `sha256:${hash('sha256', text)}`;
}
