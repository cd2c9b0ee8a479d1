import { TrailbellError } from '../core/errors.ts';

/**
 * Thrown when the stream did not take every record of an object, so that the runtime tries the event again; what it took
 * comes a second time then. `errorCode` is the stream's word, or `OutOfTime`.
 */
export class UnforwardedError extends TrailbellError {
  override readonly name = 'UnforwardedError';
  readonly errorCode: string;

  constructor(position: string, unshipped: number, errorCode: string) {
    super('unforwarded_records', `${unshipped} record(s) or more of the object of ${position}: ${errorCode}`);
    this.errorCode = errorCode;
  }
}
