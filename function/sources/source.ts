import type { QueryPlace } from '../core/console-links.ts';
import type { SourceRecord } from '../core/record.ts';
import type { DecodeError } from './decode-error.ts';

/** One unit that is acknowledged as a whole. `control` and `unknown` messages hold no records and are acknowledged. */
export interface Delivery {
  readonly kind: 'data' | 'control' | 'unknown';
  /** Where the records can be queried, when they came from a log group. */
  readonly place: QueryPlace | undefined;
  /** Yields every record once, in order, reading each only when it is asked for. */
  readonly records: Iterable<SourceRecord>;
}

/** A unit of a batch that cannot be decoded; its neighbours can. `item` is how the batch's owner names it. */
export interface Undecodable {
  readonly kind: 'undecodable';
  readonly item: string;
  readonly error: DecodeError;
}

/** Bounds of what a source unpacks. */
export interface SourceLimits {
  /** Most bytes one compressed payload may unpack to. */
  readonly maxInflatedBytes: number;
  /** The Region the function runs in, which is the log group's. */
  readonly region: string;
}

/** An event shape in, deliveries of records out. Knows nothing of severities. */
export interface Source {
  readonly name: string;
  /** True when its events are batches whose items fail apart, by a partial batch response. */
  readonly isBatch: boolean;
  /** True for events of this source's shape; every event is accepted by at most one source. Reads no payload. */
  accepts(event: unknown): boolean;
  /**
   * Unpacks an accepted event, one unit after the other, each when it is asked for.
   * @throws {DecodeError} when an event that is no batch cannot be decoded
   */
  open(event: unknown, limits: SourceLimits): Iterable<Delivery | Undecodable>;
}
