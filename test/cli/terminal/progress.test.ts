import { describe, expect, it } from 'vitest';
import { progress, progressWords } from '../../../cli/terminal/progress.ts';
import { StatusLine, statusLineOf } from '../../../cli/terminal/status-line.ts';

/** A terminal that keeps what is written, and a clock that goes when it is told. */
function made({ columns = 80 } = {}) {
  const written: string[] = [];
  const terminal = { isTTY: true, columns, write: (text: string) => written.push(text) };
  let now = 0;
  return {
    written,
    terminal,
    statusLine: new StatusLine(terminal),
    clock: () => now,
    pass: (milliseconds: number) => {
      now += milliseconds;
    },
  };
}

describe('progress', () => {
  it('is redrawn ten times a second at most, and gone at the end', () => {
    const { written, statusLine, clock, pass } = made();
    const { advance, end } = progress({ statusLine }, { total: 1_000_000, label: 'replaying', clock });
    for (let step = 0; step < 1_000; step++) {
      pass(2);
      advance(500, 1);
    }
    expect(written.length).toBe(20);
    for (const text of written) expect(text.replaceAll('\u001b', 'ESC')).toMatch(/^\rreplaying {2}\d+ %, .*ESC\[K$/);
    end();
    end();
    expect(written.slice(20)).toEqual(['\r\u001b[K']);
    advance(500, 1);
    expect(written).toHaveLength(21);
  });

  it('writes nothing where there is no terminal that can redraw a line', () => {
    const { terminal, written, clock, pass } = made();
    for (const [stream, environment] of [
      [{ ...terminal, isTTY: false }, {}],
      [terminal, { TERM: 'dumb' }],
    ] as const) {
      const { advance, end } = progress({ statusLine: statusLineOf(stream, environment) }, { label: 'x', clock });
      pass(1_000);
      advance(1, 1);
      end();
    }
    expect(written).toEqual([]);
  });

  it('stays within the width of the terminal', () => {
    const { written, statusLine, clock, pass } = made({ columns: 20 });
    const { advance } = progress({ statusLine }, { total: 10, label: 'replaying', clock });
    pass(5_000);
    advance(1, 1);
    expect(written[0]?.replace('\r', '').replace('\u001b[K', '')).toHaveLength(19);
  });
});

describe('the words of progress', () => {
  const words = { label: 'replaying', bytes: 450_000_000, records: 1_234_567, total: 1_000_000_000, seconds: 12.5 };

  it.each([
    [words, 'replaying  45 %, 450 MB, 1,234,567 records, 98,765 a second, 16 s left'],
    [{ ...words, total: undefined }, 'replaying  450 MB, 1,234,567 records, 98,765 a second'],
    [{ ...words, total: 20_000_000_000 }, 'replaying  2 %, 450 MB, 1,234,567 records, 98,765 a second, 10 min left'],
    [{ ...words, bytes: 0, records: 0, seconds: 0 }, 'replaying  0 %, 0 B, 0 records'],
    [{ ...words, bytes: 2_000_000_000 }, 'replaying  100 %, 2.0 GB, 1,234,567 records, 98,765 a second, 0 s left'],
  ])('are %j in words', (figures, expected) => {
    expect(progressWords(figures)).toBe(expected);
  });
});
