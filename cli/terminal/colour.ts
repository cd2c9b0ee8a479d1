import type { Severity } from '../../function/core/severity.ts';

/** Colours a text by a severity, or leaves it as it is. */
export type Paint = (severity: Severity, text: string) => string;

/** No colours: for pipes, files and tests. */
export const plain: Paint = (_severity, text) => text;

/** Colours of the sixteen that every terminal has and people set to what they can read. */
const CODES: Readonly<Record<Severity, string>> = {
  critical: '1;31',
  high: '31',
  medium: '33',
  low: '36',
  informational: '2',
};

/**
 * How results are coloured that go to `stream`: FORCE_COLOR decides, `0` and `false` against and anything else for
 * colours, also in a pipe; else NO_COLOR and TERM=dumb decide against; else colours are for terminals.
 * @see https://no-color.org
 * @see https://nodejs.org/api/tty.html#writestreamgetcolordepthenv
 */
export function paintFor(
  stream: { readonly isTTY?: boolean },
  environment: Readonly<Record<string, string | undefined>>,
): Paint {
  const { FORCE_COLOR: force, NO_COLOR: no, TERM: term } = environment;
  const isWanted =
    force !== undefined ? !/^(?:0|false)$/i.test(force) : stream.isTTY === true && !no && term !== 'dumb';
  if (!isWanted) return plain;
  return (severity, text) => `\u001b[${CODES[severity]}m${text}\u001b[0m`;
}
