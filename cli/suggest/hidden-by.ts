import type { Policy } from '../../function/core/policy.ts';
import { withoutApiVersion } from '../../function/core/record.ts';
import { atLeast, type Severity } from '../../function/core/severity.ts';
import type { NoiseGroup } from './noise-groups.ts';

/**
 * What an entry about the group has to name in its `hides`: the rows from high up that it covers, and the detections from
 * high up that spoke for its findings. Guardrails are never among them.
 * @param cap what the entry lowers to; undefined for a whitelist entry
 */
export function hiddenBy(policy: Policy, group: NoiseGroup, cap: Severity | undefined): string[] {
  const { eventSource, eventName } = group;
  const isHidden = (severity: Severity) => atLeast(severity, 'high') && (cap === undefined || !atLeast(cap, severity));
  const rows = [...(policy.table.get(eventSource) ?? [])]
    .filter(
      ([name, { severity }]) => (name === eventName || withoutApiVersion(name) === eventName) && isHidden(severity),
    )
    .map(([name]) => `${eventSource}/${name}`);
  const spoke = new Set(group.reasons.flatMap(({ by, name }) => (by === 'detection' ? [name] : [])));
  const detections = [...policy.detections.entries, ...policy.counted.entries]
    .filter(({ id, severity, guardrail }) => spoke.has(id) && !guardrail && isHidden(severity))
    .map(({ id }) => `detection:${id}`);
  return [...rows, ...detections];
}
