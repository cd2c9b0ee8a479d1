import fc from 'fast-check';

/** Values an attacker may write into a record, by what they try. */
export const HOSTILE: readonly (readonly [string, string])[] = [
  ['line breaks', 'a\r\nSubject: b\nc'],
  ['NUL', 'a\u0000b'],
  ['an escape sequence', '\u001b[2J\u001b[31mred'],
  ['a C1 control', 'a\u009b31mb\u0085c'],
  ['DEL', 'a\u007fb'],
  ['a right-to-left override', 'gpj\u202eexe.cod'],
  ['bidirectional isolates', '\u2066a\u2069\u200f\u061c'],
  ['zero-width characters', 'a\u200bd\u200cm\u200di\u2060n\ufeff'],
  ['a soft hyphen', 'ad\u00admin'],
  ['line and paragraph separators', 'a\u2028b\u2029c'],
  ['tag characters', 'a\u{e0061}\u{e007f}'],
  ['lone surrogates', '\ud800a\udc00'],
  ['code points XML cannot hold', 'a\ufffe\uffff'],
  ['a very long text', 'x'.repeat(100_000)],
  ['very long controls', '\u202e'.repeat(100_000)],
  ['markup', '<script>alert(1)</script>'],
  ['a Slack channel mention', '<!here> <!channel>'],
  ['a Slack user mention', '<@U123> @everyone'],
  ['a Markdown link', '[x](http://evil.example)'],
  ['a Slack link', '<http://evil.example|x>'],
  ['a link', 'http://evil.example/a?b=c'],
  ['a link in capitals', 'HTTPS://EVIL.EXAMPLE'],
  ['a host that looks like one', 'www.evil.example'],
  ['a bare host', 'evil.example'],
  ['a host in other letters', 'evil.xn--p1ai пример.рф'],
  ['a mail address', 'mailto:mallory@evil.example'],
  ['backticks', '`a` ```b```'],
  ['formatting', '*a* _b_ ~c~ > d'],
  ['quotes and backslashes', '"\\" \\u202e'],
  ['nothing', ''],
];

/** Characters that must never reach a reader as they are; a line feed is our own. */
export const CONTROLS =
  /(?!\n)[\p{Cc}\p{Cs}\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufffe\uffff\u{e0000}-\u{e007f}]/u;

/** Strings of hostile pieces, and any others. */
export const hostileText = fc.oneof(
  fc
    .array(fc.constantFrom(...HOSTILE.map(([, text]) => text.slice(0, 400))), { maxLength: 4 })
    .map((parts) => parts.join('')),
  fc.string({ unit: 'binary', maxLength: 400 }),
  fc.constantFrom(...HOSTILE.map(([, text]) => text)),
);
