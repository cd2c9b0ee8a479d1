import type { Finding } from './finding.ts';
import { principalKey } from './principal-key.ts';
import { withoutApiVersion } from './record.ts';
import type { Severity } from './severity.ts';
import { targetIdentity } from './storm-target.ts';
import type { Reason } from './verdict.ts';

/** Gives the same hexadecimal text for the same input, and cannot be steered by whoever writes the input: SHA-256. */
export type Hash = (text: string) => string;

/** One finding as storms see it. Texts are as recorded and of any length: they are hashed before they are kept. */
export interface StormItem {
  readonly dedupKey: string;
  /** Who stands behind the call; empty where nothing tells. */
  readonly principal: string;
  /** What the call was made on; empty where nothing tells. */
  readonly target: string;
  readonly severity: Severity;
  /**
   * What else would be news of its own, how the call ended and everything that spoke for the severity: a caller chooses
   * among a few, and cannot make up new ones.
   */
  readonly marks: readonly string[];
}

/** What storms look at of a finding. */
export type StormSubject = Pick<Finding, 'dedupKey' | 'verdict' | 'read' | 'accountId' | 'region' | 'target'>;

/**
 * What findings have in common that storm together: what gave the severity, the call without its API version, and the
 * account. Of any length; hash it before it becomes a key.
 */
export function stormKey({ verdict, read, accountId }: Omit<StormSubject, 'dedupKey'>): string {
  const eventName = read.eventName ?? '';
  return JSON.stringify([
    nameOf(verdict.reasons[0]),
    read.eventSource ?? '',
    withoutApiVersion(eventName) ?? eventName,
    accountId ?? '',
  ]);
}

/** The finding as storms see it. */
export function stormItemOf(finding: StormSubject): StormItem {
  return {
    dedupKey: finding.dedupKey,
    principal: principalKey(finding.read.record) ?? '',
    target: targetIdentity(finding),
    severity: finding.verdict.severity,
    marks: [finding.verdict.failed ?? 'succeeded', ...new Set(finding.verdict.reasons.map(nameOf))],
  };
}

function nameOf({ by, id }: Reason): string {
  return id === undefined ? by : `${by}:${id}`;
}

/** One window of a storm key; `end` is exclusive, both ends in epoch milliseconds. */
export interface StormWindow {
  readonly index: number;
  readonly start: number;
  readonly end: number;
}

/** The window `now` falls into: a fixed grid, moved by the key's hash so that not all digests are due at once. */
export function stormWindow(keyHash: string, now: number, minutes: number): StormWindow {
  const length = minutes * 60_000;
  let offset = 0;
  for (const character of keyHash) offset = (offset * 31 + character.charCodeAt(0)) % length;
  const index = Math.floor((now - offset) / length);
  const start = index * length + offset;
  return { index, start, end: start + length };
}
