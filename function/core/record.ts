/**
 * One CloudTrail record exactly as it came: nothing is renamed, dropped or converted, and no field is trusted to be there.
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
 */
export type CloudTrailRecord = Readonly<Record<string, unknown>>;

/**
 * A record with the two names classification needs. `kind` tells records of single calls from the two summaries that
 * CloudTrail writes without both names: Insights (names taken from `insightDetails`) and aggregated data events.
 */
export interface ReadRecord {
  readonly record: CloudTrailRecord;
  readonly kind: 'event' | 'insight' | 'aggregated';
  readonly eventSource: string | undefined;
  readonly eventName: string | undefined;
}

/** Why a value is not a CloudTrail record; `unreadable` never holds a part of the value itself. */
export interface Unreadable {
  readonly unreadable: string;
  /** The value as it came, when it is an object that only lacks a name. */
  readonly record?: CloudTrailRecord;
}

/**
 * One record of a delivery, read or found unreadable, with its place in the event (`logEvents[3].message`). `raw` is what
 * it came as, text or value, to tell records without an eventID apart.
 */
export interface SourceRecord {
  /** Equal at every access, not the same object: what keeps many records keeps their sources, not what was read of them. */
  readonly read: ReadRecord | Unreadable;
  readonly position: string;
  readonly raw: unknown;
}

/** True for a JSON object, false for null and arrays. */
export function isObject(value: unknown): value is CloudTrailRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A non-empty string, else undefined. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The object at `key`, else undefined: absent, null, array and scalar are alike. */
export function objectAt(parent: CloudTrailRecord | undefined, key: string): CloudTrailRecord | undefined {
  const value = parent?.[key];
  return isObject(value) ? value : undefined;
}

/** Reads one parsed JSON value as a CloudTrail record. Total: any value gives a record or a reason. */
export function readRecord(value: unknown): ReadRecord | Unreadable {
  if (!isObject(value)) return { unreadable: `not an object but ${kindOf(value)}` };
  const { eventSource, eventName } = value;
  if (typeof eventSource === 'string' && typeof eventName === 'string') {
    return { record: value, kind: 'event', eventSource, eventName };
  }
  if (value['eventCategory'] === 'Insight' || value['eventType'] === 'AwsCloudTrailInsight') {
    const details = objectAt(value, 'insightDetails');
    return {
      record: value,
      kind: 'insight',
      eventSource: textOf(details?.['eventSource']),
      eventName: textOf(details?.['eventName']),
    };
  }
  if (value['eventCategory'] === 'Aggregated' || value['eventType'] === 'AwsAggregatedEvent') {
    return { record: value, kind: 'aggregated', eventSource: textOf(eventSource), eventName: textOf(eventName) };
  }
  return {
    unreadable: typeof eventSource === 'string' ? 'no string eventName' : 'no string eventSource',
    record: value,
  };
}

/**
 * The longest log event read, in UTF-16 code units: CloudWatch Logs takes 1 MB, and a longer text could take more memory
 * than the function has.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html
 */
export const MAX_MESSAGE_LENGTH = 8 * 1024 * 1024;

/**
 * Reads the text of one log event as a CloudTrail record. Total: what is not JSON gives a reason without its content. Of a
 * key written twice in one object the last one counts, as for every reader built on `JSON.parse`.
 */
export function readMessage(text: string): ReadRecord | Unreadable {
  if (text.length > MAX_MESSAGE_LENGTH) return { unreadable: `over ${MAX_MESSAGE_LENGTH} characters` };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's own message quotes the text, which an attacker may have written.
    return { unreadable: 'not JSON' };
  }
  return readRecord(value);
}

/** `eventID`, or the `eventId` that aggregated events carry. */
export function eventIdOf(record: CloudTrailRecord): string | undefined {
  return textOf(record['eventID']) ?? textOf(record['eventId']);
}

/**
 * The record's id where it has the form of one: CloudTrail's are UUIDs. Anything else is no name for a record that others
 * could rely on, and undefined.
 */
export function plainIdOf(record: CloudTrailRecord): string | undefined {
  const id = eventIdOf(record);
  return id !== undefined && /^[0-9A-Za-z-]{1,64}$/.test(id) ? id : undefined;
}

/**
 * A time as CloudTrail writes it (`2026-11-20T02:41:00Z`), else undefined: what else the engine would take for a date
 * depends on where it runs.
 */
export function timeOf(eventTime: string | undefined): Date | undefined {
  if (eventTime === undefined || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/.test(eventTime)) return undefined;
  const time = new Date(eventTime);
  return Number.isNaN(time.getTime()) ? undefined : time;
}

/** The account the record was delivered to, else the account of the caller. */
export function accountOf(record: CloudTrailRecord): string | undefined {
  return (
    textOf(record['recipientAccountId']) ??
    textOf(objectAt(record, 'userIdentity')?.['accountId']) ??
    textOf(record['accountId'])
  );
}

/** The role behind an assumed-role session. `{}` is common and gives undefined fields. */
export function sessionIssuerOf(record: CloudTrailRecord): CloudTrailRecord | undefined {
  return objectAt(objectAt(objectAt(record, 'userIdentity'), 'sessionContext'), 'sessionIssuer');
}

/**
 * The event name without a trailing API version (`UpdateFunctionCode20150331v2`, `CreateDistribution2020_05_31`), or
 * undefined when it carries none.
 */
export function withoutApiVersion(eventName: string): string | undefined {
  const last = eventName.charCodeAt(eventName.length - 1);
  if (last < 0x30 || last > 0x39 || eventName.length > 128) return undefined;
  const base = eventName.replace(/(?:20\d{6}(?:v\d{1,3})?|20\d\d_\d\d_\d\d)$/, '');
  return base === '' || base === eventName ? undefined : base;
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'an array' : `a ${typeof value}`;
}
