import { FILL_IN } from '../../function/core/check/entries.ts';
import type { Policy } from '../../function/core/policy.ts';
import type { AdjustEntry, WhitelistEntry } from '../../function/core/severities/model.ts';
import { atLeast, SEVERITIES, type Severity } from '../../function/core/severity.ts';
import { digestOf } from '../../function/sinks/ledger/keys.ts';
import { hiddenBy } from './hidden-by.ts';
import type { NoiseGroup, NoiseGroups } from './noise-groups.ts';

/** What counts as known work: findings of one caller's call, and different days they came on. */
export const KNOWN = { findings: 10, days: 5 } as const;

/** Callers of one call in one account, each regular, above which the row is to be judged and not the callers. */
export const MAX_CALLERS = 5;

/** Drafts given at most. */
const MAX_DRAFTS = 10;

const DAYS_HELD = 90;

/** One entry for `local/policy.json`, and what it would do. */
export interface Draft {
  /** The list of the policy that it belongs into. */
  readonly list: 'adjust' | 'whitelist';
  /** As recorded, not neutralised: print it with `printableJson`. */
  readonly entry: WhitelistEntry | AdjustEntry;
  readonly group: NoiseGroup;
  /** Said plainly where it lowers what wakes people; else null. */
  readonly warning: string | null;
}

/** What was drafted, and how many findings were left out and why. */
export interface Drafts {
  readonly drafts: readonly Draft[];
  /** Findings without a draft. `few`: too few or on too few days; `many`: of too many callers; `more`: beyond ten drafts. */
  readonly leftOut: Readonly<Record<'guardrail' | 'root' | 'unnamed' | 'few' | 'many' | 'more', number>>;
}

/** How entries are drafted. */
export interface DraftOptions {
  /** Whitelist entries, for which nothing is even logged. @default adjust entries, where a severity is below `alertAt` */
  readonly whitelist?: boolean;
  readonly today: Date;
}

/**
 * Drafts the entries that would calm the groups, those with most messages first. Pasted into `local/policy.json` of the
 * severities that rated the findings, each changes the findings of its group and no other.
 */
export function draftEntries(groups: NoiseGroups, { whitelist = false, today }: DraftOptions): Drafts {
  const { policy } = groups;
  const leftOut = { guardrail: 0, root: 0, unnamed: 0, few: 0, many: 0, more: 0 };
  leftOut.root = groups.unnamed.root;
  leftOut.unnamed = groups.unnamed['no call'] + groups.unnamed['no caller'];
  const open = groups.groups().filter((group) => {
    if (group.guarded) leftOut.guardrail += group.findings;
    else if (!isKnownWork(group)) leftOut.few += group.findings;
    return !group.guarded && isKnownWork(group);
  });
  const callers = new Map<string, Set<string>>();
  for (const group of open)
    callers.set(callOf(group), (callers.get(callOf(group)) ?? new Set<string>()).add(group.caller));
  const drafts: Draft[] = [];
  for (const group of open) {
    const draft = draftOf(policy, group, whitelist ? undefined : belowAlert(policy), today);
    if ((callers.get(callOf(group))?.size ?? 0) > MAX_CALLERS) leftOut.many += group.findings;
    else if (drafts.length < MAX_DRAFTS) drafts.push(draft);
    else leftOut.more += group.findings;
  }
  return { drafts, leftOut };
}

function isKnownWork({ findings, days }: NoiseGroup): boolean {
  return findings >= KNOWN.findings && days >= KNOWN.days;
}

function callOf({ eventSource, eventName, account }: NoiseGroup): string {
  return `${eventSource}/${eventName} ${account}`;
}

/** The highest severity that nobody is told of: what it rates is logged, its reasons kept. */
function belowAlert({ alertAt }: Policy): Severity | undefined {
  return SEVERITIES[SEVERITIES.indexOf(alertAt) - 1];
}

function draftOf(policy: Policy, group: NoiseGroup, cap: Severity | undefined, today: Date): Draft {
  const { eventSource, eventName, account, principal, conditions, narrowing, severity } = group;
  const when = [...conditions, ...narrowing].map((condition) => `{ ${condition} }`);
  const hides = hiddenBy(policy, group, cap);
  const isCritical = atLeast(severity, 'critical');
  const entry = {
    id: idOf(group),
    eventSource,
    eventNames: [eventName],
    accounts: [account],
    ...(principal !== null && { principals: [principal] }),
    when,
    ...(hides.length > 0 && { hides }),
    reason: `${FILL_IN} who does this, and why it is known work${isCritical ? '. It calms CRITICAL findings' : ''}`,
    expires: new Date(today.getTime() + DAYS_HELD * 86_400_000).toISOString().slice(0, 10),
  };
  const done = cap === undefined ? 'not even logged' : `lowered to ${cap}`;
  const warning = isCritical
    ? `findings at CRITICAL would be ${done}: nobody would be woken. Paste it only when you know every one of them.`
    : null;
  return cap === undefined
    ? { list: 'whitelist', entry, group, warning }
    : { list: 'adjust', entry: { ...entry, severity: cap }, group, warning };
}

/** Told by people, and told apart by a hash: names alone may be equal once they are spelled as an id must be. */
function idOf({ caller, eventName, ...group }: NoiseGroup): string {
  const { eventSource, account, principal, conditions } = group;
  const hash = digestOf(JSON.stringify([eventSource, eventName, account, principal, conditions])).slice(0, 6);
  const words = `${caller} ${eventName}`
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-/, '');
  return `${words.slice(0, 56).replace(/-$/, '')}-${hash}`.replace(/^-/, '');
}
