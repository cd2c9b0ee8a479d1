import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { story } from '../../cli/demo/story/index.ts';

const CORPUS = new URL('../../../shared/data/records.ndjson.gz', import.meta.url);

/** Thousands of real records, where they are at hand. */
export function realRecords(): readonly Record<string, unknown>[] | undefined {
  if (!existsSync(CORPUS)) return undefined;
  const lines = gunzipSync(readFileSync(CORPUS)).toString('utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** Generated records of a made-up day, none twice. */
export function madeRecords(): readonly Record<string, unknown>[] {
  const made = story(new Date('2026-11-20T12:00:00Z')).map((one) => JSON.parse(JSON.stringify(one)));
  return [...new Map(made.map((one: Record<string, unknown>) => [one['eventID'], one])).values()];
}

/** How many different records there are for an index: those of one eventID in one month are copies. */
export function differentIn(records: readonly Record<string, unknown>[]): number {
  const nameOf = ({ eventID, eventId, eventTime }: Record<string, unknown>) =>
    `${eventID ?? eventId} ${String(eventTime).slice(0, 7)}`;
  return new Set(records.map(nameOf)).size;
}
