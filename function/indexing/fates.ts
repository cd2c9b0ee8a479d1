import { neutralise } from '../core/neutral.ts';
import type { SourceRecord } from '../core/record.ts';
import type { LineFate } from '../sinks/batch-delivery.ts';
import { type DeadLetter, deadLetterBody } from '../sinks/dead-letter-body.ts';
import { type Letter, sendDeadLetters } from '../sinks/dead-letters.ts';
import type { Logger } from '../sinks/logger.ts';
import type { OutputLine } from '../sinks/output.ts';
import type { Deadline } from '../sinks/sink.ts';
import type { SqsLoader } from '../sinks/sqs.ts';
import type { IndexTally } from './tally.ts';

/** A record's line, and the item of the batch it came in; undefined for events that are no batch. */
export interface SentLine extends OutputLine {
  readonly source: SourceRecord;
  readonly item: string | undefined;
}

/** Where what is refused for good goes, and what it says of itself. */
export interface FateParts {
  readonly output: string;
  readonly functionName: string;
  /** Undefined where no queue is set up: then a refusal leaves the item for another try. */
  readonly deadLetters: { readonly load: SqsLoader; readonly queueUrl: string } | undefined;
  readonly logger: Logger;
  readonly now: () => Date;
}

/** Letters gathered before they are sent. */
const GATHERED = 100;

/** Refusals and lines left that the log names one by one; the metrics count all. */
const NAMED = 20;

/** What stands in a dead letter, and the item it answers for. */
interface Sentenced {
  readonly item: string | undefined;
  readonly position: string;
  /** False for an object, which counts as no record. */
  readonly isRecord: boolean;
}

/** Keeps what became of every record of an event, and so of every item of a batch. */
export class Fates {
  /** Items of a batch that must be tried again. */
  readonly failedItems = new Set<string>();
  /** Why something was left that came in no item; the first reason. */
  failure: string | undefined;
  readonly #parts: FateParts;
  readonly #tally: IndexTally;
  #letters: Letter<Sentenced>[] = [];
  #named = 0;

  constructor(parts: FateParts, tally: IndexTally) {
    this.#parts = parts;
    this.#tally = tally;
  }

  /** True when it is time to {@link sendLetters}. */
  get isFull(): boolean {
    return this.#letters.length >= GATHERED;
  }

  /** Notes what the output said of a line. */
  settle({ item, source, id, index }: SentLine, fate: LineFate): void {
    switch (fate.kind) {
      case 'taken':
        this.#tally.delivered++;
        return;
      case 'repeated':
        this.#tally.repeated++;
        return;
      case 'left':
        this.#leave({ item, position: source.position, isRecord: true }, fate.reason);
        return;
      case 'refused':
        this.refuse({ id, index, position: source.position, reason: fate.reason, raw: source.raw }, item);
    }
  }

  /** Makes a dead letter of a record, or of an object: one that has no content of its own. */
  refuse(letter: DeadLetter, item: string | undefined): void {
    const { output, functionName, deadLetters, now } = this.#parts;
    const { position, reason } = letter;
    const of = { item, position, isRecord: letter.raw !== undefined };
    // What a server says of one document, or of a request that is no more than that, may quote it.
    const kind = kindOf(reason, reason.startsWith('HTTP ') ? 1 : 2);
    this.#name('record_refused', position, kind);
    if (deadLetters === undefined) this.#leave(of, kind);
    else this.#letters.push({ of, body: deadLetterBody(letter, { output, functionName, time: now() }) });
  }

  /** An item, or the whole event, that must be tried again. */
  fail(item: string | undefined, reason: string): void {
    if (item === undefined) this.failure ??= reason;
    else this.failedItems.add(item);
  }

  /** Hands the dead letters over; what the queue does not take is left. */
  async sendLetters(deadline: Deadline): Promise<void> {
    const letters = this.#letters;
    this.#letters = [];
    const { deadLetters } = this.#parts;
    if (deadLetters === undefined || letters.length === 0) return;
    const lost = await sendDeadLetters(deadLetters.load, deadLetters.queueUrl, letters, deadline);
    const notTaken = new Set(lost.map(({ of }) => of));
    for (const { of } of letters) if (of.isRecord && !notTaken.has(of)) this.#tally.deadLettered++;
    for (const { of, errorCode } of lost) this.#leave(of, `no dead letter: ${errorCode}`);
  }

  #leave({ item, position, isRecord }: Sentenced, reason: string): void {
    if (isRecord) this.#tally.left++;
    this.#name('record_left', position, reason);
    this.fail(item, reason);
  }

  #name(code: string, position: string, reason: string): void {
    if (this.#named++ >= NAMED) return;
    this.#parts.logger.warn({ code, position: neutralise(position, 1_200), reason: neutralise(kindOf(reason, 2)) });
  }
}

/** A reason without the server's own words, which come last: `HTTP 400`, `400: mapper_parsing_exception`. */
function kindOf(reason: string, parts: number): string {
  return reason.split(': ', parts).join(': ');
}
