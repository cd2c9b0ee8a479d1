import type * as z from 'zod';
import type { accountsSchema, detectionSchema, policySchema, serviceSchema } from './schema.ts';

/** One service's rows, validated, the local ones applied. */
export type Service = z.infer<typeof serviceSchema>;
/** A row of the table: a severity, or one with its reason. */
export type Row = Service['events'][string];
/** A detection with its examples. */
export type DetectionSource = z.infer<typeof detectionSchema>;
/** A detection as the function carries it: `requires` and the rest stay, the examples do not. */
export type Detection = Omit<DetectionSource, 'examples'>;
/** What is whitelisted, adjusted, taken for a deletion, and what an unlisted call is rated. */
export type PolicySettings = z.infer<typeof policySchema>;
/** What is never reported. */
export type WhitelistEntry = PolicySettings['whitelist'][number];
/** What is rated at most, or at least, some severity. */
export type AdjustEntry = PolicySettings['adjust'][number];
/** What the deletion pattern finds and is no deletion worth a word. */
export type UnlessEntry = PolicySettings['deletions']['unless'][number];
/** Account id -> what people call it. */
export type Accounts = z.infer<typeof accountsSchema>;

/**
 * A whole severities folder, validated, the user's `local/` applied: plain data, what a build writes beside the bundle.
 * `policyVersion` is a hash of the content, with the git commit where one is known.
 */
export interface Severities {
  readonly policyVersion: string;
  readonly policy: PolicySettings;
  readonly services: readonly Service[];
  readonly detections: readonly Detection[];
  readonly accounts: Accounts;
}

/** One thing wrong with a severities folder. `pointer` is an RFC 6901 JSON pointer, "" for the whole file. */
export interface Problem {
  readonly file: string;
  readonly pointer: string;
  readonly found: string;
  readonly expected: string;
}
