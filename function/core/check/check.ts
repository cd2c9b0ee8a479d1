import { staleEdits, type Upstream } from '../severities/merge.ts';
import { unrecordedNeeds } from './detections.ts';
import { expiredEntries, hiddenSevere, unwrittenReasons } from './entries.ts';
import { wrongExamples } from './examples.ts';
import { unknownNames } from './names.ts';
import { failure, type Report } from './report.ts';
import { draftedRowsLeft, shadowedRows } from './rows.ts';
import type { Subject } from './subject.ts';

/** Everything to say about severities that load: failures first, each in the order of the files. */
export function checkSeverities(subject: Subject, upstream: Upstream): Report[] {
  const stale = staleEdits(upstream, subject.local).map(({ file, pointer, found, expected }) =>
    failure(file, pointer, `found ${found}, expected ${expected}`, 'remove it: it changes nothing'),
  );
  const reports = [
    ...shadowedRows(subject),
    ...hiddenSevere(subject),
    ...expiredEntries(subject),
    ...wrongExamples(subject),
    ...stale,
    ...unknownNames(subject),
    ...draftedRowsLeft(subject),
    ...unwrittenReasons(subject),
    ...unrecordedNeeds(subject),
  ];
  return reports.sort((a, b) => Number(a.level === 'warning') - Number(b.level === 'warning'));
}
