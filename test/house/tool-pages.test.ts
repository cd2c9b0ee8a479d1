import { describe, expect, it } from 'vitest';
import { forwardFiguresOf, newForwardTally } from '../../function/forwarding/tally.ts';
import { indexFigures, newIndexTally } from '../../function/indexing/tally.ts';
import { textOf } from './source-files.ts';

const NOW = new Date('2026-11-20T12:00:00Z');
const OLDEST = '2026-11-20T02:41:00Z';

describe.each([
  [
    'function/forwarding/README.md',
    'function/forward-settings.ts',
    Object.keys(forwardFiguresOf({ ...newForwardTally(), oldest: OLDEST }, NOW)),
  ],
  [
    'function/indexing/README.md',
    'function/index-settings.ts',
    Object.keys(indexFigures({ ...newIndexTally(), oldest: OLDEST }, { sent: 0, retried: 0 }, NOW)),
  ],
])('%s', (page, settings, metrics) => {
  /** The names in code marks in the first column under a heading, and for metrics in the second, too. */
  const namesUnder = (heading: string) => {
    const [, after = ''] = textOf(page).split(`\n## ${heading}\n`);
    const [section = ''] = after.split('\n## ');
    const rows = section.split('\n').filter((line) => line.startsWith('| `'));
    return rows.flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`(\w+)`/g)].map(([, name = '']) => name));
  };

  it('explains every setting of its function, and no other', () => {
    const own = [...textOf(settings).matchAll(/^ {2}([A-Z_]+): (?!runtimeVariables)/gm)].map(([, name = '']) => name);
    expect(own.length).toBeGreaterThan(4);
    expect(namesUnder('Settings').sort()).toEqual(own.sort());
  });

  it('explains every metric of its function, and no other', () => {
    expect(namesUnder('Metrics').sort()).toEqual([...metrics].sort());
  });
});
