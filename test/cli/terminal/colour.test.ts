import { describe, expect, it } from 'vitest';
import { paintFor } from '../../../cli/terminal/colour.ts';
import { SEVERITIES } from '../../../function/core/severity.ts';

const terminal = { isTTY: true };
const pipe = {};
const isColoured = (stream: object, environment: Record<string, string>) =>
  paintFor(stream, environment)('critical', 'text') !== 'text';

describe('paintFor', () => {
  it.each([
    ['a terminal', terminal, {}, true],
    ['a pipe', pipe, {}, false],
    ['a terminal with NO_COLOR', terminal, { NO_COLOR: '1' }, false],
    ['a terminal with an empty NO_COLOR', terminal, { NO_COLOR: '' }, true],
    ['a dumb terminal', terminal, { TERM: 'dumb' }, false],
    ['a pipe with FORCE_COLOR', pipe, { FORCE_COLOR: '1' }, true],
    ['a pipe with an empty FORCE_COLOR', pipe, { FORCE_COLOR: '' }, true],
    ['a terminal with FORCE_COLOR=0', terminal, { FORCE_COLOR: '0' }, false],
    [
      'a dumb terminal with FORCE_COLOR and NO_COLOR',
      terminal,
      { FORCE_COLOR: '1', NO_COLOR: '1', TERM: 'dumb' },
      true,
    ],
  ])('decides for %s', (_name, stream, environment, expected) => {
    expect(isColoured(stream, environment)).toBe(expected);
  });

  it('leaves the text whole, and the colours of what follows as they were', () => {
    const paint = paintFor(terminal, {});
    for (const severity of SEVERITIES) {
      expect(paint(severity, 'text').replaceAll('\u001b', 'ESC')).toMatch(/^ESC\[[\d;]+mtextESC\[0m$/);
    }
  });
});
