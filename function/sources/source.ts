import type { QueryPlace } from '../core/console-links.ts';
import type { SourceRecord } from '../core/record.ts';

/** One unit that is acknowledged as a whole. `control` and `unknown` messages hold no records and are acknowledged. */
export interface Delivery {
  readonly kind: 'data' | 'control' | 'unknown';
  /** Where the records can be queried, when they came from a log group. */
  readonly place: QueryPlace | undefined;
  /** Yields every record once, in order, reading each only when it is asked for. */
  readonly records: Iterable<SourceRecord>;
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
  /** True for events of this source's shape; every event is accepted by at most one source. Reads no payload. */
  accepts(event: unknown): boolean;
  /** Unpacks an accepted event. @throws {DecodeError} when it cannot be decoded at all. */
  open(event: unknown, limits: SourceLimits): readonly Delivery[];
}
