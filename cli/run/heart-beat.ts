import { neutralise } from '../../function/core/neutral.ts';
import { AwsProblem } from '../aws/problem.ts';
import type { Journal } from './journal.ts';
import type { Message, MessageQueue } from './message-queue.ts';

/** Beats in the time a message stays hidden: two may fail. */
const BEATS = 3;

/**
 * Keeps messages hidden from others for as long as they are held, however slow the work on them is. SQS hides none for more
 * than twelve hours.
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html
 */
export class HeartBeat {
  readonly #queue: MessageQueue;
  readonly #seconds: number;
  readonly #journal: Journal;
  readonly #onProblem: (problem: AwsProblem) => void;
  readonly #held = new Set<Message>();
  readonly #timer: NodeJS.Timeout;
  #beating: Promise<void> = Promise.resolve();

  /** @param onProblem is told when beats are refused in a way that does not pass */
  constructor(queue: MessageQueue, seconds: number, journal: Journal, onProblem: (problem: AwsProblem) => void) {
    this.#queue = queue;
    this.#seconds = seconds;
    this.#journal = journal;
    this.#onProblem = onProblem;
    this.#timer = setInterval(() => this.#next(), (seconds * 1_000) / BEATS);
  }

  get held(): readonly Message[] {
    return [...this.#held];
  }

  hold(message: Message): void {
    this.#held.add(message);
  }

  drop(message: Message): void {
    this.#held.delete(message);
  }

  /** Ends the beats, and gives everything held back at once. */
  async end(): Promise<void> {
    clearInterval(this.#timer);
    await this.#beating;
    const held = this.held;
    this.#held.clear();
    try {
      this.#journal.add('messagesReleased', held.length);
      await this.#queue.hide(held, 0);
    } catch (error) {
      if (!(error instanceof AwsProblem)) throw error;
      // They come back by themselves, later.
      this.#journal.logger.warn({ code: 'not_given_back', messages: held.length, why: error.message });
    }
  }

  #next(): void {
    this.#beating = this.#beating.then(() => this.#beat());
  }

  async #beat(): Promise<void> {
    const held = this.held;
    if (held.length === 0) return;
    try {
      const lost = await this.#queue.hide(held, this.#seconds);
      this.#journal.add('heartBeats', held.length - lost.length);
      for (const message of lost) {
        // What was deleted or given back meanwhile is not held any more.
        if (this.#held.delete(message)) {
          this.#journal.logger.warn({ code: 'message_not_hidden', item: neutralise(message.id, 128) });
        }
      }
    } catch (error) {
      if (!(error instanceof AwsProblem)) throw error;
      if (error.refusal === 'denied') this.#onProblem(error);
      else this.#journal.logger.warn({ code: 'no_heart_beat', why: error.message });
    }
  }
}
