import type { Deadline } from '../sink.ts';
import { DOWN } from './bounded-calls.ts';
import { deliveryKey, REMEMBERED_SECONDS } from './keys.ts';
import { allOf } from './parallel.ts';
import { isLive, type Row, type Table } from './table.ts';

/** One finding on its way to one topic. */
export interface Delivering {
  readonly topic: string;
  readonly dedupKey: string;
}

/**
 * What the ledger says before a finding is published: go on (`claimed`, and `unclaimed` where the ledger did not answer);
 * somebody has sent it (`repeated`); or somebody may be sending it (`pending`).
 */
export type Claim = 'claimed' | 'unclaimed' | 'repeated' | 'pending';

/** Milliseconds a claim outlasts the time its owner has left. */
const LEASE_MARGIN = 10_000;

/** Milliseconds between two looks at the findings that others are sending. */
const BETWEEN_LOOKS = 150;

/** Who claims, and by which clocks. */
export interface ClaimsOptions {
  /** One name for all tries of an event: who claimed before may go on. */
  readonly owner: string;
  readonly now: () => Date;
  readonly deadline: Deadline;
}

/** Claims on findings: of all who have the same one, in whatever function, one sends it. */
export class Claims {
  readonly #claiming: Table;
  readonly #marking: Table;
  readonly #options: ClaimsOptions;

  /** @param marking the table under the budget that telling of sent findings may take */
  constructor(claiming: Table, marking: Table, options: ClaimsOptions) {
    this.#claiming = claiming;
    this.#marking = marking;
    this.#options = options;
  }

  /** Claims each finding for its topic, by place. */
  claimAll(items: readonly Delivering[]): Promise<Claim[]> {
    return allOf(items, (item) => this.#claim(item));
  }

  /**
   * Waits for findings that others are sending, as long as claims may still take. Who waits must have sent what it claimed
   * itself: two that wait for each other both send everything.
   * @returns whether each, by its place, has been sent by then
   */
  async sentByOthers(items: readonly Delivering[]): Promise<boolean[]> {
    const sent = items.map(() => false);
    for (;;) {
      const open = [...items.entries()].filter(([place]) => !sent[place]);
      await allOf(open, async ([place, item]) => {
        sent[place] = this.#claiming.remaining() > 0 && (await this.#isSent(item));
      });
      if (!sent.includes(false) || this.#claiming.remaining() <= BETWEEN_LOOKS) return sent;
      await this.#claiming.pause(BETWEEN_LOOKS);
    }
  }

  /** Remembers that these need not be sent again. What cannot be written is only counted: a repeat may follow. */
  async markSent(items: readonly Delivering[]): Promise<void> {
    const expiresAt = this.#seconds() + REMEMBERED_SECONDS;
    await this.#marking.putAll(
      items.map(({ topic, dedupKey }) => ({ ...deliveryKey(topic, dedupKey), state: 'sent', expiresAt })),
    );
  }

  async #claim({ topic, dedupKey }: Delivering): Promise<Claim> {
    const { owner, now, deadline } = this.#options;
    const key = deliveryKey(topic, dedupKey);
    const time = now().getTime();
    const lease = time + Math.max(0, Math.round(deadline.remaining())) + LEASE_MARGIN;
    const expiresAt = this.#seconds() + REMEMBERED_SECONDS;
    const answer = await this.#claiming.put(
      { ...key, state: 'pending', owner, lease, expiresAt },
      {
        expression:
          'attribute_not_exists(pk) OR expiresAt < :now OR (#state = :pending AND (#owner = :owner OR lease < :time))',
        names: { '#state': 'state', '#owner': 'owner' },
        values: { ':now': this.#seconds(), ':pending': 'pending', ':owner': owner, ':time': time },
      },
    );
    if (answer === DOWN) return 'unclaimed';
    if (answer === 'done') return 'claimed';
    const row = await this.#claiming.get(key);
    if (row === DOWN || row === undefined) return 'unclaimed';
    return this.#saysSent(row) ? 'repeated' : 'pending';
  }

  async #isSent({ topic, dedupKey }: Delivering): Promise<boolean> {
    const row = await this.#claiming.get(deliveryKey(topic, dedupKey));
    return row !== DOWN && row !== undefined && this.#saysSent(row);
  }

  /** What says anything else, or says it without a time, holds nothing back. */
  #saysSent(row: Row): boolean {
    return row['state'] === 'sent' && isLive(row, this.#seconds());
  }

  #seconds(): number {
    return Math.floor(this.#options.now().getTime() / 1000);
  }
}
