/** What `check` found. Failures give exit code 1, warnings 0. `advice` is the line to write, or what to do. */
export interface Report {
  readonly level: 'failure' | 'warning';
  readonly file: string;
  /** RFC 6901 JSON pointer into the file. */
  readonly pointer: string;
  readonly message: string;
  readonly advice: string;
}

export function failure(file: string, pointer: string, message: string, advice: string): Report {
  return { level: 'failure', file, pointer, message, advice };
}

export function warning(file: string, pointer: string, message: string, advice: string): Report {
  return { level: 'warning', file, pointer, message, advice };
}
