import { underCeiling } from '../core/ceiling.ts';
import { type StormWindow, stormWindow } from '../core/storm-key.ts';
import { type Accepted, findingsOf } from './accepted.ts';
import { DOWN } from './ledger/bounded-calls.ts';
import { ceilingCountKey, holdBack } from './ledger/held.ts';
import { ALONE, digestOf } from './ledger/keys.ts';
import type { Ledger } from './ledger/ledger.ts';
import { windowExpiry } from './ledger/storms.ts';
import type { TopicName } from './topic-message.ts';

/** Seconds a minute's number is kept. */
const MINUTE_KEPT = 60 * 60;

/** Minutes that findings over the ceiling wait for their digest at most: firsts of a kind may be among them. */
const LONGEST_WINDOW = 10;

/** Findings of a topic, by place, after its ceiling. */
export interface Ceiled {
  readonly going: readonly number[];
  /** Kept for the ceiling's digest. */
  readonly kept: readonly number[];
  /** Over the ceiling, and no ledger keeps them: one message must name them in this invocation. */
  readonly unkept: readonly number[];
}

/** What the ceiling of a topic needs to know. */
export interface CeilingOptions {
  readonly ledger: Ledger | undefined;
  readonly topic: TopicName;
  readonly messagesPerMinute: number;
  readonly now: Date;
  readonly firsts: () => readonly boolean[];
}

/**
 * Lets as many findings go as the topic's minute still has room for, in all invocations together; the first critical ones
 * whatever the room. Where the ledger does not answer, a minute's number may go in one invocation.
 */
export async function underTopicCeiling(
  options: CeilingOptions,
  places: readonly number[],
  accepted: readonly Accepted[],
): Promise<Ceiled> {
  const allowance = await allowanceOf(options, places.length);
  if (allowance >= places.length) return { going: places, kept: [], unkept: [] };
  const firsts = options.firsts();
  const candidates = places.map((index) => ({
    severity: accepted[index]?.verdict.severity ?? ('critical' as const),
    first: firsts[index] ?? true,
  }));
  const decisions = underCeiling(candidates, allowance);
  const going = places.filter((_, place) => decisions[place] === 'publish');
  const over = places.filter((_, place) => decisions[place] === 'hold');
  const isKept = await keep(options, over, accepted);
  return {
    going,
    kept: over.filter((_, place) => isKept[place]),
    unkept: over.filter((_, place) => !isKept[place]),
  };
}

async function allowanceOf({ ledger, topic, messagesPerMinute, now }: CeilingOptions, wanted: number): Promise<number> {
  if (ledger === undefined || wanted === 0) return messagesPerMinute;
  const minute = Math.floor(now.getTime() / 60_000);
  const sum = await ledger.storms.add({ pk: `rate#${topic}#${minute}`, sk: ALONE }, wanted, minute * 60 + MINUTE_KEPT);
  if (sum === DOWN) return messagesPerMinute;
  return Math.max(0, messagesPerMinute - (sum - wanted));
}

async function keep(
  { ledger, topic, now }: CeilingOptions,
  over: readonly number[],
  accepted: readonly Accepted[],
): Promise<readonly boolean[]> {
  if (ledger === undefined) return [];
  const hash = digestOf(JSON.stringify(['ceiling', topic]));
  const window = stormWindow(hash, now.getTime(), Math.min(ledger.windowMinutes, LONGEST_WINDOW));
  const isKept = await holdBack(ledger.storms, { kind: 'ceiling', hash, window, topic }, findingsOf(over, accepted));
  await addToCount(ledger, hash, window, isKept.filter(Boolean).length);
  return isKept;
}

/** A number that is missing makes a digest say less than there was, never name fewer. */
async function addToCount({ storms }: Ledger, hash: string, window: StormWindow, kept: number): Promise<void> {
  if (kept > 0) await storms.add(ceilingCountKey(hash, window.index), kept, windowExpiry(window));
}
