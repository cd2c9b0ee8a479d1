import { type Report, warning } from './report.ts';
import { fileOfDetection, type Subject } from './subject.ts';

/** What the trail of the stack records: management events, nothing else. */
const RECORDED: ReadonlySet<string> = new Set(['management']);

/** Detections that need records the stack's trail does not have; one report for each kind of record. */
export function* unrecordedNeeds(subject: Subject): Iterable<Report> {
  const byNeed = new Map<string, string[]>();
  for (const { id, requires = [] } of subject.severities.detections) {
    for (const need of requires) {
      if (!RECORDED.has(need)) byNeed.set(need, [...(byNeed.get(need) ?? []), id]);
    }
  }
  for (const [need, [first = '', ...others]] of byNeed) {
    yield warning(
      fileOfDetection(subject, first),
      '/requires',
      `${[first, ...others].join(', ')}: ${need} is needed, which the trail of the stack does not record`,
      `record ${need} with a trail of your own and name its log group in infra/config.json`,
    );
  }
}
