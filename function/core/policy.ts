import { Plans } from './plan.ts';
import type { CloudTrailRecord } from './record.ts';
import { compileRegex, type LinearRegex } from './regex/linear-regex.ts';
import { type CompiledSelector, compileSelector, once, type Selector } from './selector.ts';
import { type Selecting, SelectorIndex } from './selector-index.ts';
import type { Accounts, Detection, PolicySettings, Row, Severities } from './severities/model.ts';
import type { Severity } from './severity.ts';
import type { Reason } from './verdict.ts';
import { compileWhere, type Lists } from './where.ts';

/** What a reader is told about a reason: taken from the row or detection that gave it. */
export interface Explanation {
  readonly title?: string | undefined;
  readonly reason: string;
  readonly nextSteps?: readonly string[] | undefined;
  readonly techniques?: readonly string[] | undefined;
  readonly runbook?: string | undefined;
}

/** A row of the table, by its service and event. */
export interface PolicyRow {
  readonly severity: Severity;
  readonly overridesDeletion: boolean;
  readonly explanation: Explanation | undefined;
  /** The row's one reason, made once for all records it rates. */
  readonly reasons: readonly [Reason];
}

/** A detection, its condition compiled. */
export interface PolicyDetection extends Selecting {
  readonly id: string;
  readonly severity: Severity;
  readonly trial: boolean;
  readonly guardrail: boolean;
  readonly explanation: Explanation;
  /** Present where one record alone is no match: how many, within what time, of what group. */
  readonly count: { readonly atLeast: number; readonly withinMs: number; readonly by: readonly string[] } | undefined;
}

/** A whitelist or unless entry; `hides` names the severe rows and detections it may cover. */
export interface PolicyEntry extends Selecting {
  readonly id: string;
  readonly hides: ReadonlySet<string>;
}

/** An adjust entry: caps at `severity`, or with `raise` lifts to it. */
export interface PolicyAdjustment extends PolicyEntry {
  readonly severity: Severity;
  readonly raise: boolean;
}

/** Severities made ready to classify with: looking a record up costs the same whatever the size of the table. */
export interface Policy {
  readonly policyVersion: string;
  readonly alertAt: Severity;
  readonly logAt: Severity;
  readonly whitelist: SelectorIndex<PolicyEntry>;
  readonly guardrails: SelectorIndex<PolicyDetection>;
  readonly detections: SelectorIndex<PolicyDetection>;
  /** Detections that match by number; `detections` holds only those that match by one record. */
  readonly counted: SelectorIndex<PolicyDetection>;
  readonly deletionPattern: LinearRegex;
  readonly deletionSeverity: Severity;
  readonly unless: SelectorIndex<PolicyEntry>;
  readonly table: ReadonlyMap<string, ReadonlyMap<string, PolicyRow>>;
  readonly serviceNames: ReadonlyMap<string, string>;
  readonly adjust: SelectorIndex<PolicyAdjustment>;
  readonly failed: PolicySettings['failed'];
  readonly unlisted: PolicySettings['unlisted'];
  readonly accounts: ReadonlyMap<string, Accounts[string]>;
  readonly plans: Plans;
}

/**
 * Compiles validated severities, once per process.
 * What asks a detection or an entry throws {SyntaxProblem} where its condition does not parse; a loaded folder has none.
 * @throws {SyntaxProblem} for a deletion pattern that does not parse
 */
export function compilePolicy(severities: Severities): Policy {
  const { policy, services } = severities;
  const detections = severities.detections.map((detection) => compileDetection(detection, policy.lists));
  return {
    policyVersion: severities.policyVersion,
    alertAt: policy.alertAt,
    logAt: policy.logAt,
    whitelist: new SelectorIndex(policy.whitelist.map(compileEntry)),
    guardrails: new SelectorIndex(detections.filter((detection) => detection.guardrail)),
    detections: new SelectorIndex(detections.filter(({ count }) => count === undefined)),
    counted: new SelectorIndex(detections.filter(({ count }) => count !== undefined)),
    deletionPattern: compileRegex(policy.deletions.pattern),
    deletionSeverity: policy.deletions.severity,
    unless: new SelectorIndex(policy.deletions.unless.map(compileEntry)),
    table: new Map(
      services.map(({ eventSource, events }) => [
        eventSource,
        new Map(Object.entries(events).map(([eventName, row]) => [eventName, compileRow(row)])),
      ]),
    ),
    serviceNames: new Map(services.map(({ eventSource, service }) => [eventSource, service])),
    adjust: new SelectorIndex(
      policy.adjust.map((entry) => ({ ...compileEntry(entry), severity: entry.severity, raise: entry.raise === true })),
    ),
    failed: policy.failed,
    unlisted: policy.unlisted,
    accounts: new Map(Object.entries(severities.accounts)),
    plans: new Plans(),
  };
}

/** Compiles all that says which records a detection is about, conditions when they are first asked. */
export function compileConditions({ where, ...detection }: Omit<Detection, 'id'>, lists: Lists): CompiledSelector {
  const selector = compileSelector(detection);
  if (where === undefined) return selector;
  const rest = once(() => {
    const [matches, holds] = [selector.rest(), compileWhere(where, lists)];
    return (record: CloudTrailRecord) => matches(record) && holds(record);
  });
  return { ...selector, rest };
}

function compileEntry(
  entry: Selector & { readonly id: string; readonly hides?: readonly string[] | undefined },
): PolicyEntry {
  return { id: entry.id, hides: new Set(entry.hides), selector: compileSelector(entry) };
}

function compileDetection(detection: Detection, lists: Lists): PolicyDetection {
  const { id, severity, title, reason, nextSteps, techniques, runbook, count } = detection;
  return {
    id,
    severity,
    trial: detection.stage === 'trial',
    guardrail: detection.guardrail === true,
    explanation: { title, reason, nextSteps, techniques, runbook },
    count: count && { atLeast: count.atLeast, withinMs: count.withinMinutes * 60_000, by: count.by },
    selector: compileConditions(detection, lists),
  };
}

function compileRow(row: Row): PolicyRow {
  const {
    severity,
    overridesDeletion = false,
    ...said
  } = typeof row === 'string' ? { severity: row, reason: undefined } : row;
  const { reason, techniques, runbook } = { techniques: undefined, runbook: undefined, ...said };
  const explanation = reason === undefined ? undefined : { reason, techniques, runbook };
  const code = `${severity}_severity_aws_event_happened` as const;
  return { severity, overridesDeletion, explanation, reasons: [{ by: 'row', severity, code, explanation }] };
}
