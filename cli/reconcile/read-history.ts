import { DecodeError } from '../../function/sources/decode-error.ts';
import { ObjectError } from '../../function/sources/objects/object-error.ts';
import { recordsOfObject } from '../../function/sources/objects/open-object.ts';
import type { S3Loader } from '../../function/sources/objects/s3.ts';
import type { HistoryObject } from '../backfill/selection.ts';
import type { Io } from '../command.ts';
import type { HistoryFindings } from './history-findings.ts';

/** What was read of a history. */
export interface ReadHistory {
  readonly objects: number;
  /** Objects that could not be read: of them nothing is proven. */
  readonly unread: number;
}

/** Objects fetched ahead. */
const AHEAD = 4;

/** Milliseconds for one object at most. */
const PATIENCE = 120_000;

/** Reads every object in order, some ahead. What cannot be read is said, and costs the others nothing. */
export async function readHistory(
  io: Io,
  load: S3Loader,
  bucket: string,
  objects: AsyncIterable<HistoryObject>,
  findings: HistoryFindings,
  stop: AbortSignal,
): Promise<ReadHistory> {
  let [read, unread] = [0, 0];
  const ahead: ReturnType<typeof open>[] = [];
  const open = async ({ key }: HistoryObject) => {
    const end = performance.now() + PATIENCE;
    try {
      return await recordsOfObject({ load, remaining: () => end - performance.now() }, { bucket, key });
    } catch (error) {
      if (error instanceof ObjectError || error instanceof DecodeError) return error;
      throw error;
    }
  };
  const take = async () => {
    const records = await ahead.shift();
    if (records === undefined) return;
    if (records instanceof Error) {
      unread++;
      const needs =
        records.code === 'denied_object' ? ': the credentials in use need s3:GetObject and kms:Decrypt' : '';
      io.say(`trailbell: not read: ${records.message}${needs}`);
      return;
    }
    read++;
    for (const source of records) findings.take(source);
  };
  for await (const object of objects) {
    if (stop.aborted) break;
    ahead.push(open(object));
    // One that fails before its turn is no unhandled rejection.
    ahead.at(-1)?.catch(() => undefined);
    if (ahead.length > AHEAD) await take();
  }
  while (ahead.length > 0) await take();
  return { objects: read, unread };
}
