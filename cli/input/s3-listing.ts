import { kindOfKey } from '../../function/sources/objects/object-key.ts';
import { AwsProblem } from '../aws/problem.ts';
import { Bucket } from '../backfill/bucket.ts';
import { historyOf } from '../backfill/history.ts';
import { locationOf } from '../backfill/location.ts';
import { useRegion } from '../run/region.ts';
import { RECORD_FILE } from './files.ts';
import { InputError } from './input-error.ts';

/** An object to be read. */
export interface ListedObject {
  readonly bucket: string;
  readonly key: string;
  readonly bytes: number;
}

/** Milliseconds by which CloudTrail may deliver late, where `--until` limits what is listed. */
const LATE = 7 * 24 * 60 * 60_000;

/** True for an input that is a place in a bucket. */
export function isBucketPlace(input: string): boolean {
  return input.startsWith('s3://');
}

/**
 * The objects of a place in a bucket that can hold records of calls, as they are listed: CloudTrail's log files, of an
 * organization's trail too, and elsewhere any file that could be one. With times, folders of other days are not listed.
 * @param onSkipped is told of each object that holds none: digests, Insights, and others
 * @throws {InputError} when S3 refuses, naming the permission that is missing
 * @throws {UsageError} for what is no place in a bucket
 */
export async function* objectsOf(
  input: string,
  { since, until }: { readonly since: number | undefined; readonly until: number | undefined },
  onSkipped: () => void,
): AsyncGenerator<ListedObject> {
  const location = locationOf(input);
  const { bucket: name, prefix } = location;
  try {
    await useRegion(undefined);
    const bucket = await Bucket.open(name);
    if (since !== undefined || until !== undefined) {
      const from = since === undefined ? undefined : new Date(since);
      const to = until === undefined ? undefined : new Date(until + LATE);
      const selection = { ...location, from, until: to, accounts: undefined, regions: undefined };
      for await (const { key, bytes } of historyOf(bucket, selection, new Date())) yield { bucket: name, key, bytes };
      return;
    }
    for await (const { objects } of bucket.pages(prefix, 'objects')) {
      for (const { key, bytes } of objects) {
        if (holdsRecords(key)) yield { bucket: name, key, bytes };
        else if (!key.endsWith('/')) onSkipped();
      }
    }
  } catch (cause) {
    if (!(cause instanceof AwsProblem)) throw cause;
    throw new InputError(input, cause.message, { cause });
  }
}

function holdsRecords(key: string): boolean {
  const kind = kindOfKey(key);
  if (kind === 'CloudTrail') return true;
  return kind === 'other' && RECORD_FILE.test(key) && !/(?:^|\/)AWSLogs\//.test(key);
}
