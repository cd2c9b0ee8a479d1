import { buildFinding } from '../../function/core/finding.ts';
import { neutralise } from '../../function/core/neutral.ts';
import type { Policy } from '../../function/core/policy.ts';
import { principalOf } from '../../function/core/principal.ts';
import { eventIdOf, type ReadRecord, textOf } from '../../function/core/record.ts';
import { subjectOf } from '../../function/core/render/subject.ts';
import type { Severity } from '../../function/core/severity.ts';
import type { Rated } from '../../function/core/verdict.ts';
import type { InputRecord } from '../input/records.ts';
import { callOf } from './reason-name.ts';

/** One record as a replay tells of it; every text neutralised and bounded. */
export interface Mention {
  readonly severity: Severity;
  readonly eventTime: string | null;
  readonly eventID: string | null;
  /** Where the record stands in the inputs. */
  readonly position: string;
  /** `eventSource/eventName`. */
  readonly call: string;
  readonly principal: string;
  /** Of the mail, when the record is published. */
  readonly subject: string | null;
}

/** A record as `policy` rated it. */
export function mentionOf(policy: Policy, source: InputRecord, read: ReadRecord, verdict: Rated): Mention {
  const { record } = read;
  const eventID = eventIdOf(record);
  // A subject depends on neither; the rest of the finding is not asked for.
  const context = { dedupKey: eventID ?? source.position, place: undefined, teams: [] };
  return {
    severity: verdict.severity,
    eventTime: shown(textOf(record['eventTime'])),
    eventID: shown(eventID),
    position: neutralise(source.position),
    call: callOf(read),
    principal: neutralise(principalOf(record).name),
    subject: verdict.action === 'publish' ? subjectOf(buildFinding(policy, read, verdict, context)) : null,
  };
}

function shown(text: string | undefined): string | null {
  return text === undefined ? null : neutralise(text, 64);
}
