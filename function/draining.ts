import { setImmediate as nextTurn } from 'node:timers/promises';
import { classify } from './core/classify.ts';
import { type CountedMatch, countedMatches } from './core/counting.ts';
import { neutralise } from './core/neutral.ts';
import type { Policy } from './core/policy.ts';
import type { Settings } from './settings.ts';
import { countMatches } from './sinks/ledger/counts.ts';
import type { Ledger } from './sinks/ledger/ledger.ts';
import type { Logger } from './sinks/logger.ts';
import { MAX_NAMED, type RejectedRecord } from './sinks/notices.ts';
import { type Classified, type Deadline, keeping, type Sink } from './sinks/sink.ts';
import { sourceOf } from './sources/index.ts';
import type { S3Loader } from './sources/objects/s3.ts';
import type { Delivery, Missing, Unread } from './sources/source.ts';
import { count, type Tally } from './tally.ts';

/** Milliseconds kept for what was read to find its fate, at most: half of what there is, when that is less. */
const SETTLING = 10_000;

/**
 * Characters of records kept for the sinks beyond which a batch's further objects are left for another try. One object can
 * keep fifty million, which fills the memory alone.
 */
const MAX_KEPT = 4_000_000;

/** Records read between two looks at the clock: some milliseconds' worth, unless they are swollen. */
const RECORDS_PER_LOOK = 16;

/** Records of an object read in one turn: answers to what a worker asked meanwhile wait no longer than that takes. */
const RECORDS_PER_TURN = 512;

const NO_MATCH: readonly CountedMatch[] = [];

/** What draining an event needs of its surroundings. */
export interface Draining {
  readonly settings: Settings;
  readonly policy: Policy;
  readonly logger: Logger;
  readonly loadS3: S3Loader;
  readonly sinks: readonly Sink[];
  readonly tally: Tally;
}

/** A record that counts towards detections: its verdict waits until all of the event are counted. */
export interface Counted extends Omit<Classified, 'verdict'> {
  readonly matches: readonly CountedMatch[];
}

/** What an event held besides what went to the sinks. */
export interface Drained {
  /** The first ones; the tally counts them all. */
  readonly rejected: readonly RejectedRecord[];
  readonly counted: readonly Counted[];
  /** Items of a batch that were not read whole, by their owner's names; undefined for events that are no batch. */
  readonly failedItems: readonly string[] | undefined;
  /** False when the time was up before every record was read: the event must be tried again. */
  readonly isWhole: boolean;
  /** The first unit of an event that is no batch that could not be read, while others could. */
  readonly failure: Unread['error'] | undefined;
}

interface Reading {
  readonly rejected: RejectedRecord[];
  readonly counted: Counted[];
  readonly deadline: Deadline;
  /** Characters of the records that wait for the sinks to settle. */
  kept: number;
}

/**
 * Classifies the records of an event, hands them to the sinks and counts them. Stops while there is time left to deliver
 * what was read so far.
 * @throws {DecodeError} when an event that is no batch cannot be decoded at all
 */
export async function drain(draining: Draining, event: unknown, deadline: Deadline): Promise<Drained> {
  const { settings, loadS3, logger, tally } = draining;
  const reading: Reading = { rejected: [], counted: [], deadline: keeping(SETTLING, deadline), kept: 0 };
  const failedItems = new Set<string>();
  let failure: Unread['error'] | undefined;
  let isWhole = true;
  try {
    const source = sourceOf(event);
    const objects = {
      load: loadS3,
      remaining: () => reading.deadline.remaining(),
      isFull: () => source.isBatch && reading.kept > MAX_KEPT,
    };
    for await (const unit of source.open(event, { ...settings, objects, skipsHistory: true })) {
      if (unit.kind === 'unread' || unit.kind === 'missing') {
        noteUnread(draining, unit);
        if (unit.kind === 'missing') continue;
        if (unit.item === undefined) failure ??= unit.error;
        else failedItems.add(unit.item);
      } else if (!(await drainDelivery(draining, unit, reading))) {
        const { item } = unit;
        isWhole = item !== undefined;
        if (item === undefined) break;
        // The others fail apart too, each before it is fetched.
        failedItems.add(item);
        tally.deliveriesFailed++;
        logger.error({ code: 'out_of_time', item: neutralise(item, 128) });
      }
    }
    const { rejected, counted } = reading;
    return { rejected, counted, failedItems: source.isBatch ? [...failedItems] : undefined, isWhole, failure };
  } catch (error) {
    tally.deliveriesFailed++;
    throw error;
  }
}

function noteUnread({ logger, tally }: Draining, { kind, item, error }: Unread | Missing): void {
  const { code, path } = error;
  const of = { path, ...(item !== undefined && { item: neutralise(item, 128) }) };
  const what = 'problem' in error ? { code, problem: error.problem } : { code, errorCode: error.errorCode };
  if (kind === 'missing') {
    tally.objectsMissing++;
    logger.warn({ ...what, ...of });
    return;
  }
  tally.deliveriesFailed++;
  logger.error({ ...what, ...of });
}

/** @returns whether all was read */
async function drainDelivery(draining: Draining, delivery: Delivery, reading: Reading): Promise<boolean> {
  const { kind, place, records, isObject = false } = delivery;
  const { policy, tally } = draining;
  const { rejected, counted, deadline } = reading;
  if (kind === 'control') tally.controlMessages++;
  if (kind === 'unknown') tally.unknownMessages++;
  if (kind === 'skipped') tally.objectsSkipped++;
  let taken = 0;
  for (const source of records) {
    if (taken % RECORDS_PER_LOOK === 0 && deadline.remaining() <= 0) return false;
    if (++taken % RECORDS_PER_TURN === 0 && isObject) await nextTurn();
    const { read } = source;
    const matches = 'unreadable' in read ? NO_MATCH : countedMatches(policy, read);
    if (matches.length > 0) {
      counted.push({ source, place, matches });
      reading.kept += lengthOf(source);
      continue;
    }
    const verdict = classify(policy, read);
    if (verdict.action === 'reject' && rejected.length < MAX_NAMED) {
      rejected.push({ position: source.position, why: verdict.why });
    }
    if (verdict.action === 'publish') reading.kept += lengthOf(source);
    hand({ source, verdict, place }, draining);
  }
  if (isObject) {
    tally.objectsRead++;
    // The next object is waited for.
    draining.logger.flush();
  }
  return true;
}

function lengthOf({ raw }: Classified['source']): number {
  return typeof raw === 'string' ? raw.length : 0;
}

function hand(classified: Classified, { sinks, tally }: Pick<Draining, 'sinks' | 'tally'>): void {
  const { action } = classified.verdict;
  count(tally, classified);
  if (action !== 'ignore' && action !== 'quiet') for (const sink of sinks) sink.accept(classified);
}

/**
 * Counts what the event holds for counted detections, then classifies those records and hands them to the sinks.
 * @param ledger without one, or where it does not answer, they count within the event
 */
export async function drainCounted(
  draining: Pick<Draining, 'policy' | 'sinks' | 'tally'>,
  counted: readonly Counted[],
  ledger: Ledger | undefined,
): Promise<void> {
  const { policy } = draining;
  const reached = await countMatches(
    ledger,
    counted.map(({ matches }) => matches),
  );
  for (const [position, { source, place }] of counted.entries()) {
    hand({ source, verdict: classify(policy, source.read, reached.get(position)), place }, draining);
  }
}
