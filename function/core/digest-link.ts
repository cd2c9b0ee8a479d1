import { consoleHost } from './console-links.ts';
import type { Digest } from './digest.ts';
import { withoutApiVersion } from './record.ts';

/** How far around the window is looked, in milliseconds: records arrive after their time. */
const AROUND = 60 * 60 * 1000;

/** Ids or names in one query; more make the link too long to be clicked. */
const MAX_LISTED = 25;

/** Longer links are cut by some program on their way; only values no AWS service has make one. */
const MAX_LINK = 8_000;

/**
 * A link to a Logs Insights query on what was held back; undefined where the log group or its console is unknown, or the
 * link would be too long to follow.
 */
export function digestLink(digest: Digest): string | undefined {
  const { place, from, to } = digest.window;
  const host = place && consoleHost(place.region);
  if (place === undefined || host === undefined) return undefined;
  const detail = [
    `end~'${encode(isoOf(to + AROUND))}`,
    `start~'${encode(isoOf(from - AROUND))}`,
    `timeType~'ABSOLUTE`,
    `tz~'UTC`,
    `editorString~'${encode(digestQuery(digest))}`,
    `source~(~'${encode(place.logGroup)})`,
  ].join('~');
  const link = `https://${host}/cloudwatch/home?region=${place.region}#logsV2:logs-insights?queryDetail=~(${detail})`;
  return link.length <= MAX_LINK ? link : undefined;
}

/** The query text itself, for those who paste it. Every value is quoted, so it stays one string whatever it holds. */
export function digestQuery(digest: Digest): string {
  const filters = digest.window.kind === 'storm' ? stormFilters(digest) : ceilingFilters(digest);
  const fields = 'fields @timestamp, eventID, eventName, userIdentity.arn, awsRegion, sourceIPAddress, errorCode';
  return [fields, ...filters.map((filter) => `filter ${filter}`), 'sort @timestamp asc', 'limit 10000'].join(' | ');
}

function stormFilters({ window: { eventSource, eventName, accountId } }: Digest): string[] {
  const base = withoutApiVersion(eventName ?? '');
  return [
    ...(eventSource ? [`eventSource = ${quoted(eventSource)}`] : []),
    ...(eventName ? [base ? `eventName like ${quoted(base)}` : `eventName = ${quoted(eventName)}`] : []),
    ...(accountId ? [`recipientAccountId = ${quoted(accountId)}`] : []),
  ];
}

function ceilingFilters({ held, count }: Digest): string[] {
  // Repeats of one target have ids that are not kept.
  const ids = new Set(count <= MAX_LISTED ? held.flatMap(({ eventID }) => eventID ?? []) : []);
  if (ids.size > 0 && ids.size === count) return [among('eventID', ids)];
  const names = new Set(held.flatMap(({ attributes }) => attributes?.['eventName']?.StringValue ?? []));
  return names.size > 0 && names.size <= MAX_LISTED ? [among('eventName', names)] : [];
}

function among(field: string, values: ReadonlySet<string>): string {
  return `${field} in [${[...values].map(quoted).join(', ')}]`;
}

function quoted(value: string): string {
  return `"${value.replace(/[\\"]/g, '\\$&').replace(/[\p{Cc}\p{Cs}]/gu, '?')}"`;
}

/** Times outside what a date can hold come from no clock of AWS; they become the nearest that can be written. */
function isoOf(time: number): string {
  return new Date(Math.min(Math.max(time, 0), 253_402_300_799_999)).toISOString();
}

/** The console's own spelling of a string in a link: everything but letters and digits as `*` and two hex digits. */
function encode(text: string): string {
  return Buffer.from(text, 'utf8')
    .toString('latin1')
    .replace(/[^A-Za-z0-9]/g, (character) => `*${character.charCodeAt(0).toString(16).padStart(2, '0')}`);
}
