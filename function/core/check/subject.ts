import type { Examples } from '../severities/load.ts';
import type { Local } from '../severities/merge.ts';
import type { Severities } from '../severities/model.ts';

/** What `check` looks at: the severities in effect, and what tells where each part is written. */
export interface Subject {
  readonly severities: Severities;
  readonly local: Local;
  readonly examples: ReadonlyMap<string, Examples>;
  /** Names AWS has, by eventSource; undefined where none is known. */
  readonly knownNames: (eventSource: string) => ReadonlySet<string> | undefined;
  /** Today in UTC, `2026-11-21`. */
  readonly today: string;
}

/** The file a row is in effect from. */
export function fileOfRow({ local }: Subject, eventSource: string, eventName: string): string {
  const path = `services/${eventSource.replace(/\.amazonaws\.com$/, '')}.json`;
  const isLocal = local.services.some(
    (service) => service.eventSource === eventSource && Object.hasOwn(service.events, eventName),
  );
  return isLocal ? `local/${path}` : path;
}

/** The file a detection is in effect from; an override changes it, and does not hold it. */
export function fileOfDetection({ local }: Subject, id: string): string {
  const path = `detections/${id}.json`;
  return local.detections.some((detection) => detection.id === id) ? `local/${path}` : path;
}

/** The file and pointer of a policy entry: local lists append, so their entries come last. */
export function placeOfEntry(
  { severities, local }: Subject,
  list: 'whitelist' | 'adjust' | 'unless',
  index: number,
): { readonly file: string; readonly pointer: string } {
  const path = list === 'unless' ? '/deletions/unless' : `/${list}`;
  const all = list === 'unless' ? severities.policy.deletions.unless : severities.policy[list];
  const own = (list === 'unless' ? local.policy.deletions?.unless : local.policy[list])?.length ?? 0;
  const shipped = all.length - own;
  return index < shipped
    ? { file: 'policy.json', pointer: `${path}/${index}` }
    : { file: 'local/policy.json', pointer: `${path}/${index - shipped}` };
}
