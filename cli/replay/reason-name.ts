import { neutralise } from '../../function/core/neutral.ts';
import type { Policy } from '../../function/core/policy.ts';
import { type ReadRecord, withoutApiVersion } from '../../function/core/record.ts';
import type { Reason } from '../../function/core/verdict.ts';

/** What spoke for a severity, as people look it up: a detection's id, else the call, `eventSource/eventName`. Neutralised. */
export interface ReasonName {
  readonly by: Reason['by'];
  readonly name: string;
}

/** The name of a reason that `policy` gave for a record. Versions of one call share a name, unless a row tells them apart. */
export function reasonNameOf(policy: Policy, read: ReadRecord, { by, id }: Reason): ReasonName {
  return { by, name: id ?? callOf(read, policy) };
}

/** `eventSource/eventName` of a record, neutralised; with a policy, the name its row has. */
export function callOf({ eventSource = '', eventName = '' }: ReadRecord, policy?: Policy): string {
  const listed = policy === undefined || policy.table.get(eventSource)?.has(eventName) === true;
  const name = listed ? eventName : (withoutApiVersion(eventName) ?? eventName);
  return `${neutralise(eventSource, 100) || 'no eventSource'}/${neutralise(name, 128) || 'no eventName'}`;
}
