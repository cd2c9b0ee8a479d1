import { isFull, nextBatch, sizeOf } from '../core/forwarding/batching.ts';
import type { KinesisLoader } from './kinesis.ts';
import { putRequest, type StreamEntry, type StreamName } from './kinesis-request.ts';
import type { Deadline } from './sink.ts';
import { OUT_OF_TIME } from './sns-errors.ts';

/** The stream that takes records. */
export interface Stream extends StreamName {
  readonly load: KinesisLoader;
  /** True to keep the order of entries of one key. */
  readonly inOrder: boolean;
}

interface Counts {
  /** Records the stream confirmed. */
  shipped: number;
  /** Entries the stream confirmed. */
  entries: number;
  /** Entries put another time, counted each time. */
  retried: number;
  /** Records confirmed of which the stream may have another copy, from a call without an answer. */
  possiblyRepeated: number;
}

/** What became of entries; records are CloudTrail's, however they were packed. */
export interface Put extends Readonly<Counts> {
  /** Why not every entry was taken; undefined when every one was. */
  readonly errorCode: string | undefined;
}

/** Back-off between attempts, in milliseconds: doubling from the first to the last, with full jitter. */
const BACKOFF = { first: 100, last: 5_000 } as const;

/**
 * Puts entries into a stream, reading some 5 MiB of them ahead. Entries that the stream refuses for the moment, and no
 * others, are put again with back-off until the deadline. What it refuses for good, or the deadline leaves unput or even
 * unread, makes `errorCode`. In order means: of each key one entry is on its way at a time, in the order of reading, and
 * one that is refused holds back the later ones of its key. A call that is never answered and put again can leave two
 * copies, in order the one right after the other.
 */
export async function putAll(stream: Stream, entries: Iterable<StreamEntry>, deadline: Deadline): Promise<Put> {
  const ahead = new ReadAhead(entries, stream.inOrder);
  const put = { shipped: 0, entries: 0, retried: 0, possiblyRepeated: 0 };
  try {
    const stopped = await putRead(stream, ahead, put, deadline);
    return { ...put, errorCode: stopped ?? ahead.refusal };
  } finally {
    ahead.close();
  }
}

/** @returns why it stopped before the end, if it did */
async function putRead(stream: Stream, ahead: ReadAhead, put: Counts, deadline: Deadline): Promise<string | undefined> {
  const maybeTaken = new Set<StreamEntry>();
  let failures = 0;
  let lastSaid = OUT_OF_TIME;
  while (ahead.fill()) {
    if (deadline.remaining() <= 0) return lastSaid;
    const batch = ahead.take();
    const again: StreamEntry[] = [];
    let stopped: string | undefined;
    const answers = await putRequest(await stream.load(), stream, batch, deadline);
    for (const [index, entry] of batch.entries()) {
      const answer = answers[index];
      if (answer?.said === 'taken') {
        put.shipped += entry.records;
        put.entries++;
        if (maybeTaken.delete(entry)) put.possiblyRepeated += entry.records;
      } else if (answer?.said === 'no') {
        ahead.refuse(entry, answer.errorCode);
        if (answer.forAll) stopped = answer.errorCode;
      } else {
        again.push(entry);
        if (answer?.maybeTaken) maybeTaken.add(entry);
        if (answer !== undefined && answer.errorCode !== OUT_OF_TIME) lastSaid = answer.errorCode;
      }
    }
    if (stopped !== undefined) return stopped;
    if (again.length === 0) {
      failures = 0;
      lastSaid = OUT_OF_TIME;
      continue;
    }
    ahead.putBack(again);
    const pause = Math.random() * Math.min(BACKOFF.last, BACKOFF.first * 2 ** failures++);
    if (deadline.remaining() <= pause) return lastSaid;
    put.retried += again.length;
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
  return undefined;
}

/** Entries read and not yet taken: enough for the next request and no more, none behind a refused one of its key. */
class ReadAhead {
  readonly #reader: Iterator<StreamEntry>;
  readonly #inOrder: boolean;
  readonly #refusedKeys = new Set<string>();
  #waiting: readonly StreamEntry[] = [];
  #isDone = false;
  /** Why the first entry was refused for good, if any was. */
  refusal: string | undefined;

  constructor(entries: Iterable<StreamEntry>, inOrder: boolean) {
    this.#reader = entries[Symbol.iterator]();
    this.#inOrder = inOrder;
  }

  /** Reads on. @returns false when there is nothing to take any more */
  fill(): boolean {
    const filled = [...this.#waiting];
    let bytes = filled.reduce((sum, entry) => sum + sizeOf(entry), 0);
    while (!this.#isDone && !isFull(filled.length, bytes)) {
      const next = this.#reader.next();
      if (next.done === true) this.#isDone = true;
      else if (!this.#refusedKeys.has(next.value.key)) {
        filled.push(next.value);
        bytes += sizeOf(next.value);
      }
    }
    this.#waiting = filled;
    return filled.length > 0;
  }

  /** The entries of the next request. */
  take(): readonly StreamEntry[] {
    const { batch, left } = nextBatch(this.#waiting, this.#inOrder);
    this.#waiting = left;
    return batch;
  }

  putBack(again: readonly StreamEntry[]): void {
    this.#waiting = [...again, ...this.#waiting];
  }

  refuse({ key }: StreamEntry, errorCode: string): void {
    this.refusal ??= errorCode;
    if (!this.#inOrder) return;
    this.#refusedKeys.add(key);
    this.#waiting = this.#waiting.filter((entry) => entry.key !== key);
  }

  /** Lets whatever feeds the reader go. */
  close(): void {
    if (!this.#isDone) this.#reader.return?.();
  }
}
