import type { Severity } from '../../../function/core/severity.ts';
import { element } from './elements.ts';
import { isSeverity } from './words.ts';

/** A shape for each severity, so that none is told by its colour alone. */
const MARKS: Readonly<Record<Severity, string>> = {
  critical: '◆',
  high: '▲',
  medium: '●',
  low: '▼',
  informational: '○',
};

/** A severity as a shape and its word. */
export function severityMark(word: string): HTMLElement {
  const mark = isSeverity(word) ? MARKS[word] : '·';
  return element(
    'span',
    { class: `severity ${isSeverity(word) ? word : ''}` },
    element('span', { class: 'mark', 'aria-hidden': 'true' }, mark),
    word,
  );
}
