import { compileConditions } from '../policy.ts';
import { readRecord } from '../record.ts';
import { SelectorIndex } from '../selector-index.ts';
import { failure, type Report } from './report.ts';
import { fileOfDetection, type Subject } from './subject.ts';

/** Examples that do not do what they say. */
export function* wrongExamples(subject: Subject): Iterable<Report> {
  for (const detection of subject.severities.detections) {
    const index = new SelectorIndex([{ selector: compileConditions(detection, subject.severities.policy.lists) }]);
    const examples = subject.examples.get(detection.id);
    for (const kind of ['match', 'noMatch'] as const) {
      for (const [at, example] of (examples?.[kind] ?? []).entries()) {
        const read = readRecord(example);
        const file = fileOfDetection(subject, detection.id);
        const pointer = `/examples/${kind}/${at}`;
        if ('unreadable' in read) {
          yield failure(file, pointer, `the example is no CloudTrail record: ${read.unreadable}`, 'give it both names');
        } else if ((index.first(read) !== undefined) !== (kind === 'match')) {
          const message = kind === 'match' ? 'the example does not match' : 'the example matches';
          yield failure(file, pointer, message, 'change the example, or the condition');
        }
      }
    }
  }
}
