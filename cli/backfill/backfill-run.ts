import { neutralise } from '../../function/core/neutral.ts';
import type { Io } from '../command.ts';
import { type Pace, REFUSED_IN_A_ROW } from '../redrive/run.ts';
import type { HistoryObject } from './selection.ts';
import { type BackfillState, NOTHING_DONE, type StateFile } from './state.ts';
import type { Target } from './target.ts';
import { Watermark } from './watermark.ts';

/** What a backfill works with. */
export interface Backfill {
  readonly io: Io;
  readonly target: Target;
  /** The objects after a key, in the order of keys. */
  readonly objectsAfter: (key: string | undefined) => AsyncIterable<HistoryObject>;
  readonly pace: Pace;
  readonly concurrency: number;
  /** Aborted when the run is to end. */
  readonly stop: AbortSignal;
  /** Undefined where nothing is resumed. */
  readonly state: StateFile | undefined;
}

/** Milliseconds that one step may take at most, and that what is in hand has when the run is to end. */
const TIME = { step: 15 * 60_000, grace: 20_000 } as const;

/** Milliseconds between two writings of the state: what is done in between may be done twice. */
const WRITE_EVERY = 1_000;

/** Failed objects that are remembered at most. */
const MAX_FAILED = 10_000;

/** One run of a backfill. Objects that failed in an earlier run come first. */
export class BackfillRun {
  /** Objects done by this run. */
  done = 0;
  /** Keys to be tried again, those of earlier runs included. */
  readonly failed: Set<string>;
  readonly #backfill: Backfill;
  readonly #before: BackfillState;
  readonly #old: ReadonlySet<string>;
  readonly #mark: Watermark;
  readonly #inHand = new Set<Promise<void>>();
  #failedInARow = 0;
  /** True while objects are tried that failed in an earlier run. */
  #isAgain = true;
  #problem: unknown;
  #endsAt = Number.POSITIVE_INFINITY;
  #writing: Promise<void> = Promise.resolve();

  constructor(backfill: Backfill, before: BackfillState = NOTHING_DONE) {
    this.#backfill = backfill;
    this.#before = before;
    this.failed = new Set(before.failed);
    this.#old = new Set(before.failed);
    this.#mark = new Watermark(before.lastKey);
  }

  /**
   * Takes everything there is to its target.
   * @returns true when nothing is left, and the state file is gone
   * @throws {AwsProblem} when the bucket refuses
   */
  async run(): Promise<boolean> {
    const { stop, state, target } = this.#backfill;
    const ends = () => {
      this.#endsAt = performance.now() + TIME.grace;
    };
    stop.addEventListener('abort', ends, { once: true });
    const timer = setInterval(() => this.#writeInTime(), WRITE_EVERY);
    let isWhole = false;
    try {
      const isAll = await this.#takeAll();
      await Promise.all(this.#inHand);
      if (this.#problem !== undefined) throw this.#problem;
      await target.finish();
      isWhole = isAll && !stop.aborted && this.failed.size === 0;
      return isWhole;
    } finally {
      clearInterval(timer);
      stop.removeEventListener('abort', ends);
      await Promise.all(this.#inHand);
      await this.#writing;
      await (isWhole ? state?.remove() : this.#write());
    }
  }

  /** @returns whether the end was reached */
  async #takeAll(): Promise<boolean> {
    await this.#takeEach(this.#before.failed.map((key) => ({ key, bytes: 0 })));
    await Promise.all(this.#inHand);
    // Objects that fail each time, corrupt ones say, bar no others.
    this.#isAgain = false;
    this.#failedInARow = 0;
    return this.#takeEach(this.#backfill.objectsAfter(this.#before.lastKey));
  }

  /** @returns whether the end was reached */
  async #takeEach(objects: Iterable<HistoryObject> | AsyncIterable<HistoryObject>): Promise<boolean> {
    const { target, pace, stop } = this.#backfill;
    if (this.#isEnding()) return false;
    let step: HistoryObject[] = [];
    for await (const object of objects) {
      await pace.next(stop);
      if (this.#isEnding()) return false;
      step.push(object);
      if (step.length < target.atOnce) continue;
      await this.#start(step);
      step = [];
    }
    if (step.length > 0) await this.#start(step);
    return !this.#isEnding();
  }

  #isEnding(): boolean {
    return this.#backfill.stop.aborted || this.#problem !== undefined || this.#isHopeless();
  }

  #isHopeless(): boolean {
    const areTooMany = this.failed.size >= Math.max(MAX_FAILED, this.#before.failed.length + 1);
    return this.#failedInARow >= REFUSED_IN_A_ROW * this.#backfill.target.atOnce || areTooMany;
  }

  async #start(step: readonly HistoryObject[]): Promise<void> {
    const concurrency = this.#backfill.target.inOneGo ? 1 : this.#backfill.concurrency;
    while (this.#inHand.size >= concurrency) await Promise.race(this.#inHand);
    if (this.#isEnding()) return;
    const ends = step.map(({ key }) => (this.#old.has(key) ? () => undefined : this.#mark.begin(key)));
    const taking: Promise<void> = this.#take(step)
      .then(() => {
        for (const end of ends) end();
      })
      .catch((error: unknown) => {
        this.#problem ??= error;
      })
      .finally(() => this.#inHand.delete(taking));
    this.#inHand.add(taking);
  }

  async #take(step: readonly HistoryObject[]): Promise<void> {
    const { target, io } = this.#backfill;
    const end = performance.now() + TIME.step;
    const remaining = () => Math.min(end, this.#endsAt) - performance.now();
    const left = new Set(await target.take(step, { remaining }));
    const wasHopeless = this.#isHopeless();
    for (const { key } of step) {
      if (left.has(key)) {
        // Behind the others, which the next run then tries before it.
        this.failed.delete(key);
        this.failed.add(key);
        this.#failedInARow++;
      } else {
        this.failed.delete(key);
        this.#failedInARow = 0;
        this.done++;
      }
    }
    const [first] = left;
    if (first === undefined || wasHopeless || !this.#isHopeless()) return;
    const then = this.#isAgain ? 'what else failed before waits for the next run' : 'mend that first';
    io.say(`${this.#failedInARow} in a row failed, the last ${neutralise(first, 1_100)}: ${then}`);
  }

  /** Before anything is done there is nothing to go on with. */
  async #write(): Promise<void> {
    const objects = this.#before.objects + this.done;
    if (objects + this.failed.size === 0) return;
    await this.#backfill.state?.write({ lastKey: this.#mark.last, objects, failed: [...this.failed] });
  }

  #writeInTime(): void {
    this.#writing = this.#writing
      .then(() => this.#write())
      .catch((error: unknown) => {
        this.#problem ??= error;
      });
  }
}
