import { addAbortSignal, Readable } from 'node:stream';
import { DecodeError } from '../decode-error.ts';
import { nameOf, ObjectError, type ObjectProblem } from './object-error.ts';
import type { ObjectRef } from './object-key.ts';
import type { S3Loader, S3Port } from './s3.ts';

/** Where objects are read from. */
export interface ObjectPort {
  readonly load: S3Loader;
  /** Milliseconds until no new work should start; negative when that is past. */
  remaining(): number;
  /** True when another object may not fit into memory beside what is kept of earlier ones. @default false */
  isFull?(): boolean;
}

/** Attempts at one object, the first included. */
const ATTEMPTS = 4;

/** Back-off between attempts, in milliseconds: doubling from the first to the last, with full jitter. */
const BACKOFF = { first: 100, last: 2_000 } as const;

/** Milliseconds without a byte after which an attempt is given up. */
const IDLE = 5_000;

/** Our own words for what the deadline, or what is kept of others, left unread. */
const OUT_OF_TIME = 'OutOfTime';
const OUT_OF_ROOM = 'OutOfRoom';

/** S3's and KMS's words, with status 400, for refusals that pass by themselves. */
const PASSING = /Throttl|SlowDown|RequestTimeout|RequestLimitExceeded/;

/**
 * What S3 says of an object that is gone: no such key or version, or only the mark of its deletion. Without the permission
 * `s3:ListBucket` it says AccessDenied instead.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
 */
const GONE = new Set(['NoSuchKey', 'NoSuchVersion', 'NotFound', 'MethodNotAllowed']);

/**
 * The bytes of an object as they are stored, at most `maxBytes`. Passing refusals are retried with back-off, a broken
 * answer from its beginning, within four attempts and the deadline.
 * @throws {ObjectError} when S3 does not give it
 * @throws {DecodeError} `too_large`, before more than `maxBytes` are held
 */
export async function fetchObject(port: ObjectPort, ref: ObjectRef, maxBytes: number): Promise<Buffer> {
  if (port.isFull?.()) throw new ObjectError('unavailable_object', ref, OUT_OF_ROOM);
  for (let attempt = 1; ; attempt++) {
    if (port.remaining() <= 0) throw new ObjectError('unavailable_object', ref, OUT_OF_TIME);
    try {
      return await fetchOnce(await port.load(), ref, maxBytes, Math.ceil(port.remaining()));
    } catch (cause) {
      if (cause instanceof DecodeError) throw cause;
      const { problem, errorCode } = judge(cause);
      const pause = Math.random() * Math.min(BACKOFF.last, BACKOFF.first * 2 ** (attempt - 1));
      if (problem !== 'unavailable_object' || attempt === ATTEMPTS || port.remaining() <= pause) {
        throw new ObjectError(problem, ref, errorCode, { cause });
      }
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}

async function fetchOnce(
  { client, GetObjectCommand }: S3Port,
  ref: ObjectRef,
  maxBytes: number,
  milliseconds: number,
): Promise<Buffer> {
  const idle = new AbortController();
  const timer = setTimeout(() => idle.abort(), IDLE);
  const abortSignal = AbortSignal.any([idle.signal, AbortSignal.timeout(milliseconds)]);
  try {
    const { bucket: Bucket, key: Key, versionId: VersionId } = ref;
    const { Body } = await client.send(new GetObjectCommand({ Bucket, Key, VersionId }), { abortSignal });
    if (!(Body instanceof Readable)) throw new TypeError('the SDK gives a stream of Node');
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    // The signal given to the SDK ends with the answer's head.
    for await (const chunk of addAbortSignal(abortSignal, Body)) {
      const part: Uint8Array = chunk;
      timer.refresh();
      bytes += part.length;
      if (bytes > maxBytes) throw new DecodeError('too_large', nameOf(ref), `over ${maxBytes} bytes`);
      chunks.push(part);
    }
    return Buffer.concat(chunks);
  } finally {
    clearTimeout(timer);
  }
}

function judge(error: unknown): { readonly problem: ObjectProblem; readonly errorCode: string } {
  if (!(error instanceof Error)) return { problem: 'unavailable_object', errorCode: 'UnknownError' };
  const { $metadata, code } = error as { $metadata?: { httpStatusCode?: number }; code?: unknown };
  const status = $metadata?.httpStatusCode;
  const { name } = error;
  if (GONE.has(name)) return { problem: 'missing_object', errorCode: name };
  if (name === 'AbortError') return { problem: 'unavailable_object', errorCode: 'TimeoutError' };
  // Without a status nothing answered: the network's own word says most.
  if (status === undefined || status < 400) {
    return { problem: 'unavailable_object', errorCode: typeof code === 'string' ? code : name };
  }
  if (status >= 500 || status === 429 || PASSING.test(name)) return { problem: 'unavailable_object', errorCode: name };
  return { problem: 'denied_object', errorCode: name };
}
