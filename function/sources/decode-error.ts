import { TrailbellError } from '../core/errors.ts';

/** What is wrong with a payload that cannot be decoded. */
export type DecodeProblem = 'not_base64' | 'not_gzip' | 'truncated' | 'too_large' | 'not_json' | 'wrong_shape';

/**
 * Thrown when a delivery cannot be decoded at all; the invocation fails, so the runtime keeps its bytes. `path` is the
 * place inside the event; the message never quotes the payload.
 */
export class DecodeError extends TrailbellError {
  override readonly name = 'DecodeError';
  readonly problem: DecodeProblem;
  readonly path: string;

  constructor(problem: DecodeProblem, path: string, detail: string, options?: ErrorOptions) {
    super('undecodable_delivery', `${path}: ${detail}`, options);
    this.problem = problem;
    this.path = path;
  }
}

/** Thrown for an event that no source accepts: a wrong trigger, or a test event of the console. */
export class UnsupportedEventError extends TrailbellError {
  override readonly name = 'UnsupportedEventError';
  constructor(sources: readonly string[]) {
    super('unsupported_event', `the event has none of the shapes ${sources.join(', ')}`);
  }
}
