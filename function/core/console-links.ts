/** Where the records of a delivery can be queried. */
export interface QueryPlace {
  readonly region: string;
  readonly logGroup: string;
}

/**
 * The console's host of each partition, by the Region's prefix; partitions without a public console have none.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
 */
export function consoleHost(region: string): string | undefined {
  if (!/^[a-z]{2,4}(?:-[a-z]+){1,3}-\d{1,2}$/.test(region)) return undefined;
  if (region.startsWith('us-gov-')) return `${region}.console.amazonaws-us-gov.com`;
  if (region.startsWith('cn-')) return `${region}.console.amazonaws.cn`;
  return /^(?:us-iso|eu-iso|eusc-)/.test(region) ? undefined : `${region}.console.aws.amazon.com`;
}

/** The record in CloudTrail's event history (90 days, management events). Undefined when an id could be anything else. */
export function eventLink(region: string, eventID: string): string | undefined {
  const host = consoleHost(region);
  if (host === undefined || !/^[0-9A-Za-z-]{1,64}$/.test(eventID)) return undefined;
  return `https://${host}/cloudtrailv2/home?region=${region}#/events/${eventID}`;
}

/** How far around a record its principal's other calls are looked for, in milliseconds. */
const AROUND = 60 * 60 * 1000;

/**
 * A Logs Insights query on records whose `field` has `value`, within an hour either side of `time`. The value is quoted,
 * so it stays one string of the query whatever it holds; one over 512 characters has no link.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html
 */
export function queryLink(place: QueryPlace, field: string, value: string, time: Date): string | undefined {
  const host = consoleHost(place.region);
  if (host === undefined || value.length > 512) return undefined;
  const detail = [
    `end~'${encode(new Date(time.getTime() + AROUND).toISOString())}`,
    `start~'${encode(new Date(time.getTime() - AROUND).toISOString())}`,
    `timeType~'ABSOLUTE`,
    `tz~'UTC`,
    `editorString~'${encode(queryFor(field, value))}`,
    `source~(~'${encode(place.logGroup)})`,
  ].join('~');
  return `https://${host}/cloudwatch/home?region=${place.region}#logsV2:logs-insights?queryDetail=~(${detail})`;
}

/** The query text itself, for those who paste it. */
export function queryFor(field: string, value: string): string {
  const quoted = value.replace(/[\\"]/g, '\\$&').replace(/[\p{Cc}\p{Cs}]/gu, '?');
  return `fields @timestamp, eventName, awsRegion, sourceIPAddress, errorCode | filter ${field} = "${quoted}" | sort @timestamp asc | limit 200`;
}

/** The console's own spelling of a string in a link: everything but letters and digits as `*` and two hex digits. */
function encode(text: string): string {
  return [...Buffer.from(text, 'utf8')]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      return /[A-Za-z0-9]/.test(character) ? character : `*${byte.toString(16).padStart(2, '0')}`;
    })
    .join('');
}
