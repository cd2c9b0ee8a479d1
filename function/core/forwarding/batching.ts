/** What one request of PutRecords takes of an entry's measures. */
export interface Sized {
  readonly key: string;
  readonly data: Uint8Array;
}

/** @see https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecords.html */
const MAX_ENTRIES = 500;

/**
 * Bytes of a request, keys included, past which no entry is added. The limit was 5 MiB until streams of larger records
 * came, and is 10 MiB since; what is within the older one goes everywhere, and one larger entry goes alone.
 * @see https://docs.aws.amazon.com/streams/latest/dev/large-records.html
 */
const MAX_REQUEST_BYTES = 5 * 1024 * 1024;

/** Bytes that Kinesis counts: data and key. */
export function sizeOf({ key, data }: Sized): number {
  return data.length + Buffer.byteLength(key);
}

/** True when reading more would not make the next request any larger. */
export function isFull(entries: number, bytes: number): boolean {
  return entries >= MAX_ENTRIES || bytes >= MAX_REQUEST_BYTES;
}

/** Entries for one request, and those that wait for another, both in their order. */
export interface Batch<T> {
  readonly batch: readonly T[];
  readonly left: readonly T[];
}

/**
 * The next request's entries: from the front, as many as fit, at least one when there is any.
 * @param oneOfAKey true to take the first of each key only: Kinesis goes on past an entry that failed, so that a later one
 * of its key would overtake it, even within a request
 */
export function nextBatch<T extends Sized>(waiting: readonly T[], oneOfAKey: boolean): Batch<T> {
  const batch: T[] = [];
  const left: T[] = [];
  const held = new Set<string>();
  let bytes = 0;
  for (const entry of waiting) {
    const size = sizeOf(entry);
    const fits = batch.length < MAX_ENTRIES && (batch.length === 0 || bytes + size <= MAX_REQUEST_BYTES);
    if (fits && !(oneOfAKey && held.has(entry.key))) {
      batch.push(entry);
      bytes += size;
    } else {
      left.push(entry);
    }
    // One that does not fit holds back its key, too.
    if (oneOfAKey) held.add(entry.key);
  }
  return { batch, left };
}
