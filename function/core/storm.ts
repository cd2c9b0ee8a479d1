import { remember } from './recent.ts';
import type { Severity } from './severity.ts';
import type { Hash, StormItem } from './storm-key.ts';
import type { StormGroup, StormState } from './storm-state.ts';

/** How much of a storm people hear before its digest. */
export interface StormSettings {
  /** Targets after a principal's first that are published when first seen. */
  readonly furtherTargets: number;
  /** Critical findings of a principal that are published whatever they repeat. */
  readonly criticalFirst: number;
  /** From this many distinct principals on, all new ones are treated as one. */
  readonly foldFrom: number;
}

/** The rule of the product. */
export const STORM_SETTINGS: StormSettings = { furtherTargets: 5, criticalFirst: 10, foldFrom: 50 };

/** What becomes of one finding. */
export type StormDecision = 'publish' | 'hold';

/** Decisions in the order of the items, and what to remember. */
export interface StormDecisions {
  readonly decisions: readonly StormDecision[];
  /** True where the item is the first of its principal, or the first under that principal to bear one of its marks. */
  readonly firsts: readonly boolean[];
  /** The very object that came in when there is nothing new to remember. */
  readonly state: StormState;
}

/** Hexadecimal digits kept of a hash: an attacker picks principals and targets, not the keys of findings nor marks. */
const DIGITS = { name: 32, key: 16, mark: 8 } as const;

/** Held findings remembered, so that a retry that meets them again does not count them again. */
const REMEMBERED_HELD = 100;

interface Group {
  count: number;
  critical: number;
  /** With the key of the finding that first bore each. */
  readonly marks: Map<string, string>;
  readonly targets: Set<string>;
}

/**
 * Decides for findings of one storm key and window, in order. Published are, per principal: the first; a severity, a mark
 * or, up to a few, a target not seen before; the first critical ones; and each at a power of ten of the count. A finding
 * that was published before is published again and not counted, so a retry after a lost invocation loses nothing. Cutting
 * the same items into several calls changes no decision.
 */
export function decide(
  before: StormState | undefined,
  items: readonly StormItem[],
  settings: StormSettings,
  hash: Hash,
): StormDecisions {
  const principals = new Map(before?.principals.map(([name, group]) => [name, opened(group)]));
  let folded = before?.folded ? opened(before.folded) : undefined;
  const published = new Set(before?.published);
  const firstKeys = new Set([...principals.values(), ...(folded ? [folded] : [])].flatMap(keysOf));
  const recent = new Set(before?.recentlyHeld);
  let held = before?.held ?? 0;
  let changed = before === undefined;

  const groupOf = (principal: string): Group => {
    const name = short(hash, principal, DIGITS.name);
    const known = principals.get(name);
    if (known) return known;
    if (principals.size >= settings.foldFrom - 1) {
      folded ??= opened();
      return folded;
    }
    const group = opened();
    principals.set(name, group);
    return group;
  };

  const keys = items.map(({ dedupKey }) => short(hash, dedupKey, DIGITS.key));
  const decisions = items.map(({ principal, target, severity, marks }, index): StormDecision => {
    const key = keys[index] ?? '';
    if (published.has(key)) return 'publish';
    if (recent.has(key)) return 'hold';
    changed = true;
    const group = groupOf(principal);
    const unseen = [severity, ...marks]
      .map((mark) => short(hash, mark, DIGITS.mark))
      .filter((m) => !group.marks.has(m));
    for (const mark of unseen) group.marks.set(mark, key);
    // Counts the finding into its group whatever else speaks for it.
    if (counts(group, severity, short(hash, target, DIGITS.name), settings) || unseen.length > 0) {
      published.add(key);
      if (unseen.length > 0) firstKeys.add(key);
      return 'publish';
    }
    held += 1;
    remember(recent, key, REMEMBERED_HELD);
    return 'hold';
  });

  const firsts = keys.map((key) => firstKeys.has(key));
  if (before !== undefined && !changed) return { decisions, firsts, state: before };
  const state: StormState = {
    version: 1,
    principals: [...principals].map(([name, group]) => [name, closed(group)] as const),
    folded: folded ? closed(folded) : null,
    published: [...published],
    recentlyHeld: [...recent],
    held,
  };
  return { decisions, firsts, state };
}

/** Counts a finding into its group, and tells whether its target, its severity or its number speaks for publishing it. */
function counts(group: Group, severity: Severity, target: string, settings: StormSettings): boolean {
  group.count += 1;
  const isNewTarget = !group.targets.has(target) && group.targets.size <= settings.furtherTargets;
  if (isNewTarget) group.targets.add(target);
  if (severity === 'critical') group.critical = Math.min(group.critical + 1, settings.criticalFirst + 1);
  const isEarlyCritical = severity === 'critical' && group.critical <= settings.criticalFirst;
  return isNewTarget || isEarlyCritical || isPowerOfTen(group.count);
}

function isPowerOfTen(count: number): boolean {
  return count >= 10 && /^10+$/.test(String(count));
}

function opened(group?: StormGroup): Group {
  return {
    count: group?.count ?? 0,
    critical: group?.critical ?? 0,
    marks: new Map(group?.marks),
    targets: new Set(group?.targets),
  };
}

function closed({ count, critical, marks, targets }: Group): StormGroup {
  return { count, critical, marks: [...marks], targets: [...targets] };
}

function keysOf({ marks }: Group): string[] {
  return [...marks.values()];
}

function short(hash: Hash, text: string, digits: number): string {
  return hash(text).slice(0, digits);
}
