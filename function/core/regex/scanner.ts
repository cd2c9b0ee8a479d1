import { SyntaxProblem } from '../errors.ts';

const WORD = /^[A-Za-z0-9_]{1,24}/;

/** Reads text from left to right, one UTF-16 code unit at a time, and names what it finds for people. */
export class Scanner {
  readonly text: string;
  position = 0;
  readonly #code: 'invalid_pattern' | 'invalid_regex';

  constructor(text: string, code: 'invalid_pattern' | 'invalid_regex') {
    this.text = text;
    this.#code = code;
  }

  /** The next code unit, or "" at the end. */
  peek(): string {
    return this.text.charAt(this.position);
  }

  /** Consumes and returns the next code unit, or returns "" at the end. */
  next(): string {
    const unit = this.peek();
    this.position += unit.length;
    return unit;
  }

  /** Consumes `literal` when it comes next. */
  take(literal: string): boolean {
    if (!this.text.startsWith(literal, this.position)) return false;
    this.position += literal.length;
    return true;
  }

  /** Consumes the longest run of code units that satisfy `belongs`; may be empty. */
  takeWhile(belongs: (unit: string) => boolean): string {
    const start = this.position;
    while (this.position < this.text.length && belongs(this.text.charAt(this.position))) this.position++;
    return this.text.slice(start, this.position);
  }

  /** Consumes spaces, tabs and line ends. */
  skipBlanks(): void {
    this.takeWhile((unit) => unit === ' ' || unit === '\t' || unit === '\n' || unit === '\r');
  }

  /** A problem for the caller to throw. `found` is what stands at `at` unless given. */
  problem(expected: string, at: number = this.position, found: string = this.#describe(at)): SyntaxProblem {
    return new SyntaxProblem(this.#code, at, found, expected);
  }

  #describe(at: number): string {
    const codePoint = this.text.codePointAt(at);
    if (codePoint === undefined) return 'the end';
    const word = WORD.exec(this.text.slice(at, at + 24))?.[0];
    return JSON.stringify(word ?? String.fromCodePoint(codePoint));
  }
}
