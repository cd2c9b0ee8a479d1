import { DOWN, type REFUSED } from './bounded-calls.ts';
import type { Key, Row, Table } from './table.ts';

/** Writes of one state tried while others write it as well; its table's budget mostly ends them sooner. */
const MAX_RACES = 25;

/** Milliseconds before a lost race is run again, at most: doubling from the first to the last, with full jitter. */
const RACE_PAUSE = { first: 10, last: 80 } as const;

/** What one step makes of a state. */
export interface Step<T> {
  readonly result: T;
  /** The state to keep; undefined when the one that was read stays as it is. */
  readonly state: string | undefined;
}

/**
 * Reads a state, steps on from it and writes it, again from the beginning where somebody else wrote it in between: each
 * step of all who share a state is taken on from another's.
 * @param step may be asked several times; must be pure
 * @returns the result of the step that was kept; undefined, and counted as a failure, where the ledger does not answer or
 * others keep winning
 */
export async function advanceState<T>(
  table: Table,
  key: Key,
  expiresAt: number,
  step: (row: Row | undefined) => Step<T>,
): Promise<T | undefined> {
  for (let race = 0; race < MAX_RACES; race++) {
    const row = await table.get(key);
    if (row === DOWN) return undefined;
    const { result, state } = step(row);
    if (state === undefined) return result;
    const answer = await putVersion(table, key, row, state, expiresAt);
    if (answer === 'done') return result;
    if (answer === DOWN) return undefined;
    await table.pause(Math.random() * Math.min(RACE_PAUSE.last, RACE_PAUSE.first * 2 ** race));
  }
  table.gaveUp('LostRaces');
  return undefined;
}

function putVersion(
  table: Table,
  key: Key,
  read: Row | undefined,
  state: string,
  expiresAt: number,
): Promise<'done' | typeof REFUSED | typeof DOWN> {
  const version = Number(read?.['version'] ?? 0);
  return table.put(
    { ...key, state, version: version + 1, expiresAt },
    read === undefined
      ? { expression: 'attribute_not_exists(pk)' }
      : { expression: '#version = :read', names: { '#version': 'version' }, values: { ':read': version } },
  );
}

/** A text of a row, `undefined` where it holds none. */
export function textIn(row: Row | undefined, name: string): string | undefined {
  const value = row?.[name];
  return typeof value === 'string' ? value : undefined;
}
