import { decide, STORM_SETTINGS, type StormDecision, type StormDecisions } from '../../core/storm.ts';
import { type StormItem, type StormWindow, stormWindow } from '../../core/storm-key.ts';
import { readStormState } from '../../core/storm-state.ts';
import { ALONE, digestOf } from './keys.ts';
import { allOf } from './parallel.ts';
import type { Key, Table } from './table.ts';
import { advanceState, textIn } from './versions.ts';

/** A finding under the hash of its storm key. */
export interface Storming {
  readonly storm: string;
  readonly item: StormItem;
}

/** What the storm rule says of a finding, and in which window it said so. */
export interface Stormed {
  readonly decision: StormDecision;
  /** True for the first finding of its principal under its storm key, and for the first of a severity. */
  readonly isFirst: boolean;
  readonly window: StormWindow;
}

/** How storms are told apart in time. */
export interface StormsOptions {
  readonly now: () => Date;
  readonly windowMinutes: number;
}

/** How long held rows and states are kept after their window: until well after its digest. */
const KEPT_SECONDS = 7 * 24 * 60 * 60;

/** When what belongs to a window may be forgotten, in epoch seconds. */
export function windowExpiry({ end }: StormWindow): number {
  return Math.ceil(end / 1000) + KEPT_SECONDS;
}

/** The row with a storm's state in a window. */
export function stormStateKey(storm: string, window: StormWindow | { readonly index: number }): Key {
  return { pk: `storm#${storm}#${window.index}`, sk: ALONE };
}

/**
 * Decides for findings, in order, what is published and what a digest will tell of. Where the ledger does not answer, or
 * others keep winning the race for a state, all of that storm's findings are published.
 */
export async function decideStorms(
  table: Table,
  findings: readonly Storming[],
  { now, windowMinutes }: StormsOptions,
): Promise<Stormed[]> {
  const time = now().getTime();
  const stormed = new Array<Stormed>(findings.length);
  await allOf([...placesByStorm(findings)], async ([storm, indexes]) => {
    const window = stormWindow(storm, time, windowMinutes);
    const items = indexes.flatMap((index) => findings[index]?.item ?? []);
    const { decisions, firsts } = (await decideInLedger(table, storm, window, items)) ?? decideAlone(items);
    for (const [place, index] of indexes.entries()) {
      const [decision = 'publish', isFirst = true] = [decisions[place], firsts[place]];
      stormed[index] = { decision, isFirst, window };
    }
  });
  return stormed;
}

/** Which findings are the first of their storm key's principal, or of a severity there, told from these findings alone. */
export function firstsAlone(findings: readonly Storming[]): boolean[] {
  const firsts = new Array<boolean>(findings.length).fill(true);
  for (const indexes of placesByStorm(findings).values()) {
    const alone = decideAlone(indexes.flatMap((index) => findings[index]?.item ?? []));
    for (const [place, index] of indexes.entries()) firsts[index] = alone.firsts[place] ?? true;
  }
  return firsts;
}

function placesByStorm(findings: readonly Storming[]): Map<string, number[]> {
  return Map.groupBy(findings.keys(), (index) => findings[index]?.storm ?? '');
}

/** All are published; which are first is told from these findings alone. */
function decideAlone(items: readonly StormItem[]): Pick<StormDecisions, 'decisions' | 'firsts'> {
  const { firsts } = decide(undefined, items, STORM_SETTINGS, digestOf);
  return { decisions: items.map(() => 'publish'), firsts };
}

function decideInLedger(
  table: Table,
  storm: string,
  window: StormWindow,
  items: readonly StormItem[],
): Promise<StormDecisions | undefined> {
  return advanceState(table, stormStateKey(storm, window), windowExpiry(window), (row) => {
    const before = readStormState(textIn(row, 'state'));
    const decided = decide(before, items, STORM_SETTINGS, digestOf);
    return { result: decided, state: decided.state === before ? undefined : JSON.stringify(decided.state) };
  });
}
