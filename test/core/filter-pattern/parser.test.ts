import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { SyntaxProblem } from '../../../function/core/errors.ts';
import {
  MAX_PATTERN_DEPTH,
  MAX_PATTERN_LENGTH,
  parseFilterPattern,
} from '../../../function/core/filter-pattern/parser.ts';
import { MAX_SELECTOR_STEPS } from '../../../function/core/filter-pattern/selector.ts';

const property = (name: string) => ({ kind: 'property', name });
const leaf = (name: string, text: string) => ({
  kind: 'leaf',
  selector: [property(name)],
  test: { kind: 'equality', operator: '=', literal: { kind: 'string', text } },
});
const only = (text: string) => {
  const node = parseFilterPattern(text);
  if (node.kind !== 'leaf') throw new TypeError('not a leaf');
  return node;
};

describe('a filter pattern', () => {
  test('binds && tighter than ||, and parentheses tighter than both', () => {
    const [a, b, c] = [leaf('a', '1'), leaf('b', '2'), leaf('c', '3')];
    expect(parseFilterPattern('{ $.a = "1" || $.b = "2" && $.c = "3" }')).toEqual({
      kind: 'or',
      children: [a, { kind: 'and', children: [b, c] }],
    });
    expect(parseFilterPattern('{($.a="1"||$.b="2")&&$.c="3"}')).toEqual({
      kind: 'and',
      children: [{ kind: 'or', children: [a, b] }, c],
    });
    expect(parseFilterPattern(' {\n(($.a = "1")) && $.b="2" &&\t$.c = "3" } ')).toEqual({
      kind: 'and',
      children: [a, b, c],
    });
  });

  test.each([
    ['$.a.b', [property('a'), property('b')]],
    ['$.detail-type', [property('detail-type')]],
    ['$.a_1[0]', [property('a_1'), { kind: 'index', index: 0 }]],
    ['$.a[*].b', [property('a'), { kind: 'anyElement' }, property('b')]],
    ['$.a[0][12]', [property('a'), { kind: 'index', index: 0 }, { kind: 'index', index: 12 }]],
    ['$.*', [{ kind: 'anyProperty' }]],
    ['$.a.*', [property('a'), { kind: 'anyProperty' }]],
    ["$.['a.b']", [property('a.b')]],
    ["$['a.b']", [property('a.b')]],
    ["$.a.['b c'].d", [property('a'), property('b c'), property('d')]],
    ["$.a['x'][0]", [property('a'), property('x'), { kind: 'index', index: 0 }]],
    ["$.['it\\'s \\\\ \"]']", [property('it\'s \\ "]')]],
    ["$.['']", [property('')]],
    ['$.__proto__', [property('__proto__')]],
  ])('reads the selector %s', (text, selector) => {
    expect(only(`{ ${text} IS NULL }`)).toEqual({ kind: 'leaf', selector, test: { kind: 'is', value: null } });
  });

  test.each([
    ['"Root"', { kind: 'string', text: 'Root' }],
    ['"a \\"b\\" \\\\ c"', { kind: 'string', text: 'a "b" \\ c' }],
    ['"&& || } )"', { kind: 'string', text: '&& || } )' }],
    ['""', { kind: 'string', text: '' }],
    ['"é*"', { kind: 'string', text: 'é*' }],
    ['Root', { kind: 'word', text: 'Root' }],
    ['kms.amazonaws.com', { kind: 'word', text: 'kms.amazonaws.com' }],
    ['AccessDenied*', { kind: 'word', text: 'AccessDenied*' }],
    ['123.123.*', { kind: 'word', text: '123.123.*' }],
    ['4*', { kind: 'word', text: '4*' }],
    ['*', { kind: 'word', text: '*' }],
    ['111122223333', { kind: 'number', value: 111122223333, text: '111122223333' }],
    ['1e-3', { kind: 'number', value: 0.001, text: '1e-3' }],
    ['1e+3', { kind: 'number', value: 1000, text: '1e+3' }],
    ['+5', { kind: 'number', value: 5, text: '+5' }],
    ['-0.5', { kind: 'number', value: -0.5, text: '-0.5' }],
    ['.5', { kind: 'number', value: 0.5, text: '.5' }],
    ['%Trail%', { kind: 'regex', source: 'Trail' }],
    ['%111\\.111\\.111\\.1[0-9]{1,2}%', { kind: 'regex', source: '111\\.111\\.111\\.1[0-9]{1,2}' }],
  ])('reads the value %s after = and after !=', (text, literal) => {
    expect(only(`{ $.a = ${text} }`).test).toEqual({ kind: 'equality', operator: '=', literal });
    expect(only(`{$.a!=${text}}`).test).toEqual({ kind: 'equality', operator: '!=', literal });
  });

  test.each([
    ['> 75', { kind: 'order', operator: '>', value: 75 }],
    ['< -5', { kind: 'order', operator: '<', value: -5 }],
    ['>= 6e1', { kind: 'order', operator: '>=', value: 60 }],
    ['<=5', { kind: 'order', operator: '<=', value: 5 }],
    ['IS TRUE', { kind: 'is', value: true }],
    ['IS  FALSE', { kind: 'is', value: false }],
    ['NOT  EXISTS', { kind: 'notExists' }],
  ])('reads the test %s', (text, expected) => {
    expect(only(`{ $.a ${text} }`).test).toEqual(expected);
  });

  const OPERATORS = '=, !=, <, >, <=, >=, IS or NOT EXISTS';
  const VALUE = 'a word, a number, "a string" or %a regular expression%';
  const NUMBER = 'a number: <, >, <= and >= compare nothing else';
  const REGEX = 'letters, digits, : _ # = @ / ; , - ^ $ ? [ ] { } | \\ * + . or \\xhh between the % signs';
  test.each([
    ['', 0, 'the end', '"{"'],
    ['ERROR', 0, '"ERROR"', '"{"'],
    ['[ip, user]', 0, '"["', '"{"'],
    ['{}', 1, '"}"', 'a selector such as $.eventName, or "("'],
    ['{ eventName = a }', 2, '"eventName"', 'a selector such as $.eventName, or "("'],
    ['{ $ = a }', 3, '" "', '"." and a field name, or "["'],
    ['{ $. = a }', 4, '" "', "a field name, * or ['a name']"],
    ['{ $.a.é = a }', 6, '"é"', "a field name, * or ['a name']"],
    ['{ $.a[-1] = a }', 6, '"-"', "an index from 0, * or 'a name'"],
    ['{ $.a[01] = a }', 6, '"01"', "an index from 0, * or 'a name'"],
    ['{ $.a["b"] = a }', 6, '"\\""', "an index from 0, * or 'a name'"],
    ['{ $.a[1 = a }', 7, '" "', '"]"'],
    ["{ $.['a", 7, 'the end', '"\'" and "]" after the name'],
    ["{ $.['a' = 1 }", 8, '" "', '"]"'],
    ["{ $.['\\n'] = 1 }", 6, '"\\\\"', "\\' or \\\\"],
    ['{ $.a }', 6, '"}"', OPERATORS],
    ['{ $.a == 1 }', 7, '"="', VALUE],
    ['{ $.a ~ 1 }', 6, '"~"', OPERATORS],
    ['{ $.a is null }', 6, '"is"', OPERATORS],
    ['{ $.a IS MISSING }', 9, '"MISSING"', 'NULL, TRUE or FALSE'],
    ['{ $.a IS NOT NULL }', 9, '"NOT"', 'NULL, TRUE or FALSE; = "*" for a field that is there'],
    ['{ $.a EXISTS }', 6, '"EXISTS"', '= "*" for a field that is there, or NOT EXISTS'],
    ['{ $.a NOT NULL }', 10, '"NULL"', 'EXISTS'],
    ['{ $.a = }', 8, '"}"', VALUE],
    ["{ $.a = 'b' }", 8, '"\'"', VALUE],
    ['{ $.a = "b }', 12, 'the end', "a closing '\"'"],
    ['{ $.a = "a\\nb" }', 10, '"\\\\"', '\\" or \\\\'],
    ['{ $.a = 1e999 }', 8, '"1e999"', 'a number a double can hold'],
    ['{ $.a > "5" }', 8, '"\\""', NUMBER],
    ['{ $.a >= 4* }', 9, '"4"', NUMBER],
    ['{ $.a = %(a)% }', 9, '"("', REGEX],
    ['{ $.a = %a!% }', 10, '"!"', REGEX],
    ['{ $.a = %a b% }', 10, '" "', REGEX],
    ['{ $.a = %é% }', 9, '"é"', REGEX],
    ['{ $.a = %a', 10, 'the end', 'a closing "%"'],
    ['{ $.a = %% }', 9, '"%"', 'a regular expression between the % signs'],
    ['{ $.a = %ab**% }', 12, '"*"', 'something to repeat before this, or a "\\" before it'],
    ['{ $.errorMessage=Failed authentication }', 24, '"authentication"', '&&, || or "}"'],
    ['{ $.a = 1 & $.b = 2 }', 10, '"&"', '&&, || or "}"'],
    ['{ $.a = 1 && }', 13, '"}"', 'a selector such as $.eventName, or "("'],
    ['{ ($.a = 1 }', 11, '"}"', '&&, || or ")"'],
    ['{ $.a = 1', 9, 'the end', '&&, || or "}"'],
    ['{ $.a = 1 } x', 12, '"x"', 'nothing after the closing "}"'],
  ])('refuses %j and says where, what and what instead', (text, position, found, expected) => {
    expect(() => parseFilterPattern(text)).toThrow(SyntaxProblem);
    expect(() => parseFilterPattern(text)).toThrow(
      expect.objectContaining({ code: 'invalid_pattern', position, found, expected }),
    );
  });

  test('is bounded in length, parentheses and selector steps', () => {
    const nested = (depth: number) => `{${'('.repeat(depth)}$.a=1${')'.repeat(depth)}}`;
    const long = (length: number) => `{$.a="${'x'.repeat(length - 8)}"}`;
    const deep = (steps: number) => `{$${'.a'.repeat(steps)}=1}`;
    expect(() => parseFilterPattern(nested(MAX_PATTERN_DEPTH))).not.toThrow();
    expect(() => parseFilterPattern(nested(MAX_PATTERN_DEPTH + 1))).toThrow(
      /found 65 parentheses, expected at most 64/,
    );
    expect(() => parseFilterPattern(long(MAX_PATTERN_LENGTH))).not.toThrow();
    expect(() => parseFilterPattern(long(MAX_PATTERN_LENGTH + 1))).toThrow(
      /found 4097 characters, expected at most 4096/,
    );
    expect(() => parseFilterPattern(deep(MAX_SELECTOR_STEPS))).not.toThrow();
    expect(() => parseFilterPattern(deep(MAX_SELECTOR_STEPS + 1))).toThrow(
      /found a selector of 65 steps, expected at most/,
    );
  });

  test.prop([
    fc.string({
      unit: fc.constantFrom(
        '{',
        '}',
        '(',
        ')',
        '$.a',
        '=',
        '!',
        '<',
        '"',
        '%',
        '*',
        '[',
        ']',
        "'",
        '\\',
        ' ',
        '&&',
        '||',
        'IS',
        'NULL',
        '1',
      ),
      maxLength: 20,
    }),
  ])("is refused with the parser's own error, whatever the text", (text) => {
    try {
      parseFilterPattern(`{$.a=1||${text}}`);
    } catch (error) {
      expect(error).toBeInstanceOf(SyntaxProblem);
    }
  });
});
