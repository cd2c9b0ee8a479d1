import type { SourceRecord } from '../../core/record.ts';
import { inflate } from '../gzip.ts';
import type { Kept } from '../text-record.ts';
import { fetchObject, type ObjectPort } from './fetch-object.ts';
import { nameOf } from './object-error.ts';
import type { ObjectRef } from './object-key.ts';
import { openTrailFile } from './trail-file.ts';

/**
 * Most bytes of one object, packed or unpacked: CloudTrail writes at most 50 MB unpacked.
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html
 */
export const MAX_OBJECT_BYTES = 64 * 1024 * 1024;

/** First bytes of what an object can be. */
const GZIP = 0x1f;
const OPEN_OBJECT = 0x7b;

/**
 * Every record of one CloudTrail object, each once and in order. The object is fetched and checked whole first: one that
 * cannot be read gives an error and no record. Gzip, and plain JSON where somebody unpacked it, whatever it is named.
 * @param kept shared by all objects of an event
 * @throws {ObjectError} `missing_object`, `denied_object` or `unavailable_object`
 * @throws {DecodeError} for a corrupt object, or one over {@link MAX_OBJECT_BYTES}
 */
export async function recordsOfObject(port: ObjectPort, ref: ObjectRef, kept?: Kept): Promise<Iterable<SourceRecord>> {
  const bytes = await fetchObject(port, ref, MAX_OBJECT_BYTES);
  const path = nameOf(ref);
  // Tools and proxies that heed `Content-Encoding` unpack an object and keep its name.
  const isPlain = bytes[0] === OPEN_OBJECT || (bytes[0] !== GZIP && !ref.key.endsWith('.gz'));
  const maxChunk = MAX_OBJECT_BYTES + 1;
  const unpacked = isPlain ? bytes : inflate(bytes, path, MAX_OBJECT_BYTES, { maxChunk });
  return releasing(unpacked, openTrailFile(unpacked, path, kept));
}

/** Bytes from which a buffer's memory is its own, and worth giving back before the collector would. */
const LARGE = 1024 * 1024;

/** The records, and after the last the memory of the bytes they were read from: the sinks need room for what they hold. */
function* releasing({ buffer }: Buffer, records: Iterable<SourceRecord>): Generator<SourceRecord> {
  try {
    yield* records;
  } finally {
    if (buffer instanceof ArrayBuffer && buffer.byteLength >= LARGE) buffer.transfer(0);
  }
}
