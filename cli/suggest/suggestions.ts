import { neutralise, printableJson } from '../../function/core/neutral.ts';
import type { AdjustEntry, WhitelistEntry } from '../../function/core/severities/model.ts';
import type { Mention } from '../replay/mention.ts';
import type { ReasonName } from '../replay/reason-name.ts';
import { mentionLine } from '../replay/report-text.ts';
import { type Draft, type Drafts, KNOWN, MAX_CALLERS } from './draft-entries.ts';
import type { NoiseGroups } from './noise-groups.ts';

/** What a history suggests, as plain data: what `--json` prints, and all the terminal shows. */
export interface Suggestions {
  readonly findings: number;
  /** Findings that were messages of their own. */
  readonly messages: number;
  /** False when more groups came than are kept, so that figures are lower bounds. */
  readonly isComplete: boolean;
  readonly suggestions: readonly Suggestion[];
  readonly leftOut: Drafts['leftOut'];
}

/** One entry and what it would do. Every text but those of the entry is neutralised. */
export interface Suggestion {
  readonly list: Draft['list'];
  /** As recorded. */
  readonly entry: WhitelistEntry | AdjustEntry;
  readonly who: string;
  readonly findings: number;
  /** Of all findings, in hundredths. */
  readonly findingsPercent: number;
  readonly messages: number;
  readonly messagesPercent: number;
  readonly days: number;
  readonly reasons: readonly ReasonName[];
  readonly warning: string | null;
  readonly example: Mention;
}

/** The suggestions of drafts. */
export function suggestionsOf(groups: NoiseGroups, { drafts, leftOut }: Drafts): Suggestions {
  const { findings, atOnce: messages, isComplete } = groups;
  const suggestions = drafts.map(({ list, entry, group, warning }) => ({
    list,
    entry,
    who: whoOf(group),
    findings: group.findings,
    findingsPercent: percent(group.findings, findings),
    messages: group.atOnce,
    messagesPercent: percent(group.atOnce, messages),
    days: group.days,
    reasons: group.reasons,
    warning,
    example: group.example,
  }));
  return { findings, messages, isComplete, suggestions, leftOut };
}

/** What the findings of a group have in common, in words; neutralised. */
function whoOf({ caller, eventSource, eventName, account }: Draft['group']): string {
  return `${neutralise(caller, 128)} calls ${eventSource}/${eventName} in ${account}`;
}

/** Suggestions for the terminal, the JSON to paste last. Nothing in it can steer a terminal. */
export function suggestionsText(report: Suggestions): string {
  const { findings, messages, isComplete, suggestions } = report;
  const total = suggestions.reduce((sum, one) => sum + one.findings, 0);
  const found = `${findings} finding(s), ${messages} of them messages of their own${isComplete ? '' : '; figures below are at least'}`;
  if (suggestions.length === 0) {
    return [found, findings === 0 ? NO_FINDINGS : NOTHING, ...leftOutLines(report), ''].join('\n');
  }
  return [
    found,
    `${suggestions.length === 1 ? '1 entry' : `${suggestions.length} entries`} would calm ${total} finding(s), ${percent(total, findings)} %`,
    ...leftOutLines(report),
    ...suggestions.flatMap((one, index) => ['', ...suggestionLines(one, index + 1)]),
    '',
    'For local/policy.json of your severities. Fill in each reason, then look: check, and replay --compare.',
    pasteText(suggestions),
    '',
  ].join('\n');
}

const NO_FINDINGS = 'Nothing to suggest: nothing alerted.';

const NOTHING =
  `Nothing to suggest: no call of one caller alerted at least ${KNOWN.findings} times on at least ${KNOWN.days} days ` +
  'without one of the reasons below.';

/** The lists of a `local/policy.json` that hold the entries. */
function pasteText(suggestions: readonly Pick<Suggestion, 'list' | 'entry'>[]): string {
  const lists = new Set(suggestions.map(({ list }) => list));
  const entriesOf = (name: string) => suggestions.filter(({ list }) => list === name).map(({ entry }) => entry);
  return printableJson(Object.fromEntries([...lists].map((list) => [list, entriesOf(list)])), 2);
}

function suggestionLines(suggestion: Suggestion, number: number): string[] {
  const { who, findings, findingsPercent, messages, messagesPercent, days, entry, warning, example } = suggestion;
  return [
    `${number}. ${who}`,
    `   ${findings} finding(s), ${findingsPercent} %, on ${days} days; ${messages} message(s), ${messagesPercent} %`,
    ...(warning === null ? [] : [`   CRITICAL: ${warning}`]),
    `   ${mentionLine(example)}`,
    ...(entry.hides ? [`   hides ${entry.hides.join(', ')}`] : []),
  ];
}

function leftOutLines({ leftOut }: Suggestions): string[] {
  const { guardrail, root, unnamed, few, many, more } = leftOut;
  const words = [
    [guardrail, 'of guardrails, which nothing silences'],
    [root, 'by the root user'],
    [unnamed, 'of which no entry could name the caller and the call'],
    [few, `of fewer than ${KNOWN.findings} alike, or on fewer than ${KNOWN.days} days`],
    [many, `of calls that more than ${MAX_CALLERS} callers make all the time: judge the row`],
    [more, 'of groups beyond the ten largest: run it again when these are in'],
  ] as const;
  // Every finding is in one of the drafts or in one of these.
  const said = words.filter(([figure]) => figure > 0).map(([figure, why]) => `  ${figure} ${why}`);
  return said.length > 0 ? ['Left out, findings:', ...said] : [];
}

function percent(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.round((part / whole) * 1_000) / 10;
}
