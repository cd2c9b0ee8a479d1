import * as z from 'zod/mini';
import { readKept } from './kept-json.ts';

const stateSchema = z.object({
  version: z.literal(1),
  open: z.array(z.string()),
  counted: z.array(z.string()),
  reached: z.array(z.string()),
});

/**
 * What is remembered of one counted group: plain JSON, some 27 bytes for each of `atLeast` hits and the few hundred more
 * it keeps for late ones and retries; below 380 KB at the highest count a detection may ask for.
 */
export interface CountState {
  readonly version: 1;
  /** Hits that count towards the next match, in the order they came: `<time in base 36>.<id>`, the id possibly empty. */
  readonly open: readonly string[];
  /** Ids of hits that count no more. */
  readonly counted: readonly string[];
  /** Ids of hits that reached the count. */
  readonly reached: readonly string[];
}

/** A hit that counts towards the next match. */
export interface OpenHit {
  readonly time: number;
  readonly id: string | undefined;
}

/** The open hits of a state, in the order they came; what is not one is passed over. */
export function readOpenHits(state: CountState | undefined): OpenHit[] {
  return (state?.open ?? []).flatMap((text) => {
    const [time = '', id = ''] = text.split('.');
    const read = Number.parseInt(time, 36);
    return Number.isNaN(read) ? [] : [{ time: read, id: id === '' ? undefined : id }];
  });
}

/** The form in which hits are kept; times are whole milliseconds. */
export function writeOpenHits(hits: Iterable<OpenHit>): string[] {
  return [...hits].map(({ time, id = '' }) => `${Math.trunc(time).toString(36)}.${id}`);
}

/** Reads a kept state. Total: what cannot be read is as if nothing was kept, and counting begins anew. */
export function readCountState(text: string | undefined): CountState | undefined {
  return readKept(stateSchema, text);
}
