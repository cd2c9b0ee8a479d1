import type { QueryPlace } from './console-links.ts';
import type { Finding } from './finding.ts';
import { cutTo } from './neutral.ts';
import { type MessageAttribute, messageAttributes } from './render/attributes.ts';
import { stepsFor, whyFor } from './render/prose.ts';
import type { Severity } from './severity.ts';
import { stormItemOf, stormKey } from './storm-key.ts';
import { targetText } from './storm-target.ts';

/** A topic that digests go to. */
export type DigestTopic = 'alerts' | 'findings' | 'chat';

/**
 * Why findings were held back: by the storm rule; by the ceiling of messages a minute; or by it while there was no
 * ledger, so that they are named at once instead of in a digest.
 */
export type HeldBy = 'storm' | 'ceiling' | 'ceiling-without-ledger';

/** One finding that was held back. Texts are as recorded, at most {@link MAX_TEXT} characters, the target {@link MAX_TARGET}. */
export interface HeldFinding {
  readonly target: string;
  readonly principal: string;
  readonly eventID?: string | undefined;
  readonly eventTime?: string | undefined;
  readonly severity: Severity;
  /** How the call ended, when it did not go through: `denied`, `failed` or `dry-run`. */
  readonly failed?: string | undefined;
  /** What happened; needed where findings of several kinds share a digest. */
  readonly what?: string | undefined;
  /** As the finding itself would have carried them: a digest goes to everyone one of its findings would have gone to. */
  readonly attributes?: Readonly<Record<string, MessageAttribute>> | undefined;
}

/** What a digest needs beside the findings: kept when the first of them is held back. Plain JSON. */
export interface DigestWindow {
  readonly version: 1;
  readonly kind: HeldBy;
  /** The only topic it concerns, for the ceiling's. */
  readonly topic?: DigestTopic | undefined;
  /** Epoch milliseconds; `to` is exclusive. */
  readonly from: number;
  readonly to: number;
  readonly severity: Severity;
  /** What storms, in the table's words, or the event's name. */
  readonly title: string;
  readonly why: readonly string[];
  readonly nextSteps: readonly string[];
  readonly eventSource?: string | undefined;
  readonly eventName?: string | undefined;
  readonly accountId?: string | undefined;
  readonly accountName?: string | undefined;
  readonly place?: QueryPlace | undefined;
  readonly attributes: Readonly<Record<string, MessageAttribute>>;
  readonly policyVersion: string;
}

/** A window with what was held back in it, to be rendered. */
export interface Digest {
  /** The same whenever the digest is sent again. */
  readonly id: string;
  readonly window: DigestWindow;
  /** Findings held back, those that share an entry of `held` each counted; never below the number of entries. */
  readonly count: number;
  /** One for each distinct target and principal, and for each severity and outcome they were held back with. */
  readonly held: readonly HeldFinding[];
  /** True where more was held back than one digest can name; `count` still tells of all. */
  readonly isCut?: boolean;
}

/**
 * Most entries of a summary: an invocation names them beside everything else it does, with half the memory that the digest
 * function has, and more would end it before anybody heard of them.
 */
const MAX_SUMMED = 2_500;

/** Longer texts serve nobody who reads a list. */
export const MAX_TEXT = 512;

/** Targets are what a digest is for: some fifty instances that one call ended, the end of a name as well as its beginning. */
export const MAX_TARGET = 1_000;

/** The finding as a digest will name it. */
export function heldFindingOf(finding: Finding): HeldFinding {
  const { eventID, eventTime, verdict } = finding;
  return {
    target: withoutMiddle(targetText(finding)),
    principal: short(stormItemOf(finding).principal || finding.principal.name),
    eventID: eventID && short(eventID),
    eventTime: eventTime && short(eventTime),
    severity: verdict.severity,
    failed: verdict.failed,
    what: short(finding.what),
    attributes: messageAttributes(finding),
  };
}

/**
 * Tells held findings of one window apart: by target, principal, severity and what else is news of its own, so that none
 * takes the place of a worse one; and for the ceiling, where all kinds meet, by storm key. Of any length; hash it before
 * it becomes a key.
 */
export function heldIdentity(finding: Finding, kind: HeldBy): string {
  const { target, principal, severity, marks } = stormItemOf(finding);
  return JSON.stringify([target, principal, severity, marks, ...(kind === 'storm' ? [] : [stormKey(finding)])]);
}

/** What to keep of the window in which this finding is held back. */
export function digestWindowOf(
  finding: Finding,
  kind: HeldBy,
  { start, end }: { readonly start: number; readonly end: number },
  topic?: DigestTopic,
): DigestWindow {
  const { verdict, read, place, accountId, accountName } = finding;
  const common = {
    version: 1,
    kind,
    topic,
    from: start,
    to: end,
    severity: verdict.severity,
    place,
    attributes: messageAttributes(finding),
    policyVersion: finding.policyVersion,
  } as const;
  if (kind !== 'storm') return { ...common, title: 'findings of several kinds', why: [], nextSteps: [] };
  return {
    ...common,
    title: short(verdict.reasons[0].explanation?.title ?? read.eventName ?? 'an unnamed call'),
    why: whyFor(finding).slice(0, 8).map(short),
    nextSteps: stepsFor(finding).map(short),
    eventSource: read.eventSource && short(read.eventSource),
    eventName: read.eventName && short(read.eventName),
    accountId: accountId && short(accountId),
    accountName,
  };
}

/**
 * The message in place of findings over the ceiling that no ledger could keep for a digest: it names them at once, the
 * first 2,500 distinct ones, and counts all.
 * @param id the same whenever the invocation is tried again
 */
export function ceilingSummary(
  id: string,
  topic: DigestTopic,
  findings: readonly [Finding, ...Finding[]],
  now: Date,
): Digest;
/** As above, each finding asked for after the one before it is done with; undefined when there is none. */
export function ceilingSummary(
  id: string,
  topic: DigestTopic,
  findings: Iterable<Finding>,
  now: Date,
): Digest | undefined;
export function ceilingSummary(
  id: string,
  topic: DigestTopic,
  findings: Iterable<Finding>,
  now: Date,
): Digest | undefined {
  const end = now.getTime();
  const held = new Map<string, HeldFinding>();
  let window: DigestWindow | undefined;
  let count = 0;
  let isCut = false;
  for (const finding of findings) {
    window ??= digestWindowOf(finding, 'ceiling-without-ledger', { start: end, end }, topic);
    count++;
    const identity = heldIdentity(finding, 'ceiling-without-ledger');
    if (held.size < MAX_SUMMED || held.has(identity)) held.set(identity, heldFindingOf(finding));
    else isCut = true;
  }
  return window && { id, window, count, held: [...held.values()], ...(isCut && { isCut }) };
}

function short(text: string): string {
  return cutTo(text, MAX_TEXT);
}

/** Whoever chooses names that begin alike cannot make them look alike by their length. */
function withoutMiddle(text: string): string {
  const half = MAX_TARGET / 2;
  return text.length <= MAX_TARGET ? text : `${text.slice(0, half)}…${text.slice(1 - half)}`;
}
