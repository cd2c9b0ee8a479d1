import { factsOfKey } from '../../function/sources/objects/object-key.ts';
import type { Location } from './location.ts';

/** Which objects of a place are meant: those that hold records of calls, as far as the rest says. */
export interface Selection extends Location {
  /** CloudTrail delivered them then or later. */
  readonly from: Date | undefined;
  /** CloudTrail delivered them before. */
  readonly until: Date | undefined;
  readonly accounts: readonly string[] | undefined;
  readonly regions: readonly string[] | undefined;
}

/** One object of the history. */
export interface HistoryObject {
  readonly key: string;
  readonly bytes: number;
}

/**
 * True for an object that is meant. @param stored when it was written, for names that do not say when they were delivered
 */
export function isSelected(
  { from, until, accounts, regions }: Selection,
  key: string,
  stored: Date | undefined,
): boolean {
  const { kind, accountId, region, deliveredAt = stored } = factsOfKey(key);
  if (kind !== 'CloudTrail') return false;
  if (accounts !== undefined && !(accountId !== undefined && accounts.includes(accountId))) return false;
  if (regions !== undefined && !(region !== undefined && regions.includes(region))) return false;
  if (from !== undefined && !(deliveredAt !== undefined && deliveredAt >= from)) return false;
  return until === undefined || (deliveredAt !== undefined && deliveredAt < until);
}
