import { readRecord } from '../record.ts';
import { type CompiledSelector, compileSelector, type Selector } from '../selector.ts';
import type { AdjustEntry, WhitelistEntry } from '../severities/model.ts';
import { atLeast, type Severity } from '../severity.ts';
import { failure, type Report, warning } from './report.ts';
import { placeOfEntry, type Subject } from './subject.ts';

/** What a drafted entry's reason begins with, until somebody has written the real one. */
export const FILL_IN = 'FILL IN:';

/** Whitelist and adjust entries whose reason nobody has written yet. */
export function* unwrittenReasons(subject: Subject): Iterable<Report> {
  const { whitelist, adjust } = subject.severities.policy;
  for (const [list, entries] of [
    ['whitelist', whitelist],
    ['adjust', adjust],
  ] as const) {
    for (const [index, { id, reason }] of entries.entries()) {
      if (!reason.startsWith(FILL_IN)) continue;
      const { file, pointer } = placeOfEntry(subject, list, index);
      yield warning(
        file,
        `${pointer}/reason`,
        `${id} still has the reason that suggest gave it`,
        'say why it is known work',
      );
    }
  }
}

/** Whitelist, adjust and unless entries past their last day. */
export function* expiredEntries(subject: Subject): Iterable<Report> {
  const { whitelist, adjust, deletions } = subject.severities.policy;
  for (const [list, entries] of [
    ['whitelist', whitelist],
    ['adjust', adjust],
    ['unless', deletions.unless],
  ] as const) {
    for (const [index, { id, expires }] of entries.entries()) {
      if (expires === undefined || expires >= subject.today) continue;
      const { file, pointer } = placeOfEntry(subject, list, index);
      yield failure(
        file,
        `${pointer}/expires`,
        `${id} expired on ${expires}`,
        'remove the entry, or give it a later day',
      );
    }
  }
}

/** Whitelist and lowering adjust entries that cover severe rows or detections, or guardrails, without naming them. */
export function* hiddenSevere(subject: Subject): Iterable<Report> {
  const { whitelist, adjust } = subject.severities.policy;
  for (const [index, entry] of whitelist.entries()) yield* hiddenBy(subject, 'whitelist', index, entry, undefined);
  for (const [index, entry] of adjust.entries()) {
    if (!entry.raise) yield* hiddenBy(subject, 'adjust', index, entry, entry.severity);
  }
}

function* hiddenBy(
  subject: Subject,
  list: 'whitelist' | 'adjust',
  index: number,
  entry: WhitelistEntry | AdjustEntry,
  cap: Severity | undefined,
): Iterable<Report> {
  const { file, pointer } = placeOfEntry(subject, list, index);
  const covered = new Set(severeCoveredBy(subject, entry, cap));
  // What depends on who calls cannot be told from examples: there the names alone say what an entry may name.
  const coverable = new Set(coveredBy(subject, { ...entry, principals: undefined, when: undefined }, cap, true));
  const named = new Set(entry.hides);
  const missing = [...covered].filter((name) => !named.has(name));
  if (missing.length > 0) {
    yield failure(
      file,
      pointer,
      `${entry.id} covers ${missing.length} severe row(s) or detection(s) without naming them: ${missing.slice(0, 5).join(', ')}`,
      `"hides": ${JSON.stringify([...named, ...missing])}`,
    );
  }
  for (const name of named) {
    if (covered.has(name) || coverable.has(name)) continue;
    yield failure(file, `${pointer}/hides`, `${entry.id} names ${name}, which it does not cover`, 'remove the name');
  }
}

/**
 * The severe rows and detections, and the guardrails, that an entry covers: what `check` wants its `hides` to name.
 * @param cap what an adjust entry lowers to; undefined for a whitelist entry
 */
export function severeCoveredBy(
  subject: Pick<Subject, 'severities' | 'examples'>,
  entry: Selector,
  cap: Severity | undefined,
): readonly string[] {
  return [...new Set(coveredBy(subject, entry, cap))];
}

function* coveredBy(
  { severities, examples }: Pick<Subject, 'severities' | 'examples'>,
  entry: Selector,
  cap: Severity | undefined,
  byNameAlone = false,
): Iterable<string> {
  const selector = compileSelector(everywhere(entry));
  const lowers = (severity: Severity) => cap === undefined || !atLeast(cap, severity);
  for (const { eventSource, events } of severities.services) {
    for (const [eventName, row] of Object.entries(events)) {
      const severity = typeof row === 'string' ? row : row.severity;
      if (!atLeast(severity, 'high') || !lowers(severity)) continue;
      if (overlaps(selector, eventSource, [eventName])) yield `${eventSource}/${eventName}`;
    }
  }
  for (const detection of severities.detections) {
    if (!detection.guardrail && !atLeast(detection.severity, 'high')) continue;
    if (!lowers(detection.severity)) continue;
    // A detection of any call, such as one on root, overlaps with every entry there is: unless it guards, its examples decide.
    const decides =
      byNameAlone || detection.guardrail || detection.eventSource !== undefined || detection.eventNames !== undefined;
    const byName = decides && isForAllCallers(entry) && overlaps(selector, detection.eventSource, detection.eventNames);
    if (byName || matchesAny(selector, examples.get(detection.id)?.match ?? [])) yield `detection:${detection.id}`;
  }
}

function overlaps(selector: CompiledSelector, eventSource?: string, eventNames?: readonly string[]): boolean {
  if (selector.eventSource !== undefined && eventSource !== undefined && selector.eventSource !== eventSource)
    return false;
  if (eventNames === undefined) return true;
  const { matchesName } = compileSelector({ eventNames });
  return eventNames.some(selector.matchesName) || [...(selector.exactNames ?? [])].some(matchesName);
}

function matchesAny(selector: CompiledSelector, examples: readonly unknown[]): boolean {
  return examples.some((example) => {
    const read = readRecord(example);
    if ('unreadable' in read) return false;
    return overlaps(selector, read.eventSource, [read.eventName ?? '']) && selector.rest()(read.record);
  });
}

function isForAllCallers({ principals, when }: Selector): boolean {
  return !principals && !when;
}

// Hiding something in one account, in one Region, or until one day is hiding it; examples are from other ones.
function everywhere({ expires: _expires, accounts: _accounts, regions: _regions, ...selector }: Selector): Selector {
  return selector;
}
