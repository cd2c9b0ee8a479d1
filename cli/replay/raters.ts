import { Worker } from 'node:worker_threads';
import { compilePolicy } from '../../function/core/policy.ts';
import type { Severities } from '../../function/core/severities/model.ts';
import { ObjectReader } from '../input/s3-objects.ts';
import { type Descriptors, type Question, Rating, type RatingParts } from './rating.ts';
import type { FromThread, ThreadData, ToThread } from './thread-messages.ts';
import { rateUnit, type Unit, type UnitDone } from './unit.ts';

/** What all ratings of a replay begin with. */
export interface RatersData {
  readonly current: Severities;
  readonly proposed: Severities | undefined;
  readonly question: Question;
}

/** Those who rate units: this thread, or others. */
export interface Raters {
  /** Hands a unit over, and resolves when there is room for another. `onDone` is called when it is rated. */
  rate(number: number, unit: Unit, onDone: (done: UnitDone) => void): Promise<void>;
  /** What came of all units, once all are rated. Nothing is handed over any more. */
  finish(): Promise<readonly RatingParts[]>;
  /** Ends whatever goes on. */
  stop(): Promise<void>;
}

/** Rates in this thread: for little, as quick as it gets. */
export function localRaters({ current, proposed, question }: RatersData, descriptors: Descriptors): Raters {
  const policies = { current: compilePolicy(current), proposed: proposed && compilePolicy(proposed) };
  const rating = new Rating(policies, question, descriptors);
  const objects = new ObjectReader();
  return {
    async rate(number, unit, onDone) {
      onDone(await rateUnit(rating, unit, number, objects));
    },
    finish: async () => [rating.finish()],
    stop: async () => undefined,
  };
}

/** Units a thread has at once: one it rates and one that waits; of objects some more, which it fetches meanwhile. */
const AT_ONCE = { object: 6, input: 2, piece: 3 } as const;

/** Rates in so many threads as there are files for them. */
export function threadRaters(data: RatersData, descriptors: readonly Descriptors[]): Raters {
  let failed: Error | undefined;
  let wake = (): void => undefined;
  const threads = descriptors.map((files) => new Thread({ ...data, descriptors: files }));
  for (const thread of threads) {
    thread.onChange = () => wake();
    thread.onError = (error) => {
      failed ??= error;
      wake();
    };
  }
  /** Waits until `isSo`, looked at whenever something changes. */
  const until = async (isSo: () => boolean) => {
    while (failed === undefined && !isSo()) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    if (failed) throw failed;
  };
  return {
    async rate(number, unit, onDone) {
      const idlest = threads.reduce((a, b) => (b.units < a.units ? b : a));
      idlest.rate(number, unit, onDone);
      await until(() => threads.some(({ units }) => units < AT_ONCE[unit.kind]));
    },
    async finish() {
      for (const thread of threads) thread.end();
      await until(() => threads.every(({ parts }) => parts !== undefined));
      return threads.flatMap(({ parts }) => parts ?? []);
    },
    async stop() {
      await Promise.all(threads.map((thread) => thread.stop()));
    },
  };
}

/** One thread, as this one sees it. */
class Thread {
  onChange = (): void => undefined;
  onError = (_error: Error): void => undefined;
  parts: RatingParts | undefined;
  readonly #worker: Worker;
  readonly #waiting = new Map<number, (done: UnitDone) => void>();

  constructor(data: ThreadData) {
    // The bundle has the entry beside itself, the sources beside this file.
    const entry = new URL(import.meta.url.endsWith('.ts') ? 'rating-thread.ts' : 'rating-thread.js', import.meta.url);
    this.#worker = new Worker(entry, { workerData: data });
    this.#worker.on('error', (error) => this.onError(error instanceof Error ? error : new Error(String(error))));
    this.#worker.on('message', (message: FromThread) => {
      if (message.kind === 'done') {
        this.#waiting.get(message.number)?.(message.done);
        this.#waiting.delete(message.number);
      } else this.parts = message.parts;
      this.onChange();
    });
  }

  /** Units handed over and not done. */
  get units(): number {
    return this.#waiting.size;
  }

  rate(number: number, unit: Unit, onDone: (done: UnitDone) => void): void {
    this.#waiting.set(number, onDone);
    if (unit.kind !== 'piece' || !('bytes' in unit.piece)) {
      this.#send({ kind: 'unit', number, unit });
      return;
    }
    // Memory that is shared with others stays here.
    const { bytes } = unit.piece;
    const isShared = bytes.byteLength < bytes.buffer.byteLength / 2;
    const own = isShared ? Uint8Array.from(bytes) : new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#send({ kind: 'unit', number, unit: { ...unit, piece: { ...unit.piece, bytes: own } } }, own.buffer);
  }

  end(): void {
    this.#send({ kind: 'end' });
  }

  async stop(): Promise<void> {
    await this.#worker.terminate();
  }

  #send(message: ToThread, memory?: ArrayBufferLike): void {
    this.#worker.postMessage(message, memory instanceof ArrayBuffer ? [memory] : []);
  }
}
