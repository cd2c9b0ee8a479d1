/** What `check` found. Failures give exit code 1, warnings 0. `advice` is the line to write, or what to do. */
export interface Report {
  readonly level: 'failure' | 'warning';
  readonly file: string;
  /** RFC 6901 JSON pointer into the file. */
  readonly pointer: string;
  readonly message: string;
  readonly advice: string;
}

/** A report that makes `check` exit with 1. */
export function failure(file: string, pointer: string, message: string, advice: string): Report {
  return { level: 'failure', file, pointer, message, advice };
}

/** A report that leaves the exit code at 0. */
export function warning(file: string, pointer: string, message: string, advice: string): Report {
  return { level: 'warning', file, pointer, message, advice };
}
