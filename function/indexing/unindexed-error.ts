import { TrailbellError } from '../core/errors.ts';
import { neutralise } from '../core/neutral.ts';

/** Thrown when records of an event that is no batch were left, so that the runtime tries the event again. */
export class UnindexedError extends TrailbellError {
  override readonly name = 'UnindexedError';

  /** @param reason of the first that was left */
  constructor(left: number, reason: string) {
    super('unindexed_records', `${left} record(s) not indexed, the first because of: ${neutralise(reason)}`);
  }
}
