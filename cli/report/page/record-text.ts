import { neutralise } from '../../../function/core/neutral.ts';

/** Characters of a record shown before somebody asks for all. */
export const MAX_SHOWN_CHARACTERS = 20_000;

/**
 * JSON text on lines of its own, two spaces a level. Only white space between values changes: numbers, escapes and names
 * that come twice stay as they came. What is not JSON is laid out by its brackets all the same.
 */
export function indented(json: string): string {
  const parts: string[] = [];
  let depth = 0;
  for (let at = 0; at < json.length; at++) {
    const character = json.charAt(at);
    if (character === '"') {
      const end = endOfString(json, at);
      parts.push(json.slice(at, end));
      at = end - 1;
    } else if (character === '{' || character === '[') {
      const next = afterSpace(json, at + 1);
      if (/[}\]]/.test(json.charAt(next))) {
        parts.push(character, json.charAt(next));
        at = next;
      } else parts.push(character, lineAt(++depth));
    } else if (character === '}' || character === ']') parts.push(lineAt(--depth), character);
    else if (character === ',') parts.push(',', lineAt(depth));
    else if (character === ':') parts.push(': ');
    else if (depth === 0 || !SPACE.test(character)) parts.push(character);
  }
  return parts.join('');
}

const SPACE = /[ \t\r\n]/;

function endOfString(json: string, start: number): number {
  let at = start + 1;
  while (at < json.length && json.charAt(at) !== '"') at += json.charAt(at) === '\\' ? 2 : 1;
  return at + 1;
}

function afterSpace(json: string, start: number): number {
  let at = start;
  while (SPACE.test(json.charAt(at))) at++;
  return at;
}

/** A record's text to look at: on lines of its own, every hostile character a visible escape. */
export function readable(json: string, most = Number.POSITIVE_INFINITY): { text: string; isCut: boolean } {
  const whole = indented(json);
  const isCut = whole.length > most;
  const lines = (isCut ? whole.slice(0, most) : whole).split('\n');
  return { text: lines.map((line) => neutralise(line, Number.POSITIVE_INFINITY)).join('\n'), isCut };
}

/** Levels shown: text nested deeper would be mostly space. */
const MAX_DEPTH = 40;

function lineAt(depth: number): string {
  return `\n${'  '.repeat(Math.max(0, Math.min(depth, MAX_DEPTH)))}`;
}
