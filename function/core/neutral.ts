/**
 * Characters that change how text around them is shown, that nobody sees, or that split lines: C0 and C1 controls, DEL,
 * bidirectional and other formatting, fillers and variation selectors, line and paragraph separators, tag characters, lone
 * surrogates, noncharacters, and the fifth and further marks over one letter, which cover the lines above.
 * @see https://www.unicode.org/reports/tr36/
 */
const HOSTILE =
  /[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2028\u2029\u2800\p{Noncharacter_Code_Point}]|\p{Cs}|(?<=\p{M}{4})\p{M}/gu;

/** Nearly every value: nothing to look for in it. */
const PLAIN = /^[\x20-\x7e]*$/;

/**
 * A dot, also of other scripts, that mail clients could take for one of a host name; before digits (versions, IP
 * addresses) it is none.
 * @see https://www.unicode.org/reports/tr46/
 */
const HOST_DOT = /[.\u2024\u3002\ufe52\uff0e\uff61](?=[\p{L}\p{So}][\p{L}\p{M}\p{So}])/gu;

/** The colon of a link: before `//`, and after the schemes that mail clients and phones take without. */
const SCHEME_COLON =
  /:(?=\/\/)|(?<=mailto):|(?<=(?<![\w.:-])(?:tel|sms|sips?|callto|file|news|skype|facetime|javascript|vbscript|data)):(?=\S)/giu;

/** The beginning of `\\host\share`, which some mail clients open. */
const SHARE = /\\\\(?=[\p{L}\d])/gu;

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
  return safe.replace(SCHEME_COLON, '[:]').replace(HOST_DOT, '[$&]').replace(SHARE, '[$&]');
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
    .replaceAll('@', '＠')
    // A bracket of our own before one of theirs would be a link.
    .replaceAll('](', ']·(');
  return cutTo(safe, maxLength);
}

/**
 * JSON of a value that reads back as the same value, its hostile characters spelled as escapes: JSON alone leaves DEL, C1
 * controls and bidirectional characters as they are.
 * @param indent blanks by which each level is set in, on lines of their own; one line without it
 * @throws {RangeError} for a value nested deeper than the stack
 */
export function printableJson(value: unknown, indent?: number): string {
  const json = JSON.stringify(value, undefined, indent);
  if (PLAIN.test(json)) return json;
  // Line feeds are between values only: in a text JSON spells them out.
  return json.split('\n').map(printableLine).join('\n');
}

function printableLine(json: string): string {
  return json.replace(HOSTILE, (character) => {
    const low = character.length > 1 ? jsonEscape(character.charCodeAt(1)) : '';
    return jsonEscape(character.charCodeAt(0)) + low;
  });
}

function jsonEscape(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, '0')}`;
}

/** Every hostile character as `?`, for values that have no room for escapes. */
export function withoutHostile(value: string): string {
  return value.replace(HOSTILE, '?');
}

/** Printable ASCII only, for mail subjects: everything else becomes `?`. */
export function printableAscii(value: string): string {
  return value.replace(/[^\x20-\x7e]/gu, '?');
}
