import { randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { UsageError } from '../usage-error.ts';
import { type PageInput, pageText } from './page-text.ts';

/** What a disk says of a place where nobody can write. */
const UNWRITABLE: ReadonlySet<unknown> = new Set(['ENOENT', 'ENOTDIR', 'EISDIR', 'EACCES', 'EPERM', 'EROFS']);

/**
 * Writes the page into `file`, readable by its owner alone. It is there whole or not at all: what was there before stays
 * until all is written. Neither the findings nor the page are ever in memory as a whole.
 * @throws {UsageError} where nothing can be written
 */
export async function writeReport(file: string, input: PageInput): Promise<void> {
  const partial = `${file}.${randomBytes(6).toString('hex')}.partial`;
  const opened = await orUsage(file, open(partial, 'wx', 0o600));
  try {
    await pipeline(Readable.from(pageText(input)), opened.createWriteStream());
    await orUsage(file, rename(partial, file));
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

function orUsage<T>(file: string, done: Promise<T>): Promise<T> {
  return done.catch((cause: unknown) => {
    if (!(cause instanceof Error && 'code' in cause && UNWRITABLE.has(cause.code))) throw cause;
    const said = `--html ${file}: cannot be written (${cause.code}): name a file in a folder of yours`;
    throw new UsageError(said, { cause });
  });
}
