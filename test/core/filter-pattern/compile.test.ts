import { describe, expect, test } from 'vitest';
import { compileFilterPattern } from '../../../function/core/filter-pattern/compile.ts';

const matches = (pattern: string, record: unknown) => compileFilterPattern(`{ ${pattern} }`)(record);

describe('a compiled condition', () => {
  const values: readonly (readonly [string, unknown])[] = [
    ['"400"', '400'],
    ['"404x"', '404x'],
    ['"true"', 'true'],
    ['""', ''],
    ['400', 400],
    ['404', 404],
    ['0', 0],
    ['true', true],
    ['false', false],
    ['null', null],
    ['{}', {}],
    ['[]', []],
    ['[400]', [400]],
    ['Infinity', Number.POSITIVE_INFINITY],
  ];
  const scalars = ['"400"', '"404x"', '"true"', '""', '400', '404', '0', 'true', 'false'];
  const without = (...names: string[]) => scalars.filter((name) => !names.includes(name));

  test.each<[string, readonly string[]]>([
    ['= "400"', ['"400"']],
    ['!= "400"', without('"400"')],
    ['= "4*"', ['"400"', '"404x"']],
    ['!= "4*"', without('"400"', '"404x"')],
    ['= "*"', scalars],
    ['!= "*"', []],
    ['= ""', ['""']],
    ['= *', scalars],
    ['= 400', ['"400"', '400']],
    ['= 4e2', ['400']],
    ['!= 400', without('"400"', '400')],
    ['= 4*', ['"400"', '"404x"', '400', '404']],
    ['!= 4*', without('"400"', '"404x"', '400', '404')],
    ['= true', ['"true"', 'true']],
    ['= "true"', ['"true"']],
    ['= tr*', ['"true"', 'true']],
    ['!= true', without('"true"', 'true')],
    ['= TRUE', []],
    ['= null', []],
    ['= %0{2}%', ['"400"', '400']],
    ['= %^t|lse$%', ['"true"', 'true', 'false']],
    ['!= %4%', without('"400"', '"404x"', '400', '404')],
    ['< 400', ['0']],
    ['<= 400', ['400', '0']],
    ['> 400', ['404']],
    ['>= 400', ['400', '404']],
    ['IS NULL', ['null']],
    ['IS TRUE', ['true']],
    ['IS FALSE', ['false']],
    ['NOT EXISTS', []],
  ])('"$.a %s" holds for exactly these values of a: %j', (condition, expected) => {
    const holds = compileFilterPattern(`{ $.a ${condition} }`);
    expect(values.filter(([, value]) => holds({ a: value })).map(([name]) => name)).toEqual(expected);
  });

  test.each(['= "*"', '!= "x"', '!= 1', '!= %x%', '< 1', 'IS NULL', 'IS TRUE', 'IS FALSE'])(
    '"%s" is false for a field that is not there, and NOT EXISTS is true',
    (condition) => {
      for (const record of [
        {},
        { a: null },
        { a: 'text' },
        { a: ['b'] },
        { a: {} },
        null,
        undefined,
        'a',
        1,
        true,
        [],
      ]) {
        expect(matches(`$.a.b ${condition}`, record)).toBe(false);
        expect(matches('$.a.b NOT EXISTS', record)).toBe(true);
      }
    },
  );

  test('compares case-sensitively', () => {
    expect(matches('$.a = "root"', { a: 'Root' })).toBe(false);
    expect(matches('$.A = "Root"', { a: 'Root' })).toBe(false);
  });

  test.each<[string, unknown, boolean]>([
    ['$.a[0] = 1', { a: [1] }, true],
    ['$.a[1] = 1', { a: [1] }, false],
    ['$.a[1] NOT EXISTS', { a: [1] }, true],
    ['$.a[0] = 1', { a: { 0: 1 } }, false],
    ['$.a.0 = 1', { a: [1] }, false],
    ['$.a.0 = 1', { a: { 0: 1 } }, true],
    ['$.a.length = 1', { a: [1] }, false],
    ['$.a.length = 1', { a: 'x' }, false],
    ['$.a[0][1] = 2', { a: [[1, 2]] }, true],
    ["$.['a.b'] = 1", { 'a.b': 1 }, true],
    ["$.['a.b'] = 1", { a: { b: 1 } }, false],
    ["$['tag:Name'].x = 1", { 'tag:Name': { x: 1 } }, true],
    ['$.a.b.c.d = 1', { a: { b: { c: { d: 1 } } } }, true],
  ])('%s on %j: %j', (pattern, record, expected) => {
    expect(matches(pattern, record)).toBe(expected);
  });

  test.each<[string, unknown, boolean]>([
    ['$.a[*] = "x"', { a: ['y', 'x'] }, true],
    ['$.a[*] = "x"', { a: [['x']] }, false],
    ['$.a[*] = "x"', { a: { b: 'x' } }, false],
    ['$.a[*] != "x"', { a: ['x', 'y'] }, true],
    ['$.a[*] != "x"', { a: ['x', 'x'] }, false],
    ['$.a[*] != "x"', { a: ['x', null, {}] }, false],
    ['$.a[*] != "x"', { a: [] }, false],
    ['$.a[*].b = 1', { a: [{}, { b: 1 }] }, true],
    ['$.a[*].b NOT EXISTS', { a: [{}, { b: 1 }] }, false],
    ['$.a[*].b NOT EXISTS', { a: [{}, { c: 1 }] }, true],
    ['$.a[*] NOT EXISTS', { a: [] }, true],
    ['$.a[*] NOT EXISTS', { a: [null] }, false],
    ['$.a[*] NOT EXISTS', { a: [undefined] }, true],
    ['$.a[*] IS NULL', { a: [1, null] }, true],
    ['$.a[*][*] = 6', { a: [[1], [5, 6]] }, true],
    ['$.* = "x"', { a: 1, b: 'x' }, true],
    ['$.* = "x"', { a: { b: 'x' } }, false],
    ['$.*.b = "x"', { a: { b: 'x' } }, true],
    ['$.* != "x"', { a: 'x', b: 'y' }, true],
    ['$.* != "x"', { a: 'x' }, false],
    ['$.* = "x"', ['x'], false],
    ['$.* NOT EXISTS', {}, true],
    ['$.a[*].constructor = "x"', { a: [{ constructor: 'x' }] }, true],
  ])('asks whether any value passes: %s on %j: %j', (pattern, record, expected) => {
    expect(matches(pattern, record)).toBe(expected);
  });

  test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', '__defineGetter__'])(
    'sees %s only as an own property',
    (name) => {
      const own: unknown = JSON.parse(`{ "a": { ${JSON.stringify(name)}: { "name": "x" } } }`);
      for (const selector of [`$.a.${name}`, `$.a.${name}.name`]) {
        expect(matches(`${selector} NOT EXISTS`, { a: {} })).toBe(true);
        expect(matches(`${selector} NOT EXISTS`, own)).toBe(false);
      }
      expect(matches(`$.a.${name}.name = "x"`, own)).toBe(true);
      expect(matches('$.a.*.name = "x"', own)).toBe(true);
      expect(matches(`$.a.${name}.name = "*"`, { a: {} })).toBe(false);
    },
  );

  test('visits each value once even where wildcards follow one another', () => {
    let nested: unknown = 'x';
    for (let level = 0; level < 60; level++) nested = [nested];
    expect(matches(`$${'[*]'.repeat(60)} = "x"`, nested)).toBe(true);
    const wide = { a: Array.from({ length: 300 }, () => Array.from({ length: 300 }, () => 'y')) };
    expect(matches('$.a[*][*] = "x"', wide)).toBe(false);
  });
});
