import { decide, STORM_SETTINGS } from '../../function/core/storm.ts';
import type { StormState } from '../../function/core/storm-state.ts';
import { Heap } from './heap.ts';
import { Ranking } from './ranking.ts';
import type { ReasonName } from './reason-name.ts';
import type { Told } from './stored.ts';
import type { StormFinding } from './storm-finding.ts';

/** What a person would have received of the findings. `atOnce + heldBack + repeated` are all that are published. */
export interface MessageFigures {
  /** `atOnce + digests`; at most so many, where `isExact` is false. */
  readonly messages: number;
  readonly atOnce: number;
  /** Findings that digests name. */
  readonly heldBack: number;
  /** One for each storm and window in which something was held back. */
  readonly digests: number;
  /** Findings that came before, by eventID or else by their whole text. */
  readonly repeated: number;
  /** False when more findings or storms came at one time than are remembered, and some may have been counted as new ones. */
  readonly isExact: boolean;
}

/** What gave the severity of findings that were held back, and in which account. */
export interface StormName extends ReasonName {
  readonly account: string | null;
}

/** How much is held in memory at most. */
export interface MessagesMemory {
  /** Findings decided on together. */
  readonly waiting: number;
  /** Windows of storms that are not past. */
  readonly windows: number;
  /** Findings known again. */
  readonly known: number;
}

const MEMORY: MessagesMemory = { waiting: 20_000, windows: 20_000, known: 200_000 };

interface Waiting {
  readonly finding: StormFinding;
  readonly number: number;
}

interface Window {
  readonly name: string;
  readonly end: number;
  state: StormState | undefined;
  waiting: Waiting[];
}

/**
 * The storm rule of the function over a whole input, which comes in order of time: each finding once, in windows by
 * eventTime, in memory that does not grow with the input. The ceiling of messages a minute, which depends on when records
 * arrive, is left out.
 */
export class Messages {
  readonly storms = new Ranking<StormName>();
  readonly #most: MessagesMemory;
  readonly #tell: (number: number, told: Told) => void;
  /** Findings with their times: of one time all repeats of a record are. */
  readonly #known = new Map<string, number>();
  #forgottenAt = Number.NEGATIVE_INFINITY;
  readonly #windows = new Map<string, Window>();
  readonly #ends = new Heap<Window>((a, b) => a.end - b.end);
  #forgottenEnd = Number.NEGATIVE_INFINITY;
  #waiting = 0;
  #taken = 0;
  #figures = { atOnce: 0, heldBack: 0, digests: 0, repeated: 0, isExact: true };

  /** @param tell is told what becomes of each finding, by its number from 0, some time after it came */
  constructor(tell: (number: number, told: Told) => void = () => undefined, most = MEMORY) {
    this.#tell = tell;
    this.#most = most;
  }

  /** Takes the next published record. @param time milliseconds, never less than the last @returns whether it is new */
  add(time: number, finding: StormFinding): boolean {
    const number = this.#taken++;
    if (this.#known.has(finding.key)) {
      this.#figures.repeated++;
      this.#tell(number, 'repeated');
      return false;
    }
    this.#remember(finding.key, time);
    this.#close(time);
    this.#windowOf(finding).waiting.push({ finding, number });
    if (++this.#waiting >= this.#most.waiting) for (const window of this.#windows.values()) this.#decide(window);
    return true;
  }

  /** The figures so far; what came is decided on. */
  figures(): MessageFigures {
    for (const window of this.#windows.values()) this.#decide(window);
    return { messages: this.#figures.atOnce + this.#figures.digests, ...this.#figures };
  }

  /** Decides on windows that are past, and forgets them. */
  #close(time: number): void {
    for (let window = this.#ends.peek(); window !== undefined; window = this.#ends.peek()) {
      if (window.end > time && this.#windows.size <= this.#most.windows) return;
      if (window.end > time) this.#forgottenEnd = window.end;
      this.#ends.pop();
      this.#decide(window);
      this.#windows.delete(window.name);
    }
  }

  #windowOf({ storm, end }: StormFinding): Window {
    const known = this.#windows.get(storm);
    if (known) return known;
    if (end <= this.#forgottenEnd) this.#figures.isExact = false;
    const window: Window = { name: storm, end, state: undefined, waiting: [] };
    this.#windows.set(storm, window);
    this.#ends.push(window);
    return window;
  }

  #decide(window: Window): void {
    const { waiting } = window;
    if (waiting.length === 0) return;
    const items = waiting.map(({ finding: { key, ...item } }) => ({ ...item, dedupKey: key }));
    const { decisions, state } = decide(window.state, items, STORM_SETTINGS, asHashed);
    if (state.held > 0 && !window.state?.held) this.#figures.digests++;
    window.state = state;
    window.waiting = [];
    this.#waiting -= waiting.length;
    for (const [index, { finding, number }] of waiting.entries()) {
      const isHeld = decisions[index] === 'hold';
      this.#tell(number, isHeld ? 'held-back' : 'at-once');
      if (!isHeld) {
        this.#figures.atOnce++;
        continue;
      }
      this.#figures.heldBack++;
      const { reason, account } = finding;
      this.storms.count(`${reason.by} ${reason.name} ${account}`, false, () => ({ ...reason, account }));
    }
  }

  #remember(key: string, time: number): void {
    if (time === this.#forgottenAt) this.#figures.isExact = false;
    this.#known.set(key, time);
    for (const [oldest, at] of this.#known) {
      if (this.#known.size <= this.#most.known) return;
      this.#known.delete(oldest);
      this.#forgottenAt = at;
    }
  }
}

/** All texts come hashed; the words of severities are few, and apart as they are. */
function asHashed(text: string): string {
  return text;
}
