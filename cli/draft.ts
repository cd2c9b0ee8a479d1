import { draftedRows } from '../function/core/severities/drafted-rows.ts';
import { readCatalogue } from './catalogue.ts';
import type { Command } from './command.ts';
import { UsageError } from './usage-error.ts';

/** `draft`: the file a service's table begins with, one row a line, on standard output. */
export const draftCommand: Command = {
  takesInputs: true,
  options: { service: { type: 'string' } },
  async run({ inputs, options }, io) {
    const [eventSource, ...more] = inputs;
    if (eventSource === undefined || more.length > 0) throw new UsageError('draft takes one eventSource');
    const { sources } = await readCatalogue(io.root);
    const names = Object.hasOwn(sources, eventSource) ? sources[eventSource] : undefined;
    if (names === undefined) throw new UsageError(`no ${JSON.stringify(eventSource.slice(0, 64))} in the catalogue`);
    const label = eventSource.replace(/\.amazonaws\.com$/, '');
    const rows = Object.entries(draftedRows(names)).map(
      ([name, row]) => `    ${JSON.stringify(name)}: ${rowText(row)}`,
    );
    const service = typeof options['service'] === 'string' ? options['service'] : label;
    await io.out(
      `{\n  "eventSource": ${JSON.stringify(eventSource)},\n  "service": ${JSON.stringify(service)},\n` +
        `  "events": {\n${rows.join(',\n')}\n  }\n}\n`,
    );
    return 0;
  },
};

/** One line, spaced as the shipped tables are. */
function rowText(row: object): string {
  return JSON.stringify(row, undefined, 1)
    .replace(/\n\s*/g, ' ')
    .replace(/\[ | \]/g, (bracket) => bracket.trim());
}
