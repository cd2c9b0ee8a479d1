import { neutralise } from '../../function/core/neutral.ts';
import { CHANGES, type Change } from './changes.ts';
import type { ChangeReport, ComparisonReport } from './comparison.ts';
import type { SideNames } from './git-ref.ts';
import type { Mention } from './mention.ts';
import type { Report } from './report.ts';
import { standingText } from './standing.ts';

/** GitHub takes 65,536 characters in a comment; the rest is room for what a workflow adds. */
const MOST = 60_000;

/** Room for the line that says what was cut. */
const RESERVE = 300;

const TITLES = [
  ['new', 'New findings'],
  ['lost', 'Lost findings'],
  ['louder', 'Louder findings'],
  ['quieter', 'Quieter findings'],
] as const satisfies readonly (readonly [Change, string])[];

/**
 * A comparison as GitHub Markdown for a comment on a pull request, at most 60,000 characters, ending in a line end. All
 * that records or the edit may have chosen stands in code spans: nothing in it links, mentions, formats or is HTML.
 * @see https://github.github.com/gfm/
 */
export function comparisonMarkdown(report: ComparisonReport, names: SideNames): string {
  const { changes } = report;
  const text = new BoundedText(MOST - RESERVE);
  text.add(headOf(report, names));
  for (const [change, title] of TITLES) addSection(text, title, changes[change]);
  return `${text.text}${text.left === 0 ? '' : `\n**Cut here**: ${text.left} more group(s) of changes. trailbell replay --compare shows them.\n`}`;
}

/** Text that grows part by part; from the first part that has no room on, all are only counted. */
class BoundedText {
  text = '';
  left = 0;
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  /** @returns whether it was taken */
  add(part: string): boolean {
    const fits = this.left === 0 && this.text.length + part.length <= this.#most;
    if (fits) this.text += part;
    return fits;
  }
}

function headOf({ current, proposed, changes }: ComparisonReport, names: SideNames): string {
  const told = CHANGES.filter((change) => change !== 'unpublished').map(
    (change) => `${changes[change].records} ${change}`,
  );
  const silent = changes.unpublished.records;
  const span = current.from === null || current.to === null ? '' : `, ${code(current.from)} to ${code(current.to)}`;
  const rows = [
    ['severities', ({ policyVersion }: Report) => code(policyVersion)],
    ['findings', ({ published }: Report) => String(published)],
    [
      'messages after storm control',
      ({ messages }: Report) => `${messages.isExact ? '' : 'at most '}${messages.messages}`,
    ],
  ] as const;
  return [
    '### What the edit of the severities changes',
    '',
    `**${told.join(', ')}**, over ${current.received} record(s)${span}.` +
      (silent > 0 ? ` Of ${silent} record(s) more the rating changes, and nobody is told either way.` : ''),
    '',
    `| | current: ${code(names.current)} | proposed: ${code(names.proposed)} |`,
    '|---|---:|---:|',
    ...rows.map(([name, of]) => `| ${name} | ${of(current)} | ${of(proposed)} |`),
    '',
  ].join('\n');
}

function addSection(text: BoundedText, title: string, { records, groups }: ChangeReport): void {
  if (groups.length === 0) return;
  const rows = groups.map(
    ({ records, reason, current, proposed }) =>
      `| ${records} | ${reason.by} ${code(reason.name)} | ${code(standingText(current))} | ${code(standingText(proposed))} |\n`,
  );
  const head = `\n#### ${title}: ${records}\n\n| records | because of | current | proposed |\n|---:|---|---|---|\n`;
  let shown = 0;
  if (text.add(head)) while (shown < rows.length && text.add(rows[shown] ?? '')) shown++;
  const examples = groups.slice(0, shown).map(examplesOf);
  const folded = `\n<details><summary>Examples</summary>\n\n${examples.join('')}\n</details>\n`;
  if (examples.length > 0 && !text.add(folded)) {
    // Whole groups of examples, as many as there is room for.
    const fewer = examples.slice(0, Math.max(1, Math.floor(shown / 4)));
    text.add(`\n<details><summary>Examples of the first ${fewer.length}</summary>\n\n${fewer.join('')}\n</details>\n`);
  }
  text.left += groups.length - shown;
}

function examplesOf({ reason, examples }: ChangeReport['groups'][number]): string {
  return [`- ${reason.by} ${code(reason.name)}\n`, ...examples.map((example) => `  - ${exampleLine(example)}\n`)].join(
    '',
  );
}

function exampleLine({ eventTime, subject, call, principal, eventID }: Mention): string {
  return [eventTime ?? 'no eventTime', subject ?? `${call} by ${principal}`, eventID ?? 'no eventID']
    .map(code)
    .join(' ');
}

/** A code span, in which Markdown, mentions and links are nothing; its own marks and those of a table are replaced. */
function code(text: string): string {
  const inert = neutralise(text).replaceAll('`', "'").replaceAll('|', '¦').trim();
  return inert === '' ? '–' : `\`${inert}\``;
}
