import type { Severity } from '../../../function/core/severity.ts';

/** Severest first. */
export const SEVEREST_FIRST: readonly Severity[] = ['critical', 'high', 'medium', 'low', 'informational'];

/** What storm control made of a finding, in words. */
export const TOLD: Readonly<Record<string, string>> = {
  'at-once': 'sent at once',
  'held-back': 'in a digest',
  repeated: 'sent before',
  '': 'not sent',
};

const figures = new Intl.NumberFormat('en');

/** A figure for people: `12,345`. */
export function figure(value: number): string {
  return figures.format(value);
}

/** A figure and what it counts: `1 finding`, `12 findings`. */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${figure(value)} ${value === 1 ? one : many}`;
}

/** True of the word of a severity. */
export function isSeverity(word: string): word is Severity {
  return SEVEREST_FIRST.some((known) => known === word);
}

/** A time of a finding, UTC, to the second. */
export function timeText(seconds: number): string {
  if (seconds === 0) return 'no time';
  return new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', ' ');
}

/** What a reason's key names: `root-console-login` of `detection root-console-login`. */
export function reasonName(key: string): string {
  return key.slice(key.indexOf(' ') + 1);
}

/** What kind of reason a key names: `detection`, `row`, `deletion` or `unlisted`. */
export function reasonKind(key: string): string {
  return key.slice(0, Math.max(0, key.indexOf(' ')));
}
