import { SEVERITIES } from '../../function/core/severity.ts';
import type { Change, ChangeGroup, Changes } from './changes.ts';
import type { Report } from './report.ts';

/** What an edit changes, as plain data: what `--json` prints, and all the terminal shows. */
export interface ComparisonReport {
  readonly current: Report;
  readonly proposed: Report;
  readonly changes: Readonly<Record<Change, ChangeReport>>;
}

/** The records of one kind of change. `groups`: severest first, then largest; the rarest are left out of very many. */
export interface ChangeReport {
  readonly records: number;
  readonly groups: readonly (ChangeGroup & { readonly records: number })[];
}

/** The changes of a comparison as plain data. */
export function changesOf(changes: Changes): ComparisonReport['changes'] {
  const reportOf = (change: Change): ChangeReport => {
    const groups = changes.groups[change].top().map(({ of, records }) => ({ records, ...of }));
    return { records: changes.records[change], groups: groups.sort((a, b) => rankOf(b) - rankOf(a)) };
  };
  return {
    new: reportOf('new'),
    lost: reportOf('lost'),
    louder: reportOf('louder'),
    quieter: reportOf('quieter'),
    unpublished: reportOf('unpublished'),
  };
}

/** The louder of a group's two severities: a lost critical finding is as much to look at as a new one. */
function rankOf({ current, proposed }: ChangeGroup): number {
  const ranks = [current, proposed].map(({ severity }) => (severity === null ? -1 : SEVERITIES.indexOf(severity)));
  return Math.max(...ranks);
}
