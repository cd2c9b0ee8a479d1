import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createGunzip, gunzipSync } from 'node:zlib';
import { reasonOf, statOf } from './files.ts';
import { InputError } from './input-error.ts';
import { type Piece, pieceOf, piecesOf } from './pieces.ts';

/** Bytes of a file that is read at once. */
const SMALL_FILE = 8 * 1024 * 1024;

/** Bytes it may unpack to then: CloudTrail's largest log file has 50 MB. */
const MAX_SMALL = 64 * 1024 * 1024;

/** Bytes read, and unpacked, at a time. */
const CHUNK = { read: 256 * 1024, unpacked: 512 * 1024 } as const;

/** Bytes that are unpacked ahead, in a thread of the system, while others are rated. */
const AHEAD = { readableHighWaterMark: 4 * 1024 * 1024 } as const;

/**
 * An input, `-` or a file, in pieces, unpacked when it is gzip. A small file that is damaged gives none.
 * @param onRead is told of bytes as they are read, packed
 * @param how `in pieces` to cut lines of a small file, too
 * @throws {InputError} when the input cannot be read, or read on, with the cause
 */
export async function* openInput(
  input: string,
  onRead = (_bytes: number): void => undefined,
  how: 'at once if small' | 'in pieces' = 'at once if small',
): AsyncGenerator<Piece> {
  if (input !== '-' && how === 'at once if small') {
    const { size } = await statOf(input);
    const small = size > SMALL_FILE ? undefined : unpackedIfSmall(await bytesOf(input), input);
    if (small !== undefined) {
      onRead(size);
      yield pieceOf(small);
      return;
    }
  }
  const chunks = input === '-' ? process.stdin : createReadStream(input, { highWaterMark: CHUNK.read });
  yield* piecesOf(unpacked(chunks, input, onRead), input);
}

/**
 * Bytes that are all at hand, unpacked when they are gzip; undefined for what unpacks to too much for that.
 * @throws {InputError} for damaged gzip
 */
export function unpackedIfSmall(bytes: Uint8Array, input: string): Uint8Array | undefined {
  if (!isGzip(bytes)) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: MAX_SMALL, chunkSize: chunkSizeFor(bytes) });
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ERR_BUFFER_TOO_LARGE') return undefined;
    throw new InputError(input, 'damaged or truncated gzip', { cause });
  }
}

/** The same chunks, unpacked when they are gzip. @throws {InputError} where they end too early, or cannot be read on */
export async function* unpacked(
  chunks: AsyncIterable<Uint8Array>,
  input: string,
  onRead: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  const source = countedChunks(chunks, onRead)[Symbol.asyncIterator]();
  let isPacked = false;
  try {
    // The two bytes that tell gzip may come one by one.
    let first: Uint8Array = new Uint8Array(0);
    while (first.length < 2) {
      const { value, done } = await source.next();
      if (done) break;
      first = first.length === 0 ? value : Buffer.concat([first, value]);
    }
    isPacked = isGzip(first);
    const rest = { [Symbol.asyncIterator]: () => source };
    if (!isPacked) {
      if (first.length > 0) yield first;
      yield* rest;
      return;
    }
    const gunzip = createGunzip({ chunkSize: CHUNK.unpacked, ...AHEAD });
    const feeding = feed(gunzip, first, rest);
    // What stops the reading stops the unpacking, which then tells of it.
    feeding.catch((error: unknown) => gunzip.destroy(error instanceof Error ? error : new Error(String(error))));
    yield* gunzip;
    await feeding;
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    throw new InputError(input, code.startsWith('Z_') ? 'damaged or truncated gzip' : reasonOf(cause), { cause });
  }
}

async function feed(
  gunzip: ReturnType<typeof createGunzip>,
  first: Uint8Array,
  rest: AsyncIterable<Uint8Array>,
): Promise<void> {
  const write = (chunk: Uint8Array) => {
    if (gunzip.write(chunk) || gunzip.destroyed) return undefined;
    return new Promise<void>((resolve) => {
      const on = () => {
        gunzip.off('drain', on).off('close', on);
        resolve();
      };
      gunzip.on('drain', on).on('close', on);
    });
  };
  await write(first);
  for await (const chunk of rest) {
    if (gunzip.destroyed) return;
    await write(chunk);
  }
  gunzip.end();
}

async function* countedChunks(
  chunks: AsyncIterable<Uint8Array>,
  onRead: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    onRead(chunk.length);
    yield chunk;
  }
}

async function bytesOf(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw new InputError(file, reasonOf(cause), { cause });
  }
}

function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** What the data says it unpacks to, so that it comes in one piece, and never a large lie. @see https://www.rfc-editor.org/rfc/rfc1952 */
function chunkSizeFor(bytes: Uint8Array): number {
  if (bytes.length < 18) return 16 * 1024;
  const said = new DataView(bytes.buffer, bytes.byteOffset + bytes.length - 4, 4).getUint32(0, true);
  return Math.min(Math.max(said + 1, 16 * 1024), MAX_SMALL);
}
