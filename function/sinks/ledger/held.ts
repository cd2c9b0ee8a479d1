import * as z from 'zod/mini';
import {
  type DigestTopic,
  type DigestWindow,
  digestWindowOf,
  type HeldFinding,
  heldFindingOf,
  heldIdentity,
} from '../../core/digest.ts';
import { readDigestWindow } from '../../core/digest-window.ts';
import type { Finding } from '../../core/finding.ts';
import { readKept } from '../../core/kept-json.ts';
import { SEVERITIES } from '../../core/severity.ts';
import type { StormWindow } from '../../core/storm-key.ts';
import { ALONE, digestOf } from './keys.ts';
import { windowExpiry } from './storms.ts';
import type { Key, Row, Table } from './table.ts';
import { textIn } from './versions.ts';

/** The `pk` of all windows that a digest is still to tell of. */
export const WINDOWS = 'windows';

/** Findings held back together: those of one storm, or of one topic's ceiling, in one window. */
export interface HeldGroup {
  readonly kind: 'storm' | 'ceiling';
  /** Hash of the storm key, or of the ceiling's. */
  readonly hash: string;
  readonly window: StormWindow;
  readonly topic?: DigestTopic;
}

/** A window that a digest is to tell of, as its row has it. */
export interface OpenWindow {
  /** The row itself, to take away once the digest is out. */
  readonly key: Key;
  /** Of the rows of what is held back. */
  readonly heldPk: string;
  readonly hash: string;
  readonly index: number;
  readonly window: DigestWindow;
}

/**
 * Keeps findings for the digest of their window. @returns whether each, by its place, is kept: one that is not must be
 * published
 */
export async function holdBack(table: Table, group: HeldGroup, findings: Iterable<Finding>): Promise<boolean[]> {
  const { kind, hash, window, topic } = group;
  const rows = new Map<string, Row>();
  const names: string[] = [];
  let first: Finding | undefined;
  for (const finding of findings) {
    first ??= finding;
    const sk = digestOf(heldIdentity(finding, kind));
    names.push(sk);
    if (rows.has(sk)) continue;
    const kept = JSON.stringify(heldFindingOf(finding));
    rows.set(sk, { pk: heldPk(group), sk, finding: kept, expiresAt: windowExpiry(window) });
  }
  if (first === undefined) return [];
  const kept = [...rows.values()];
  const [opened, written] = await Promise.all([
    table.put({
      pk: WINDOWS,
      sk: `${windowEnd(window.end)}#${kind}#${hash}#${window.index}`,
      heldPk: heldPk(group),
      hash,
      index: window.index,
      window: JSON.stringify(digestWindowOf(first, kind, window, topic)),
      expiresAt: windowExpiry(window),
    }),
    table.putAll(kept),
  ]);
  const stored = new Set(kept.flatMap(({ sk }, index) => (written[index] ? [sk] : [])));
  return names.map((sk) => opened === 'done' && stored.has(sk));
}

/** The row that counts what a ceiling held back in a window; a storm's state counts for itself. */
export function ceilingCountKey(hash: string, index: number): Key {
  return { pk: `over#${hash}#${index}`, sk: ALONE };
}

/** How a window's end stands in its row's key, so that keys sort by it; epoch milliseconds. */
export function windowEnd(end: number): string {
  return String(end).padStart(15, '0');
}

/** Reads the row of a window; undefined for one that cannot be read. */
export function readOpenWindow(row: Row): OpenWindow | undefined {
  const window = readDigestWindow(textIn(row, 'window'));
  const [pk, hash] = [textIn(row, 'heldPk'), textIn(row, 'hash')];
  if (window === undefined || pk === undefined || hash === undefined) return undefined;
  return { key: row, heldPk: pk, hash, index: Number(row['index']), window };
}

const text = z.optional(z.string());
const heldSchema = z.object({
  target: z.string(),
  principal: z.string(),
  eventID: text,
  eventTime: text,
  severity: z.enum(SEVERITIES),
  failed: text,
  what: text,
  attributes: z.optional(
    z.record(z.string(), z.object({ DataType: z.enum(['String', 'String.Array']), StringValue: z.string() })),
  ),
});

/** Reads the row of what was held back; undefined for one that cannot be read. */
export function readHeldFinding(row: Row): HeldFinding | undefined {
  return readKept(heldSchema, textIn(row, 'finding'));
}

function heldPk({ hash, window }: HeldGroup): string {
  return `held#${hash}#${window.index}`;
}
