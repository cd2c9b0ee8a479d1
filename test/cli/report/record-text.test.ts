import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { indented, readable } from '../../../cli/report/page/record-text.ts';

describe('a record laid out', () => {
  it('is laid out as JSON.stringify would', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), (json) => {
        expect(indented(json)).toBe(JSON.stringify(JSON.parse(json), null, 2));
      }),
    );
  });

  it.each([
    ['{"a":1.0,"a":12345678901234567890}', '{\n  "a": 1.0,\n  "a": 12345678901234567890\n}'],
    ['{ "a" : [ ] , "b" : { } }', '{\n  "a": [],\n  "b": {}\n}'],
    ['{"a":"\\"}{,:\\\\"}', '{\n  "a": "\\"}{,:\\\\"\n}'],
    ['{"cut": "sho', '{\n  "cut": "sho'],
    ['not JSON at all', 'not JSON at all'],
    [']]', '\n]\n]'],
    ['', ''],
  ])('changes nothing but space: %s', (json, text) => {
    expect(indented(json)).toBe(text);
  });

  it('shows hostile characters as escapes, on their own lines', () => {
    expect(readable('{"a":"\u202eb\u0000","c":"\u2028"}').text).toBe(
      '{\n  "a": "\\u202eb\\u0000",\n  "c": "\\u2028"\n}',
    );
  });

  it('is cut where it is long, and takes a megabyte and deep nesting', () => {
    const long = JSON.stringify({ a: 'x'.repeat(1_000_000) });
    expect(readable(long, 100)).toMatchObject({ isCut: true, text: expect.stringMatching(/^\{\n {2}"a": "x{80,}$/) });
    expect(readable(long).text.length).toBe(long.length + 5);
    expect(readable('['.repeat(50_000)).text.length).toBeLessThan(5_000_000);
  });
});
