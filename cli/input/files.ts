import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { InputError } from './input-error.ts';

/** Most bytes one input may hold, unpacked: a JavaScript string holds no more. */
const MAX_INPUT_BYTES = 480 * 1024 * 1024;

/** Files of a folder that can hold records; others are passed over. */
const RECORD_FILE = /\.(?:json|ndjson|jsonl|log)(?:\.gz)?$/i;

/** The inputs a command line names: `-` stays itself, folders become their record files, sorted. @throws {InputError} */
export async function listInputs(names: readonly string[]): Promise<string[]> {
  const inputs: string[] = [];
  for (const name of names) {
    if (name === '-' || !(await statOf(name)).isDirectory()) {
      inputs.push(name);
      continue;
    }
    const found = await recordFilesUnder(name);
    if (found.length === 0) throw new InputError(name, 'the folder holds no .json, .ndjson, .jsonl or .log file');
    for (const file of found) inputs.push(file);
  }
  return inputs;
}

/** The text of one input, unpacked when it is gzip, without a byte order mark. @throws {InputError} when it cannot be read, with the cause */
export async function readText(input: string): Promise<string> {
  const bytes = await readBytes(input);
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  try {
    const plain = isGzip ? gunzipSync(bytes, { maxOutputLength: MAX_INPUT_BYTES }) : bytes;
    if (plain.length > MAX_INPUT_BYTES) throw new InputError(input, `over ${MAX_INPUT_BYTES} bytes: split it`);
    const text = plain.toString('utf8');
    return text.startsWith('\ufeff') ? text.slice(1) : text;
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    const tooLarge = cause instanceof Error && 'code' in cause && cause.code === 'ERR_BUFFER_TOO_LARGE';
    const detail = tooLarge ? `unpacks to over ${MAX_INPUT_BYTES} bytes: split it` : 'damaged or truncated gzip';
    throw new InputError(input, detail, { cause });
  }
}

async function readBytes(input: string): Promise<Buffer> {
  try {
    if (input !== '-') return await readFile(input);
    const chunks: Buffer[] = [];
    for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks);
  } catch (cause) {
    throw new InputError(input, reasonOf(cause), { cause });
  }
}

async function recordFilesUnder(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => !entry.isDirectory() && RECORD_FILE.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
  } catch (cause) {
    throw new InputError(folder, reasonOf(cause), { cause });
  }
}

async function statOf(name: string) {
  try {
    return await stat(name);
  } catch (cause) {
    throw new InputError(name, reasonOf(cause), { cause });
  }
}

function reasonOf(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code === 'ENOENT') return 'no such file or folder';
  if (code === 'EACCES' || code === 'EPERM') return 'no permission to read it';
  if (code === 'ERR_FS_FILE_TOO_LARGE') return 'too large to read: split it';
  return cause instanceof Error ? cause.message : 'cannot be read';
}
