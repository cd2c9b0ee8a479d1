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
import type { Delivery } from './sources/source.ts';
import { count, type Tally } from './tally.ts';

/** Milliseconds kept for what was read to find its fate, at most: half of what there is, when that is less. */
const SETTLING = 10_000;

/** Records read between two looks at the clock: some milliseconds' worth, unless they are swollen. */
const RECORDS_PER_LOOK = 16;

const NO_MATCH: readonly CountedMatch[] = [];

/** What draining an event needs of its surroundings. */
export interface Draining {
  readonly settings: Settings;
  readonly policy: Policy;
  readonly logger: Logger;
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
  /** Items of a batch that cannot be decoded, by their owner's names; undefined for events that are no batch. */
  readonly failedItems: readonly string[] | undefined;
  /** False when the time was up before every record was read: the event must be tried again. */
  readonly isWhole: boolean;
}

interface Reading {
  readonly rejected: RejectedRecord[];
  readonly counted: Counted[];
  readonly deadline: Deadline;
}

/**
 * Classifies the records of an event, hands them to the sinks and counts them. Stops while there is time left to deliver
 * what was read so far.
 * @throws {DecodeError} when an event that is no batch cannot be decoded
 */
export function drain(draining: Draining, event: unknown, deadline: Deadline): Drained {
  const { settings, logger, tally } = draining;
  const reading: Reading = { rejected: [], counted: [], deadline: keeping(SETTLING, deadline) };
  const failedItems: string[] = [];
  try {
    const source = sourceOf(event);
    let isWhole = true;
    for (const delivery of source.open(event, settings)) {
      if (delivery.kind === 'undecodable') {
        const { item, error } = delivery;
        tally.deliveriesFailed++;
        failedItems.push(item);
        logger.error({ code: error.code, problem: error.problem, path: error.path, item: neutralise(item, 128) });
      } else {
        isWhole = drainDelivery(draining, delivery, reading);
        if (!isWhole) break;
      }
    }
    const { rejected, counted } = reading;
    return { rejected, counted, failedItems: source.isBatch ? failedItems : undefined, isWhole };
  } catch (error) {
    tally.deliveriesFailed++;
    throw error;
  }
}

/** @returns whether all was read */
function drainDelivery(draining: Draining, { kind, place, records }: Delivery, reading: Reading): boolean {
  const { policy, tally } = draining;
  const { rejected, counted, deadline } = reading;
  if (kind === 'control') tally.controlMessages++;
  if (kind === 'unknown') tally.unknownMessages++;
  let taken = 0;
  for (const source of records) {
    if (taken++ % RECORDS_PER_LOOK === 0 && deadline.remaining() <= 0) return false;
    const { read } = source;
    const matches = 'unreadable' in read ? NO_MATCH : countedMatches(policy, read);
    if (matches.length > 0) {
      counted.push({ source, place, matches });
      continue;
    }
    const verdict = classify(policy, read);
    if (verdict.action === 'reject' && rejected.length < MAX_NAMED) {
      rejected.push({ position: source.position, why: verdict.why });
    }
    hand({ source, verdict, place }, draining);
  }
  return true;
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
