import {
  accountOf,
  objectAt,
  type ReadRecord,
  sessionIssuerOf,
  textOf,
  withoutApiVersion,
} from '../../function/core/record.ts';
import { equalTo } from './equal-to.ts';

/** What an entry can name of a record: one call of one caller in one account, with one outcome. */
export interface KnownWork {
  readonly eventSource: string;
  /** Without its API version, so that an entry goes on to hold when AWS changes it. */
  readonly eventName: string;
  readonly account: string;
  /** As an entry's `principals` take it; null for an AWS service, which has no ARN. */
  readonly principal: string | null;
  /** What people call the caller: the last part of its ARN, or the service. */
  readonly caller: string;
  /** What is asked besides: the service that calls, and how the call ended. */
  readonly conditions: readonly string[];
}

/** Why no entry can be drafted for a finding. */
export type Unnamed = 'root' | 'no caller' | 'no call';

const EVENT_SOURCE = /^[A-Za-z0-9][A-Za-z0-9.-]*\.amazonaws\.com$/;
const EVENT_NAME = /^[A-Za-z0-9_:.-]{1,128}$/;
const DAY = /^\d{4}-\d\d-\d\dT/;
/** No wildcard, no blank: what an entry's `principals` compare as it is. */
const PLAIN_ARN = /^arn:[\x21-\x29\x2b-\x7e]{1,2000}$/;

/** What an entry about this record would name. Values are as recorded: an attacker may have chosen some of them. */
export function knownWorkOf({ record, kind, eventSource = '', eventName = '' }: ReadRecord): KnownWork | Unnamed {
  const name = withoutApiVersion(eventName) ?? eventName;
  const account = accountOf(record) ?? '';
  if (kind !== 'event' || !EVENT_SOURCE.test(eventSource) || !EVENT_NAME.test(name)) return 'no call';
  // An entry that expires holds for records that tell their time.
  if (!DAY.test(textOf(record['eventTime']) ?? '') || !/^\d{12}$/.test(account)) return 'no call';
  const outcome = outcomeCondition(record['errorCode']);
  if (outcome === undefined) return 'no call';
  const caller = callerOf(record);
  if (typeof caller === 'string') return caller;
  const { principal, conditions } = caller;
  return {
    eventSource,
    eventName: name,
    account,
    principal,
    caller: caller.name,
    conditions: [...conditions, outcome],
  };
}

interface Caller {
  readonly principal: string | null;
  readonly name: string;
  readonly conditions: readonly string[];
}

function callerOf(record: ReadRecord['record']): Caller | Unnamed {
  const identity = objectAt(record, 'userIdentity');
  if (identity?.['type'] === 'Root') return 'root';
  const arn = textOf(identity?.['arn']);
  if (arn !== undefined) {
    const principal = behind(arn, textOf(sessionIssuerOf(record)?.['arn']));
    if (!PLAIN_ARN.test(principal) || /:root$/.test(principal)) return PLAIN_ARN.test(principal) ? 'root' : 'no caller';
    return { principal, name: principal.slice(principal.lastIndexOf('/') + 1), conditions: [] };
  }
  const service = textOf(identity?.['invokedBy']);
  const isService = service !== undefined && identity?.['type'] === 'AWSService';
  const condition = isService ? equalTo('$.userIdentity.invokedBy', service) : undefined;
  if (service === undefined || condition === undefined) return 'no caller';
  // AWS sets the type; what a person makes a service do is recorded with that person.
  return { principal: null, name: service, conditions: ['$.userIdentity.type = "AWSService"', condition] };
}

/** The role behind a session, whose name its caller chooses; Identity Center names a session after its user. */
function behind(arn: string, issuer: string | undefined): string {
  const isPerson = issuer?.includes(':role/aws-reserved/sso.amazonaws.com/') === true;
  return issuer === undefined || isPerson ? arn : issuer;
}

/** A caller that is refused every night is not one that succeeds. */
function outcomeCondition(errorCode: unknown): string | undefined {
  if (errorCode === undefined) return '$.errorCode NOT EXISTS';
  return typeof errorCode === 'string' ? equalTo('$.errorCode', errorCode) : undefined;
}
