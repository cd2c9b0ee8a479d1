import type * as z from 'zod';
import { pointerTo, sortedJson } from './json.ts';
import { labelOf } from './layout.ts';
import type { Accounts, DetectionSource, PolicySettings, Problem, Service } from './model.ts';
import { shortJson } from './problem.ts';
import type { detectionOverrideSchema, localPolicySchema } from './schema.ts';

/** What a release ships. */
export interface Upstream {
  readonly policy: PolicySettings;
  readonly services: readonly Service[];
  readonly detections: readonly DetectionSource[];
}

/** `{ "override": true }`: single properties of a shipped detection, changed. */
export type DetectionOverride = z.infer<typeof detectionOverrideSchema>;
/** Any part of a policy. */
export type LocalPolicy = z.infer<typeof localPolicySchema>;

/** What the user keeps in `local/`. */
export interface Local {
  readonly policy: LocalPolicy;
  readonly services: readonly Service[];
  readonly detections: readonly DetectionSource[];
  readonly overrides: readonly DetectionOverride[];
  readonly accounts: Accounts;
}

/** A release with the user's edits applied: services in order of eventSource, detections in order of id. */
export interface Merged extends Upstream {
  readonly accounts: Accounts;
}

/**
 * Applies the user's edits to a release. Total: whatever a later release adds, removes or changes, every edit is still in
 * effect and none is a conflict; an override of a detection that is gone changes nothing.
 */
export function mergeLocal(upstream: Upstream, local: Local): Merged {
  return {
    policy: mergePolicy(upstream.policy, local.policy),
    services: mergeServices(upstream.services, local.services),
    detections: mergeDetections(upstream.detections, local),
    accounts: local.accounts,
  };
}

function mergePolicy(upstream: PolicySettings, local: LocalPolicy): PolicySettings {
  return {
    alertAt: local.alertAt ?? upstream.alertAt,
    logAt: local.logAt ?? upstream.logAt,
    whitelist: [...upstream.whitelist, ...(local.whitelist ?? [])],
    adjust: [...upstream.adjust, ...(local.adjust ?? [])],
    deletions: {
      pattern: local.deletions?.pattern ?? upstream.deletions.pattern,
      severity: local.deletions?.severity ?? upstream.deletions.severity,
      unless: [...upstream.deletions.unless, ...(local.deletions?.unless ?? [])],
    },
    failed: {
      denied: local.failed?.denied ?? upstream.failed.denied,
      other: local.failed?.other ?? upstream.failed.other,
    },
    unlisted: {
      service: local.unlisted?.service ?? upstream.unlisted.service,
      event: local.unlisted?.event ?? upstream.unlisted.event,
      readOnlyEvent: local.unlisted?.readOnlyEvent ?? upstream.unlisted.readOnlyEvent,
      insight: local.unlisted?.insight ?? upstream.unlisted.insight,
    },
    lists: mergeLists(upstream.lists, local.lists ?? {}),
  };
}

function mergeLists(upstream: PolicySettings['lists'], local: PolicySettings['lists']): PolicySettings['lists'] {
  const lists = new Map(Object.entries(upstream));
  for (const [name, items] of Object.entries(local)) lists.set(name, [...(lists.get(name) ?? []), ...items]);
  return Object.fromEntries(lists);
}

function mergeServices(upstream: readonly Service[], local: readonly Service[]): Service[] {
  const services = new Map(upstream.map((service) => [service.eventSource, service]));
  for (const edited of local) {
    const shipped = services.get(edited.eventSource);
    services.set(edited.eventSource, { ...edited, events: { ...shipped?.events, ...edited.events } });
  }
  return [...services.values()].sort((a, b) => (a.eventSource < b.eventSource ? -1 : 1));
}

function mergeDetections(upstream: readonly DetectionSource[], local: Local): DetectionSource[] {
  const detections = new Map([...upstream, ...local.detections].map((detection) => [detection.id, detection]));
  for (const { id, severity, stage } of local.overrides) {
    const detection = detections.get(id);
    if (!detection) continue;
    detections.set(id, { ...detection, ...(severity && { severity }), ...(stage && { stage }) });
  }
  return [...detections.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/**
 * The edits that no longer change anything: rows and detections equal to the release's own, overrides that override
 * nothing or what already is so. A folder with them loads; they are for `check` to report.
 */
export function staleEdits(upstream: Upstream, local: Local): Problem[] {
  return [...staleRows(upstream, local), ...staleDetections(upstream, local), ...staleOverrides(upstream, local)];
}

function* staleRows(upstream: Upstream, local: Local): Iterable<Problem> {
  const shipped = new Map(
    upstream.services.map(({ eventSource, events }) => [eventSource, new Map(Object.entries(events))]),
  );
  for (const { eventSource, events } of local.services) {
    const file = `local/services/${labelOf(eventSource)}.json`;
    for (const [eventName, row] of Object.entries(events)) {
      if (!isEqual(row, shipped.get(eventSource)?.get(eventName))) continue;
      yield stale(file, pointerTo(['events', eventName]), row, 'a row that differs from the shipped one');
    }
  }
}

function* staleDetections(upstream: Upstream, local: Local): Iterable<Problem> {
  const shipped = new Map(upstream.detections.map((detection) => [detection.id, detection]));
  for (const detection of local.detections) {
    if (!isEqual(detection, shipped.get(detection.id))) continue;
    yield stale(fileOf(detection), '', detection, 'a detection that differs from the shipped one');
  }
}

function* staleOverrides(upstream: Upstream, local: Local): Iterable<Problem> {
  const known = new Map(upstream.detections.map((detection) => [detection.id, detection]));
  for (const override of local.overrides) {
    const detection = known.get(override.id);
    if (!detection) {
      yield stale(fileOf(override), '/id', override.id, 'the id of a shipped detection');
      continue;
    }
    const { severity, stage } = override;
    if (severity === detection.severity)
      yield stale(fileOf(override), '/severity', severity, 'another severity than the shipped one');
    if (stage && stage === (detection.stage ?? 'live'))
      yield stale(fileOf(override), '/stage', stage, 'another stage than the shipped one');
  }
}

function fileOf({ id }: { readonly id: string }): string {
  return `local/detections/${id}.json`;
}

function stale(file: string, pointer: string, value: unknown, expected: string): Problem {
  return { file, pointer, found: shortJson(value), expected };
}

function isEqual(a: unknown, b: unknown): boolean {
  return b !== undefined && sortedJson(a) === sortedJson(b);
}
