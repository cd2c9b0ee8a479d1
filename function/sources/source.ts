import type { QueryPlace } from '../core/console-links.ts';
import type { SourceRecord } from '../core/record.ts';
import type { DecodeError } from './decode-error.ts';
import type { ObjectPort } from './objects/fetch-object.ts';
import type { ObjectError } from './objects/object-error.ts';

/**
 * One unit that was read: a payload, or one object. Only `data` holds records. `control`, `unknown` and `skipped` (an
 * object that holds no records of calls, or one of the past that nobody asked for) are acknowledged.
 */
export interface Delivery {
  readonly kind: 'data' | 'control' | 'unknown' | 'skipped';
  /** The item of the batch it belongs to, which can fail apart; several may share one. Undefined where none can. */
  readonly item?: string | undefined;
  /** Where the records can be queried, when they came from a log group. */
  readonly place: QueryPlace | undefined;
  /** Yields every record once, in order, reading each only when it is asked for. */
  readonly records: Iterable<SourceRecord>;
  /** True for the records of an object. @default false */
  readonly isObject?: boolean;
}

/**
 * A unit that could not be read; its neighbours can. `item` is how the batch's owner names what it belongs to, undefined
 * for events that are no batch.
 */
export interface Unread {
  readonly kind: 'unread';
  readonly item: string | undefined;
  readonly error: DecodeError | ObjectError;
}

/** An object that is gone: acknowledged, because trying again brings nothing. */
export interface Missing {
  readonly kind: 'missing';
  readonly item: string | undefined;
  readonly error: ObjectError;
}

/** Bounds of what a source unpacks. */
export interface SourceLimits {
  /** Most bytes one compressed payload may unpack to. */
  readonly maxInflatedBytes: number;
  /** The Region the function runs in, which is the log group's. */
  readonly region: string;
}

/** What sources that read objects need besides. */
export interface ObjectLimits {
  readonly objects: ObjectPort;
  /** True to leave objects of the past unread, as `skipped`. @default false */
  readonly skipsHistory?: boolean;
}

interface Shape {
  readonly name: string;
  /** True when its events are batches whose items fail apart, by a partial batch response. */
  readonly isBatch: boolean;
  /** True for events of this source's shape; every event is accepted by at most one source. Reads no payload. */
  accepts(event: unknown): boolean;
}

/** A source whose events hold their records. */
export interface InlineSource extends Shape {
  readonly readsObjects: false;
  /**
   * Unpacks an accepted event, one unit after the other, each when it is asked for.
   * @throws {DecodeError} when an event that is no batch cannot be decoded
   */
  open(event: unknown, limits: SourceLimits): Iterable<Delivery | Unread>;
}

/** A source whose events name objects of a bucket. */
export interface ObjectSource extends Shape {
  readonly readsObjects: true;
  /**
   * Reads the objects an accepted event names, one after the other, each when it is asked for and whole before its first
   * record is given.
   * @throws {DecodeError} when an item of a batch has no name, so that it cannot fail apart
   */
  open(event: unknown, limits: ObjectLimits): AsyncIterable<Delivery | Unread | Missing>;
}

/** An event shape in, deliveries of records out. Knows nothing of severities. */
export type Source = InlineSource | ObjectSource;
