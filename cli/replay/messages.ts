import { buildFinding } from '../../function/core/finding.ts';
import { neutralise } from '../../function/core/neutral.ts';
import type { Policy } from '../../function/core/policy.ts';
import { plainIdOf, type ReadRecord, timeOf } from '../../function/core/record.ts';
import { decide, STORM_SETTINGS } from '../../function/core/storm.ts';
import { type StormItem, stormItemOf, stormKey, stormWindow } from '../../function/core/storm-key.ts';
import type { StormState } from '../../function/core/storm-state.ts';
import type { Rated } from '../../function/core/verdict.ts';
import { digestOf } from '../../function/sinks/ledger/keys.ts';
import type { InputRecord } from '../input/records.ts';
import { Ranking } from './ranking.ts';
import { type ReasonName, reasonNameOf } from './reason-name.ts';

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
  /** False when more findings or storms came than are remembered, and some may have been counted as new ones. */
  readonly isExact: boolean;
}

/** What gave the severity of findings that were held back, and in which account. */
export interface StormName extends ReasonName {
  readonly account: string | null;
}

/** Minutes of a window, where the configuration does not say otherwise. */
const WINDOW_MINUTES = 60;

/** How much is held in memory at most. */
export interface MessagesMemory {
  /** Findings put in order of time together. */
  readonly waiting: number;
  /** Windows of storms. */
  readonly windows: number;
  /** Findings known again. */
  readonly known: number;
}

const MEMORY: MessagesMemory = { waiting: 20_000, windows: 2_000, known: 200_000 };

interface Waiting {
  readonly time: number;
  /** Hash of the storm key. */
  readonly storm: string;
  /** Its texts hashed, so that long ones take no more room than short ones. */
  readonly item: StormItem;
  readonly name: StormName;
}

interface Window {
  readonly end: number;
  readonly state: StormState;
}

/**
 * The storm rule of the function over a whole input: each finding once, in windows by eventTime, in memory that does not
 * grow with the input. The ceiling of messages a minute, which depends on when records arrive, is left out.
 */
export class Messages {
  readonly storms = new Ranking<StormName>();
  readonly #policy: Policy;
  readonly #most: MessagesMemory;
  readonly #known = new Set<string>();
  #waiting: Waiting[] = [];
  #windows = new Map<string, Window>();
  /** Ends of windows that are forgotten are not after this. */
  #forgotten = Number.NEGATIVE_INFINITY;
  #figures = { atOnce: 0, heldBack: 0, digests: 0, repeated: 0, isExact: true };

  constructor(policy: Policy, most = MEMORY) {
    this.#policy = policy;
    this.#most = most;
  }

  /** Takes the next record that is published. */
  add(source: InputRecord, read: ReadRecord, verdict: Rated): void {
    const dedupKey = digestOf(plainIdOf(read.record) ?? wholeText(source));
    if (this.#known.has(dedupKey)) {
      this.#figures.repeated++;
      return;
    }
    this.#remember(dedupKey);
    const finding = buildFinding(this.#policy, read, verdict, { dedupKey, place: source.place, teams: [] });
    const { principal, target, ...item } = stormItemOf(finding);
    const { accountId, eventTime } = finding;
    this.#waiting.push({
      time: timeOf(eventTime)?.getTime() ?? 0,
      storm: digestOf(stormKey(finding)),
      item: { ...item, dedupKey, principal: digestOf(principal), target: digestOf(target) },
      name: {
        ...reasonNameOf(this.#policy, read, verdict.reasons[0]),
        account: accountId === undefined ? null : neutralise(accountId, 64),
      },
    });
    if (this.#waiting.length >= this.#most.waiting) this.#decide();
  }

  /** The figures so far. */
  figures(): MessageFigures {
    this.#decide();
    return { messages: this.#figures.atOnce + this.#figures.digests, ...this.#figures };
  }

  #decide(): void {
    const inOrder = this.#waiting.sort((a, b) => a.time - b.time);
    this.#waiting = [];
    const byWindow = Map.groupBy(inOrder, ({ storm, time }) => {
      const { index } = stormWindow(storm, time, WINDOW_MINUTES);
      return `${storm}#${index}`;
    });
    for (const [key, findings] of byWindow) this.#decideWindow(key, findings);
    this.#forget();
  }

  #decideWindow(key: string, findings: readonly Waiting[]): void {
    const [first] = findings;
    if (first === undefined) return;
    const { end } = stormWindow(first.storm, first.time, WINDOW_MINUTES);
    const before = this.#windows.get(key)?.state;
    if (before === undefined && end <= this.#forgotten) this.#figures.isExact = false;
    const items = findings.map(({ item }) => item);
    const { decisions, state } = decide(before, items, STORM_SETTINGS, digestOf);
    this.#windows.set(key, { end, state });
    if (state.held > 0 && !before?.held) this.#figures.digests++;
    for (const [index, { name }] of findings.entries()) {
      if (decisions[index] !== 'hold') {
        this.#figures.atOnce++;
        continue;
      }
      this.#figures.heldBack++;
      this.storms.count(`${name.by} ${name.name} ${name.account}`, false, () => name);
    }
  }

  /** Forgets the oldest half of too many windows: an input in order of time does not come back to them. */
  #forget(): void {
    if (this.#windows.size <= this.#most.windows) return;
    const kept = Math.ceil(this.#most.windows / 2);
    const newestFirst = [...this.#windows].sort(([, a], [, b]) => b.end - a.end);
    const [, newestForgotten] = newestFirst[kept] ?? [];
    this.#forgotten = Math.max(this.#forgotten, newestForgotten?.end ?? this.#forgotten);
    this.#windows = new Map(newestFirst.slice(0, kept));
  }

  #remember(dedupKey: string): void {
    this.#known.add(dedupKey);
    for (const oldest of this.#known) {
      if (this.#known.size <= this.#most.known) return;
      this.#known.delete(oldest);
      this.#figures.isExact = false;
    }
  }
}

/** What a record without a plain eventID is known by. */
function wholeText({ raw, position }: InputRecord): string {
  if (typeof raw === 'string') return raw;
  try {
    return JSON.stringify(raw) ?? position;
  } catch (error) {
    // One nested deeper than the stack: no record of AWS, so nobody sends it twice.
    if (!(error instanceof RangeError)) throw error;
    return position;
  }
}
