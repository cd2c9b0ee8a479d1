import { AWS_LIMITS } from './filter-pattern/aws-limits.ts';
import { compileSelector } from './selector.ts';
import type { Detection, PolicySettings, WhitelistEntry } from './severities/model.ts';

/** What of the whitelist the subscription filter can do before the function is invoked. */
export interface Pushdown {
  /** The filter pattern; empty, which lets every record through, when no entry can be pushed down. */
  readonly pattern: string;
  /** Ids of the entries whose records no longer reach the function. */
  readonly pushed: readonly string[];
  /** The other entries; the function goes on applying them. */
  readonly kept: readonly { readonly id: string; readonly why: string }[];
}

/** Records without one of the names are unreadable or summaries: the function must see them. */
const NAMELESS = ['eventSource', 'eventName'].map((name) => `$.${name} NOT EXISTS || $.${name} IS NULL`).join(' || ');

/**
 * Derives the subscription's filter pattern from the whitelist, in file order, within 1,024 characters. Drops no JSON
 * object whose `eventSource` and `eventName` are absent, null or text unless an entry whitelists it: only entries made
 * of an eventSource and exact eventNames are taken, and none that a guardrail detection may stand against. Like every
 * JSON pattern it drops messages that are not JSON objects; CloudTrail writes none.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 */
export function pushdownPattern({ whitelist }: PolicySettings, detections: readonly Detection[]): Pushdown {
  const guardrails = detections.filter(({ guardrail }) => guardrail).map(compileSelector);
  let names = new Map<string, ReadonlySet<string>>();
  let pattern = '';
  const pushed: string[] = [];
  const kept: { id: string; why: string }[] = [];
  for (const entry of whitelist) {
    const { id, eventSource, eventNames } = entry;
    const why = whyKept(entry);
    if (why !== undefined || eventSource === undefined || eventNames === undefined) {
      kept.push({ id, why: why ?? 'names no eventSource or no eventNames' });
      continue;
    }
    const isGuarded = guardrails.some(
      (guardrail) =>
        (guardrail.eventSource ?? eventSource) === eventSource &&
        eventNames.some((name) => guardrail.matchesName(name)),
    );
    if (isGuarded) {
      kept.push({ id, why: 'a guardrail detection names the same events' });
      continue;
    }
    const wider = new Map(names).set(eventSource, new Set([...(names.get(eventSource) ?? []), ...eventNames]));
    const longer = patternOf(wider);
    if (longer.length > AWS_LIMITS.characters) {
      kept.push({ id, why: `the pattern would have ${longer.length} of ${AWS_LIMITS.characters} characters` });
      continue;
    }
    names = wider;
    pattern = longer;
    pushed.push(id);
  }
  return { pattern, pushed, kept };
}

/** Undefined when the entry's names say all there is to it. */
function whyKept(entry: WhitelistEntry): string | undefined {
  const parts = (['when', 'accounts', 'regions', 'principals', 'expires', 'hides'] as const).filter(
    (part) => entry[part] !== undefined,
  );
  if (parts.length > 0) return `has ${parts.join(', ')}`;
  if (entry.eventNames?.some((name) => name.includes('*'))) return 'has a * in its eventNames';
  return undefined;
}

function patternOf(names: ReadonlyMap<string, ReadonlySet<string>>): string {
  const clauses = [...names].map(([source, events]) => {
    const others = [...events].map((name) => `$.eventName != "${name}"`).join(' && ');
    return `($.eventSource != "${source}" || (${others}))`;
  });
  return `{ ${NAMELESS} || (${clauses.join(' && ')}) }`;
}
