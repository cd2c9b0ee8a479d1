import { TrailbellError } from './core/errors.ts';
import { neutralise } from './core/neutral.ts';
import type { Undelivered } from './sinks/sink.ts';

/** Most lost findings one message names: Lambda takes no longer answers than 6 MB. The log names every one. */
const MAX_UNDELIVERED_NAMED = 1_000;

/**
 * Thrown when findings were refused for good and no queue took them, so that the runtime tries the event again;
 * `undelivered` holds every one.
 */
export class UndeliveredError extends TrailbellError {
  override readonly name = 'UndeliveredError';
  readonly undelivered: readonly Undelivered[];

  constructor(undelivered: readonly Undelivered[]) {
    const named = undelivered
      .slice(0, MAX_UNDELIVERED_NAMED)
      .map(({ topic, eventID, errorCode }) => `${neutralise(eventID, 128)} to ${topic} (${errorCode})`);
    if (undelivered.length > named.length) named.push(`and ${undelivered.length - named.length} more`);
    super('undelivered_findings', `${undelivered.length} finding(s) not delivered: ${named.join(', ')}`);
    this.undelivered = undelivered;
  }
}

/**
 * Thrown when the time was up before every record of an event was read, so that the runtime tries the event again. What
 * was read has its fate by then.
 */
export class OutOfTimeError extends TrailbellError {
  override readonly name = 'OutOfTimeError';

  constructor(read: number) {
    super('out_of_time', `the time was up after ${read} record(s) of the event`);
  }
}
