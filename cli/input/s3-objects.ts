import { DecodeError } from '../../function/sources/decode-error.ts';
import { fetchObject } from '../../function/sources/objects/fetch-object.ts';
import { nameOf, ObjectError } from '../../function/sources/objects/object-error.ts';
import type { ObjectRef } from '../../function/sources/objects/object-key.ts';
import { type S3Loader, s3Loader } from '../../function/sources/objects/s3.ts';
import { InputError } from './input-error.ts';
import { unpackedIfSmall } from './open-input.ts';

/** Most bytes of one object, packed: CloudTrail writes 50 MB at most, unpacked. */
const MAX_OBJECT_BYTES = 64 * 1024 * 1024;

/** Milliseconds for one object at most. */
const PATIENCE = 120_000;

/** An object's bytes, unpacked when they were gzip. */
export interface ReadObject {
  readonly bytes: Uint8Array;
  /** Bytes as they lie in the bucket. */
  readonly packed: number;
}

/** Reads objects of buckets, some ahead. */
export class ObjectReader {
  readonly #load: S3Loader;
  readonly #ahead = new Map<string, Promise<Buffer>>();

  constructor(load = s3Loader()) {
    this.#load = load;
  }

  /** Begins to fetch what will be read. */
  fetch({ bucket, key }: ObjectRef): void {
    const end = performance.now() + PATIENCE;
    const port = { load: this.#load, remaining: () => end - performance.now() };
    const fetching = fetchObject(port, { bucket, key }, MAX_OBJECT_BYTES);
    // One that fails before its turn is no unhandled rejection.
    fetching.catch(() => undefined);
    this.#ahead.set(nameOf({ bucket, key }), fetching);
  }

  /** The object. @throws {InputError} when it cannot be read, naming the permission that is missing */
  async read({ bucket, key }: ObjectRef): Promise<ReadObject> {
    const name = nameOf({ bucket, key });
    if (!this.#ahead.has(name)) this.fetch({ bucket, key });
    try {
      const packed = (await this.#ahead.get(name)) ?? Buffer.alloc(0);
      const bytes = unpackedIfSmall(packed, name);
      if (bytes === undefined)
        throw new InputError(name, `unpacks to over ${MAX_OBJECT_BYTES} bytes: copy it here first`);
      return { bytes, packed: packed.length };
    } catch (cause) {
      if (cause instanceof DecodeError)
        throw new InputError(name, `over ${MAX_OBJECT_BYTES} bytes: copy it here first`, { cause });
      if (!(cause instanceof ObjectError)) throw cause;
      throw new InputError(name, wordsOf(cause), { cause });
    } finally {
      this.#ahead.delete(name);
    }
  }
}

function wordsOf({ code, errorCode }: ObjectError): string {
  if (code === 'denied_object') {
    return `S3 says ${errorCode}: the credentials in use need s3:GetObject, and kms:Decrypt with the key of the objects`;
  }
  return code === 'missing_object' ? `gone (S3 says ${errorCode})` : `S3 did not give it (${errorCode})`;
}
