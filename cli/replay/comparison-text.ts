import { CHANGES, type Change } from './changes.ts';
import type { ChangeReport, ComparisonReport } from './comparison.ts';
import type { SideNames } from './git-ref.ts';
import { balanceLine, column, findingsLine, mentionLine, messagesLine, spanLine, speedLine } from './report-lines.ts';
import { standingText } from './standing.ts';

/** Groups shown of each kind of change. */
const MAX_GROUPS = 10;

const TITLES: Readonly<Record<Change, string>> = {
  new: 'New findings',
  lost: 'Lost findings',
  louder: 'Louder findings',
  quieter: 'Quieter findings',
  unpublished: 'Not published, and rated otherwise',
};

/** A comparison for the terminal, ending in a line end. Nothing in it can steer a terminal: the report is neutralised. */
export function comparisonText({ current, proposed, changes }: ComparisonReport, names: SideNames): string {
  return [
    spanLine(current),
    ...[current, proposed].flatMap((report, index) => [
      '',
      `${index === 0 ? `Current (${names.current})` : `Proposed (${names.proposed})`}: severities ${report.policyVersion}`,
      `  ${balanceLine(report)}`,
      `  ${findingsLine(report)}`,
      `  ${messagesLine(report)}`,
    ]),
    '',
    `Changes: ${CHANGES.map((change) => `${changes[change].records} ${change}`).join(', ')}`,
    ...changesText(changes),
    '',
    speedLine(current),
    '',
  ].join('\n');
}

/** The groups of each kind of change, as lines. */
export function changesText(changes: ComparisonReport['changes']): string[] {
  return CHANGES.flatMap((change) => section(TITLES[change], changes[change]));
}

function section(title: string, { records, groups }: ChangeReport): string[] {
  if (groups.length === 0) return [];
  const lines = groups
    .slice(0, MAX_GROUPS)
    .flatMap(({ records, reason, current, proposed, examples }) => [
      `${column(records)}  ${reason.by} ${reason.name}: ${standingText(current)} -> ${standingText(proposed)}`,
      ...examples.map((example) => `           ${mentionLine(example)}`),
    ]);
  const more = groups.length - MAX_GROUPS;
  const rest = more > 0 ? [`           and ${more} more like these: --json has them`] : [];
  return ['', `${title}: ${records}`, ...lines, ...rest];
}
