/** The stable codes of every error trailbell throws; README lists them and a test compares the two lists. */
export type ErrorCode =
  | 'invalid_settings'
  | 'invalid_severities'
  | 'invalid_pattern'
  | 'invalid_regex'
  | 'undecodable_delivery'
  | 'unsupported_event'
  | 'missing_object'
  | 'denied_object'
  | 'unavailable_object'
  | 'unreadable_input'
  | 'undelivered_findings'
  | 'unindexed_records'
  | 'index_not_set_up'
  | 'unforwarded_records'
  | 'out_of_time';

/** Base of every error trailbell throws. `code` is stable across releases; `message` is for people. */
export class TrailbellError extends Error {
  // Written out in every class: minified bundles lose the classes' own names.
  override readonly name: string = 'TrailbellError';
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Thrown for text that is not in the language it should be in. `position` is the zero-based offset of `found`. */
export class SyntaxProblem extends TrailbellError {
  override readonly name = 'SyntaxProblem';
  readonly position: number;
  readonly found: string;
  readonly expected: string;

  constructor(code: 'invalid_pattern' | 'invalid_regex', position: number, found: string, expected: string) {
    super(code, `at ${position}: found ${found}, expected ${expected}`);
    this.position = position;
    this.found = found;
    this.expected = expected;
  }
}
