import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { MAX_JSON_LENGTH, MAX_JSON_PROBLEMS, readJson, sortedJson } from '../../../function/core/severities/json.ts';

describe('readJson', () => {
  it.each([
    ['a comma too many in an object', '{"a": 1,}', '', '} at 1:9', 'a key in double quotes'],
    ['a comma too many in a list', '[1,\n ]', '/1', '] at 2:2', 'a value'],
    ['a missing comma', '{"a": 1\n "b": 2}', '', '" at 2:2', '"," or "}"'],
    ['a missing colon', '{"a" 1}', '/a', '1 at 1:6', '":"'],
    ['a word that is no value', '{"a": {"b/c": yes}}', '/a/b~1c', 'y at 1:15', 'a value'],
    ['a comment', '{ // no\n}', '', '/ at 1:3', 'a key in double quotes'],
    ['nothing', '', '', 'the end of the file at 1:1', 'a value'],
    ['a file cut short', '{"a": [1', '/a', 'the end of the file at 1:9', '"," or "]"'],
    ['a byte order mark', '\ufeff{}', '', 'U+FEFF at 1:1', 'a value'],
    ['text after the value', '{} {}', '', '{ at 1:4', 'the end of the file'],
    ['a number with a leading zero', '[01]', '/0', '0 at 1:2', 'a value'],
    [
      'a line break in a string',
      '["a\nb"]',
      '/0',
      '" at 1:2',
      'a string closed by ", no line break and no unknown escape in it',
    ],
  ])('tells where %s is', (_what, text, pointer, found, expected) => {
    expect(readJson(text)).toEqual({ value: undefined, problems: [{ pointer, found, expected }] });
  });

  it('tells of a key written twice, by its pointer and both places, and lets the last one win', () => {
    expect(readJson('{"events": {"A": 1,\n "B": 2,\n "A": 3}}')).toEqual({
      value: { events: { A: 3, B: 2 } },
      problems: [
        { pointer: '/events/A', found: 'the same key again at 3:2', expected: 'each key once (first at 1:13)' },
      ],
    });
  });

  it('sees through an escape that spells the same key', () => {
    expect(readJson('{"a": 1, "\\u0061": 2}').problems).toHaveLength(1);
  });

  it('lets the same key stand in two objects', () => {
    expect(readJson('[{"a": 1}, {"a": {"a": 2}}]').problems).toEqual([]);
  });

  it('refuses a __proto__ key and never lets it reach the value', () => {
    const { value, problems } = readJson('{"a": {"__proto__": {"polluted": true}}}');
    expect(problems).toEqual([
      { pointer: '/a/__proto__', found: 'the key __proto__ at 1:8', expected: 'any other key' },
    ]);
    expect((value as { a: { polluted?: true } }).a.polluted).toBeUndefined();
    expect(Object.hasOwn((value as { a: object }).a, '__proto__')).toBe(false);
  });

  it('reads 64 levels and refuses the 65th', () => {
    expect(readJson(`${'['.repeat(64)}${']'.repeat(64)}`).problems).toEqual([]);
    expect(readJson('['.repeat(100_000)).problems).toMatchObject([
      { found: '[ at 1:65', expected: 'at most 64 levels of nesting' },
    ]);
  });

  it('refuses a text that is too long, and reads one that is just not', () => {
    const longest = `"${'x'.repeat(MAX_JSON_LENGTH - 2)}"`;
    expect(readJson(longest).problems).toEqual([]);
    expect(readJson(`${longest} `).problems).toMatchObject([{ expected: `at most ${MAX_JSON_LENGTH} characters` }]);
  });

  it('stops telling of repeated keys where telling would cost too much', () => {
    expect(readJson(`{${'"a":1,'.repeat(100_000)}"b":1}`).problems).toHaveLength(MAX_JSON_PROBLEMS);
  });

  test.prop([fc.json()])('agrees with JSON.parse on JSON', (text) => {
    fc.pre(!text.includes('__proto__'));
    const { value, problems } = readJson(text);
    expect(value).toEqual(JSON.parse(text));
    expect(problems).toEqual([]);
  });

  const mangled = fc
    .tuple(
      fc.json(),
      fc.nat(),
      fc.constantFrom('', '"', '\\', ',', ':', '{', ']', '0', '-', '.', 'e', '\n', '\u0000', 'é', '\ud800'),
    )
    .map(
      ([json, at, mark]) =>
        `${json.slice(0, at % (json.length + 1))}${mark}${json.slice((at % (json.length + 1)) + 1)}`,
    );
  test.prop([fc.oneof(mangled, fc.string({ unit: 'binary' }))])('takes and refuses what JSON.parse does', (text) => {
    fc.pre(!text.includes('__proto__'));
    const { value } = readJson(text);
    expect(value).toEqual(parsed(text));
  });
});

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

describe('sortedJson', () => {
  it('gives equal text for equal content whatever the order of keys', () => {
    expect(sortedJson({ b: [{ d: 1, c: 2 }], a: null })).toBe(sortedJson({ a: null, b: [{ c: 2, d: 1 }] }));
  });

  it('keeps the order of lists', () => {
    expect(sortedJson([2, 1])).toBe('[2,1]');
  });
});
