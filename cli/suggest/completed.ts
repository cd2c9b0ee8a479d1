import { severeCoveredBy } from '../../function/core/check/entries.ts';
import type { Folder } from '../severities-folder.ts';
import type { Draft, Drafts } from './draft-entries.ts';

/**
 * The drafts with all in their `hides` that `check` wants named: an entry may also cover a detection by the detection's own
 * examples. What would cover a guardrail so is left out.
 */
export function completed({ drafts, leftOut }: Drafts, { severities, examples }: Folder): Drafts {
  const guardrails = new Set(
    severities.detections.flatMap(({ id, guardrail }) => (guardrail ? [`detection:${id}`] : [])),
  );
  const kept: Draft[] = [];
  let guardrail = leftOut.guardrail;
  for (const draft of drafts) {
    const cap = 'severity' in draft.entry ? draft.entry.severity : undefined;
    const hides = [
      ...new Set([...(draft.entry.hides ?? []), ...severeCoveredBy({ severities, examples }, draft.entry, cap)]),
    ];
    if (hides.some((name) => guardrails.has(name))) guardrail += draft.group.findings;
    else kept.push({ ...draft, entry: { ...draft.entry, ...(hides.length > 0 && { hides }) } });
  }
  return { drafts: kept, leftOut: { ...leftOut, guardrail } };
}
