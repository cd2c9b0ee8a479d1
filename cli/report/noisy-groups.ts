import { neutralise, printableJson } from '../../function/core/neutral.ts';
import { type Draft, draftEntries, KNOWN } from '../suggest/draft-entries.ts';
import type { NoiseGroup, NoiseGroups } from '../suggest/noise-groups.ts';
import { indented } from './page/record-text.ts';
import type { NoisyGroup } from './page-data.ts';

/** Groups shown at most. */
const MAX_GROUPS = 12;

/** The groups with an entry that would calm them, then the noisiest of the others. A guardrail's have none. */
export function noisyGroups(groups: NoiseGroups, today: Date): readonly NoisyGroup[] {
  const drafts = new Map(draftEntries(groups, { today }).drafts.map((draft) => [keyOf(draft.group), draft]));
  const all = groups.groups().filter(({ findings }) => findings > 1);
  const [drafted, others] = [true, false].map((has) => all.filter((group) => drafts.has(keyOf(group)) === has));
  return [...(drafted ?? []), ...(others ?? [])]
    .slice(0, MAX_GROUPS)
    .map((group) => noisyGroup(group, drafts.get(keyOf(group))));
}

function noisyGroup(group: NoiseGroup, draft: Draft | undefined): NoisyGroup {
  const { caller, account, eventSource, eventName, severity, findings, atOnce, days, reasons } = group;
  return {
    caller: neutralise(caller),
    call: neutralise(`${eventSource}/${eventName}`),
    account: neutralise(account),
    severity,
    reasons: reasons.map(({ by, name }) => `${by} ${name}`),
    findings,
    atOnce,
    days,
    entry: draft === undefined || group.guarded ? null : entryText(draft),
    said: draft?.warning ?? (draft === undefined ? whyNone(group) : null),
  };
}

function entryText({ list, entry }: Draft): string {
  return indented(printableJson({ [list]: [entry] }));
}

function whyNone({ guarded, findings, days }: NoiseGroup): string {
  if (guarded) return 'No entry: a guardrail fired, and nothing is to silence it.';
  if (findings >= KNOWN.findings && days >= KNOWN.days)
    return 'No entry: many callers make this call, so judge the row or detection instead.';
  return `No entry: known work has at least ${KNOWN.findings} findings on ${KNOWN.days} days.`;
}

function keyOf({ eventSource, eventName, account, principal, conditions }: NoiseGroup): string {
  return JSON.stringify([eventSource, eventName, account, principal, conditions]);
}
