import * as z from 'zod/mini';
import type { DigestWindow } from './digest.ts';
import { readKept } from './kept-json.ts';
import { SEVERITIES } from './severity.ts';

const attribute = z.object({ DataType: z.enum(['String', 'String.Array']), StringValue: z.string() });
const text = z.optional(z.string());

const windowSchema = z.object({
  version: z.literal(1),
  kind: z.enum(['storm', 'ceiling', 'ceiling-without-ledger']),
  topic: z.optional(z.enum(['alerts', 'findings', 'chat'])),
  from: z.number(),
  to: z.number(),
  severity: z.enum(SEVERITIES),
  title: z.string(),
  why: z.array(z.string()),
  nextSteps: z.array(z.string()),
  eventSource: text,
  eventName: text,
  accountId: text,
  accountName: text,
  place: z.optional(z.object({ region: z.string(), logGroup: z.string() })),
  attributes: z.record(z.string(), attribute),
  policyVersion: z.string(),
});

/** Reads a kept window. Undefined for what is none: its row then stays until it expires, and is worth an alarm. */
export function readDigestWindow(kept: string | undefined): DigestWindow | undefined {
  return readKept(windowSchema, kept);
}
