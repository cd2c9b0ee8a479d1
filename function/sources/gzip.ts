import { gunzipSync } from 'node:zlib';
import { DecodeError } from './decode-error.ts';

/**
 * Unpacks base64 of gzip. The output is bounded while it is produced, so a small input cannot exhaust memory.
 * @param path where the text stands in the event, for messages
 * @throws {DecodeError} `not_base64`, `not_gzip`, `truncated` or `too_large`, with the cause
 */
export function unpack(base64: string, path: string, maxInflatedBytes: number): string {
  try {
    return inflate(Buffer.from(base64, 'base64'), path, maxInflatedBytes, {
      hint: ' (setting MAX_INFLATED_BYTES)',
    }).toString('utf8');
  } catch (cause) {
    // Node's decoder passes over what is not base64, so that it shows only here.
    const broken = cause instanceof DecodeError && cause.problem !== 'too_large' && !BASE64.test(base64);
    throw broken ? new DecodeError('not_base64', path, 'not base64', { cause }) : cause;
  }
}

const BASE64 = /^[A-Za-z0-9+/_-]*={0,2}$/;

/** How {@link inflate} goes about it. */
export interface Bounds {
  /** Follows the limit in the message. @default nothing */
  readonly hint?: string;
  /** Most bytes taken at once on the word of the data; what fits into one piece is never copied. @default 2 MB */
  readonly maxChunk?: number;
}

/**
 * Unpacks gzip of any number of members, bounded while it is produced.
 * @throws {DecodeError} `not_gzip`, `truncated` or `too_large`, with the cause
 */
export function inflate(bytes: Uint8Array, path: string, maxInflatedBytes: number, bounds: Bounds = {}): Buffer {
  const { hint = '', maxChunk = CHUNK.most } = bounds;
  try {
    return gunzipSync(bytes, { maxOutputLength: maxInflatedBytes, chunkSize: chunkSizeFor(bytes, maxChunk) });
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    if (code === 'ERR_BUFFER_TOO_LARGE') {
      const detail = `unpacks to more than ${maxInflatedBytes} bytes${hint}`;
      throw new DecodeError('too_large', path, detail, { cause });
    }
    if (code === 'Z_BUF_ERROR') throw new DecodeError('truncated', path, 'gzip data ends too early', { cause });
    throw new DecodeError('not_gzip', path, 'not gzip', { cause });
  }
}

/** Bytes of one output chunk: the size the data says it unpacks to, so that one chunk does, and never a large lie. */
function chunkSizeFor(bytes: Uint8Array, most: number): number {
  // The last four bytes are the unpacked size modulo 2^32. @see https://www.rfc-editor.org/rfc/rfc1952
  const claimed =
    bytes.length < 18 ? 0 : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).readUInt32LE(bytes.length - 4);
  return Math.min(Math.max(claimed + 1, CHUNK.least), most);
}

const CHUNK = { least: 16 * 1024, most: 2 * 1024 * 1024 } as const;
