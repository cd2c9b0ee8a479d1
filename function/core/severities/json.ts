/** The longest JSON text read, in UTF-16 code units: far above any severities file, far below what would hurt. */
export const MAX_JSON_LENGTH = 4 * 1024 * 1024;
/** The deepest nesting of objects and lists read. */
export const MAX_JSON_DEPTH = 64;
/** The most problems told of one text: each costs a walk over it. */
export const MAX_JSON_PROBLEMS = 100;

/** One thing wrong with a JSON text. `pointer` is the RFC 6901 pointer of the value it is in; `found` ends in line:column. */
export interface JsonProblem {
  readonly pointer: string;
  readonly found: string;
  readonly expected: string;
}

/** `value` is undefined when the text is not JSON; a duplicate key leaves a value in which the last one wins. */
export interface JsonReading {
  readonly value: unknown;
  readonly problems: readonly JsonProblem[];
}

/**
 * Reads JSON as `JSON.parse` does, and tells what `JSON.parse` hides: where an error is, and keys written twice.
 * A key `__proto__` is a problem and never reaches the value. Never throws.
 * @see https://www.rfc-editor.org/rfc/rfc8259
 */
export function readJson(text: string): JsonReading {
  if (text.length > MAX_JSON_LENGTH) {
    const found = `${text.length} characters`;
    return { value: undefined, problems: [{ pointer: '', found, expected: `at most ${MAX_JSON_LENGTH} characters` }] };
  }
  const reader = new Reader(text);
  try {
    return { value: reader.document(), problems: reader.problems };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return { value: undefined, problems: [...reader.problems, error.problem] };
  }
}

/** JSON of `value` with every object's keys in code unit order: equal content gives equal text. */
export function sortedJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

/** One RFC 6901 pointer of these keys and positions. @see https://www.rfc-editor.org/rfc/rfc6901 */
export function pointerTo(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

class Unreadable extends Error {
  readonly problem: JsonProblem;

  constructor(problem: JsonProblem) {
    super(problem.found);
    this.problem = problem;
  }
}

const SPACE = /[ \t\n\r]*/y;
const STRING = /"[ !#-[\]-\uffff]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[ !#-[\]-\uffff]*)*"/y;
const SCALAR = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.+-])/y;

class Reader {
  readonly problems: JsonProblem[] = [];
  private readonly text: string;
  private readonly path: (string | number)[] = [];
  private offset = 0;

  constructor(text: string) {
    this.text = text;
  }

  document(): unknown {
    const value = this.value();
    this.skipSpace();
    if (this.offset < this.text.length) this.fail('the end of the file');
    return value;
  }

  private value(): unknown {
    this.skipSpace();
    const next = this.text[this.offset];
    if (next === '{' || next === '[') {
      if (this.path.length >= MAX_JSON_DEPTH) this.fail(`at most ${MAX_JSON_DEPTH} levels of nesting`);
      return next === '{' ? this.object() : this.list();
    }
    const token = this.token(next === '"' ? STRING : SCALAR);
    if (token === undefined)
      this.fail(next === '"' ? 'a string closed by ", no line break and no unknown escape in it' : 'a value');
    return JSON.parse(token);
  }

  private object(): Record<string, unknown> {
    const object: Record<string, unknown> = {};
    const offsets = new Map<string, number>();
    this.offset += 1;
    if (this.takes('}')) return object;
    do {
      this.skipSpace();
      const start = this.offset;
      const token = this.token(STRING);
      if (token === undefined) this.fail('a key in double quotes');
      const key: string = JSON.parse(token);
      this.path.push(key);
      this.judgeKey(key, start, offsets);
      if (!this.takes(':')) this.fail('":"');
      const value = this.value();
      if (key !== '__proto__') object[key] = value;
      this.path.pop();
    } while (this.takes(','));
    if (!this.takes('}')) this.fail('"," or "}"');
    return object;
  }

  private list(): unknown[] {
    const list: unknown[] = [];
    this.offset += 1;
    if (this.takes(']')) return list;
    do {
      this.path.push(list.length);
      list.push(this.value());
      this.path.pop();
    } while (this.takes(','));
    if (!this.takes(']')) this.fail('"," or "]"');
    return list;
  }

  private judgeKey(key: string, start: number, offsets: Map<string, number>): void {
    const first = offsets.get(key);
    offsets.set(key, first ?? start);
    if ((first === undefined && key !== '__proto__') || this.problems.length >= MAX_JSON_PROBLEMS) return;
    const [found, expected] =
      first === undefined
        ? ['the key __proto__', 'any other key']
        : ['the same key again', `each key once (first at ${this.place(first)})`];
    this.problems.push({ pointer: pointerTo(this.path), found: `${found} at ${this.place(start)}`, expected });
  }

  private takes(mark: string): boolean {
    this.skipSpace();
    if (this.text[this.offset] !== mark) return false;
    this.offset += 1;
    return true;
  }

  private skipSpace(): void {
    this.token(SPACE);
  }

  private token(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.offset;
    const token = pattern.exec(this.text)?.[0];
    this.offset += token?.length ?? 0;
    return token;
  }

  private place(offset: number): string {
    const before = this.text.slice(0, offset);
    return `${before.split('\n').length}:${offset - before.lastIndexOf('\n')}`;
  }

  private fail(expected: string): never {
    const next = this.text.codePointAt(this.offset);
    const found = next === undefined ? 'the end of the file' : quoted(next);
    throw new Unreadable({ pointer: pointerTo(this.path), found: `${found} at ${this.place(this.offset)}`, expected });
  }
}

function quoted(codePoint: number): string {
  if (codePoint > 0x20 && codePoint < 0x7f) return String.fromCodePoint(codePoint);
  return `U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}`;
}
