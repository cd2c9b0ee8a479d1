/** Most characters of a value that a condition holds: a pattern takes 4,096, and this one may quadruple. */
const MAX_VALUE = 900;

/** Characters that mean themselves in a regular expression between percent signs. */
const PLAIN = /[A-Za-z0-9:_#=@/;,-]/;

/**
 * A comparison for a filter pattern that holds for exactly this string, or undefined where the language has none. In a
 * quoted string every `*` stands for any run of characters, so a value that holds one becomes a regular expression.
 * @param field a path such as `$.userIdentity.arn`
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntaxForMetricFilters.html
 */
export function equalTo(field: string, value: string): string | undefined {
  if (value.length > MAX_VALUE) return undefined;
  if (!value.includes('*')) return `${field} = ${quoted(value)}`;
  const source = Array.from(value, asRegex);
  return source.includes(undefined) ? undefined : `${field} = %^${source.join('')}$%`;
}

/** A comparison that holds for exactly the strings that begin with `start`, or undefined where the language has none. */
export function beginsWith(field: string, start: string): string | undefined {
  return start.length > MAX_VALUE || start.includes('*') ? undefined : `${field} = ${quoted(`${start}*`)}`;
}

function quoted(value: string): string {
  return `"${value.replace(/["\\]/g, '\\$&')}"`;
}

function asRegex(character: string): string | undefined {
  if (PLAIN.test(character)) return character;
  const code = character.codePointAt(0) ?? 0;
  return code > 0xff ? undefined : `\\x${code.toString(16).padStart(2, '0')}`;
}
