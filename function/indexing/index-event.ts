import { neutralise } from '../core/neutral.ts';
import { textOf } from '../core/record.ts';
import { OutOfTimeError } from '../fate-errors.ts';
import { BatchDelivery } from '../sinks/batch-delivery.ts';
import { metricsLine } from '../sinks/metrics.ts';
import type { Output } from '../sinks/output.ts';
import { type Deadline, keeping } from '../sinks/sink.ts';
import { DecodeError } from '../sources/decode-error.ts';
import { sourceOf } from '../sources/index.ts';
import type { S3Loader } from '../sources/objects/s3.ts';
import type { Delivery, Missing, Unread } from '../sources/source.ts';
import { type FateParts, Fates, type SentLine } from './fates.ts';
import { countTime, indexFigures, newIndexTally } from './tally.ts';
import { UnindexedError } from './unindexed-error.ts';

/** What indexing an event needs of its surroundings; built once per process. */
export interface Indexing extends Omit<FateParts, 'output'> {
  readonly output: Output;
  readonly loadS3: S3Loader;
  readonly region: string;
  /** What back-off is multiplied with. @default 1 */
  readonly pace?: number;
}

/** What became of an event that did not fail. */
export interface IndexOutcome {
  /** By metric name. */
  readonly figures: Record<string, number>;
  /** Items of a batch to be tried again; undefined for events that are no batch. */
  readonly failedItems: readonly string[] | undefined;
}

/** Milliseconds kept for what was read to be delivered, and for dead letters, at most: see `keeping`. */
const KEPT = { delivery: 20_000, deadLetters: 5_000 } as const;

/** Most bytes a payload that is no object may unpack to. */
const MAX_INFLATED_BYTES = 32 * 1024 * 1024;

/**
 * Takes the records of one event to the output and emits one metrics line whatever happens. An item is acknowledged when
 * each of its records was taken, was there before, or is a dead letter.
 * @throws {UnindexedError} when records of an event that is no batch are left
 * @throws {OutOfTimeError} when there was no time to read all of an event that is no batch
 * @throws {DecodeError} when nothing of an event can be told apart
 */
export async function indexEvent(indexing: Indexing, event: unknown, deadline: Deadline): Promise<IndexOutcome> {
  const run = new Run(indexing, deadline);
  const reading = keeping(KEPT.delivery, deadline);
  const objects = { load: indexing.loadS3, remaining: () => reading.remaining() };
  let isBatch = false;
  try {
    const source = sourceOf(event);
    isBatch = source.isBatch;
    const limits = { region: indexing.region, maxInflatedBytes: MAX_INFLATED_BYTES, objects };
    for await (const unit of source.open(event, limits)) {
      if (unit.kind === 'unread' || unit.kind === 'missing') run.unread(unit);
      else if (!(await run.take(unit, reading)) && !isBatch) break;
    }
    await run.finish();
  } finally {
    run.emit();
  }
  if (!isBatch) run.throwFailure();
  return { figures: run.figures(), failedItems: isBatch ? [...run.fates.failedItems] : undefined };
}

class Run {
  readonly fates: Fates;
  readonly #indexing: Indexing;
  readonly #tally = newIndexTally();
  readonly #delivery: BatchDelivery<SentLine>;
  readonly #deadline: Deadline;
  #isWhole = true;

  constructor(indexing: Indexing, deadline: Deadline) {
    const { output, pace } = indexing;
    this.#indexing = indexing;
    this.#deadline = deadline;
    const fates = new Fates({ ...indexing, output: output.name }, this.#tally);
    this.fates = fates;
    const sending = keeping(KEPT.deadLetters, deadline);
    this.#delivery = new BatchDelivery(output, sending, (line, fate) => fates.settle(line, fate), pace);
  }

  /** @returns whether all of it was read */
  async take({ kind, item, records, isObject = false }: Delivery, reading: Deadline): Promise<boolean> {
    const tally = this.#tally;
    if (kind === 'control') tally.controlMessages++;
    if (kind === 'unknown') tally.unknownMessages++;
    if (kind === 'skipped') tally.objectsSkipped++;
    for (const source of records) {
      if (reading.remaining() <= 0) {
        this.#isWhole = false;
        this.fates.fail(item, 'OutOfTime');
        return false;
      }
      tally.received++;
      const line = this.#indexing.output.lineOf(source);
      if ('unwritable' in line) {
        const { position, raw = null } = source;
        this.fates.refuse({ id: undefined, index: undefined, position, reason: line.unwritable, raw }, item);
      } else {
        countTime(tally, textOf(source.read.record?.['eventTime']));
        await this.#delivery.accept({ ...line, source, item });
      }
      if (this.fates.isFull) await this.fates.sendLetters(this.#deadline);
    }
    if (isObject) tally.objectsRead++;
    return true;
  }

  /** A missing object is acknowledged; a corrupt one is a dead letter; any other waits for another try. */
  unread({ kind, item, error }: Unread | Missing): void {
    const of = { code: error.code, path: error.path, ...(item !== undefined && { item: neutralise(item, 128) }) };
    if (kind === 'missing') {
      this.#tally.objectsMissing++;
      this.#indexing.logger.warn(of);
      return;
    }
    this.#tally.deliveriesFailed++;
    this.#indexing.logger.error({ ...of, ...('problem' in error ? { problem: error.problem } : {}) });
    if (error instanceof DecodeError) {
      const reason = error.message;
      this.fates.refuse({ id: undefined, index: undefined, position: error.path, reason, raw: undefined }, item);
    } else this.fates.fail(item, error.message);
  }

  async finish(): Promise<void> {
    await this.#delivery.settle();
    await this.fates.sendLetters(this.#deadline);
  }

  figures(): Record<string, number> {
    return indexFigures(this.#tally, this.#delivery.requests, this.#indexing.now());
  }

  emit(): void {
    const { logger, functionName, now } = this.#indexing;
    logger.info(metricsLine(functionName, this.figures(), {}, now()));
  }

  throwFailure(): void {
    const { left, received } = this.#tally;
    if (!this.#isWhole) throw new OutOfTimeError(received);
    if (this.fates.failure !== undefined) throw new UnindexedError(left, this.fates.failure);
  }
}
