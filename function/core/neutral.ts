/**
 * Characters that change how text around them is shown, or that split lines: C0 and C1 controls, DEL, bidirectional and
 * zero-width formatting, line and paragraph separators, tag characters, lone surrogates, and the two code points XML
 * cannot hold.
 * @see https://www.unicode.org/reports/tr36/
 */
const HOSTILE =
  /[\p{Cc}\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff\u{e0000}-\u{e0fff}]|\p{Cs}/gu;

/** Nearly every value: nothing to look for in it. */
const PLAIN = /^[\x20-\x7e]*$/;

/** A dot that mail clients could take for one of a host name; digits alone (versions, IP addresses) are none. */
const HOST_DOT = /\.(?=[\p{L}]{2})/gu;

/** One AWS service's own name, which no customer can register a host under. */
const AWS_SERVICE_NAME = /^[a-z0-9-]{1,63}\.amazonaws\.com(?:\.cn)?$/;

/** Enough of any value to recognise it by; the whole one is in the record. */
export const MAX_VALUE_LENGTH = 300;

/**
 * Makes a value safe to show in a log line or on a terminal: hostile characters become visible escapes (`\u202e`),
 * the result has at most `maxLength` characters (an ellipsis marks the cut). Letters of any script stay as they are.
 */
export function neutralise(value: string, maxLength = MAX_VALUE_LENGTH): string {
  if (value.length <= maxLength && PLAIN.test(value)) return value;
  const safe = value
    .slice(0, maxLength + 1)
    .replace(HOSTILE, (character) => `\\u${character.codePointAt(0)?.toString(16).padStart(4, '0')}`);
  return cutTo(safe, maxLength);
}

/** At most `maxLength` characters, an ellipsis marking the cut, which falls between code points. */
export function cutTo(text: string, maxLength: number): string {
  return text.length > maxLength ? `${text.slice(0, maxLength - 1).replace(/[\ud800-\udbff]$/, '')}…` : text;
}

/**
 * As {@link neutralise}, and no mail client turns the result into a link: `https[:]//example[.]com`. The brackets come on
 * top of `maxLength`, and at most double it.
 */
export function neutraliseForMail(value: string, maxLength = MAX_VALUE_LENGTH): string {
  const safe = neutralise(value, maxLength);
  if (AWS_SERVICE_NAME.test(safe)) return safe;
  return safe.replace(/:(?=\/\/)|(?<=mailto):/giu, '[:]').replace(HOST_DOT, '[.]');
}

/**
 * As {@link neutraliseForMail}, for Slack and Teams: a code span in which no mention, link or formatting is left.
 * The span has at most `maxLength` characters between its marks. Empty text stays empty: an empty span would open one.
 * @see https://docs.slack.dev/messaging/formatting-message-text
 */
export function neutraliseForChat(value: string, maxLength = MAX_VALUE_LENGTH): string {
  return value === '' ? '' : `\`${inert(value, maxLength)}\``;
}

/** As {@link neutraliseForChat}, for places that are shown without formatting, where a code span would be two marks. */
export function plainForChat(value: string, maxLength = MAX_VALUE_LENGTH): string {
  return inert(value.replace(/[[\]*_~|]/g, '·'), maxLength);
}

function inert(value: string, maxLength: number): string {
  const safe = neutraliseForMail(value, maxLength)
    .replaceAll('`', "'")
    .replaceAll('<', '‹')
    .replaceAll('>', '›')
    .replaceAll('&', '＆')
    .replaceAll('@', '＠');
  return cutTo(safe, maxLength);
}

/** Printable ASCII only, for mail subjects: everything else becomes `?`. */
export function printableAscii(value: string): string {
  return value.replace(/[^\x20-\x7e]/gu, '?');
}
