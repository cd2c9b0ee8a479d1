import * as z from 'zod/mini';
import { readKept } from './kept-json.ts';

const whole = z.int().check(z.minimum(0));
const hex = z.string().check(z.regex(/^[0-9a-f]{1,64}$/));

const groupSchema = z.strictObject({
  count: whole,
  critical: whole,
  marks: z.array(z.tuple([hex, hex])),
  targets: z.array(hex),
});

const stateSchema = z.strictObject({
  version: z.literal(1),
  principals: z.array(z.tuple([hex, groupSchema])),
  folded: z.nullable(groupSchema),
  published: z.array(hex),
  recentlyHeld: z.array(hex),
  held: whole,
});

/** What is remembered of one principal, or of all that are folded. Marks carry the key of their first finding. */
export interface StormGroup {
  readonly count: number;
  readonly critical: number;
  readonly marks: readonly (readonly [string, string])[];
  readonly targets: readonly string[];
}

/**
 * What is remembered of one storm key in one window: plain JSON of hashes and counts, below 100 KB whatever callers do.
 * `published` needs no limit of its own, since the rule publishes some thirty findings a principal; a detection more that
 * one call can match adds at most 2.5 KB.
 */
export interface StormState {
  readonly version: 1;
  /** By the hash of the principal, in the order they were first seen. */
  readonly principals: readonly (readonly [string, StormGroup])[];
  readonly folded: StormGroup | null;
  readonly published: readonly string[];
  readonly recentlyHeld: readonly string[];
  /** How many findings were held back in this window. */
  readonly held: number;
}

/**
 * Reads a kept state. Total: what is not exactly one is as if nothing was kept, and findings go out as in a new window.
 */
export function readStormState(text: string | undefined): StormState | undefined {
  return readKept(stateSchema, text);
}
