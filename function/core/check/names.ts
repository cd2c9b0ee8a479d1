import { withoutApiVersion } from '../record.ts';
import { compileSelector } from '../selector.ts';
import { pointerTo } from '../severities/json.ts';
import { type Report, warning } from './report.ts';
import { fileOfDetection, fileOfRow, placeOfEntry, type Subject } from './subject.ts';

/** Names in rows, detections and policy entries that AWS does not have, as far as the catalogue knows. */
export function* unknownNames(subject: Subject): Iterable<Report> {
  for (const { eventSource, events } of subject.severities.services) {
    const known = subject.knownNames(eventSource);
    if (known === undefined) {
      const [first = ''] = Object.keys(events);
      yield unknownSource(fileOfRow(subject, eventSource, first), '/eventSource', eventSource);
      continue;
    }
    for (const eventName of Object.keys(events)) {
      const place = [fileOfRow(subject, eventSource, eventName), pointerTo(['events', eventName])] as const;
      yield* unknownName(...place, eventSource, eventName, known);
    }
  }
  for (const detection of subject.severities.detections) {
    yield* unknownInSelector(subject, detection, fileOfDetection(subject, detection.id), '');
  }
  const { whitelist, adjust, deletions } = subject.severities.policy;
  for (const [list, entries] of [
    ['whitelist', whitelist],
    ['adjust', adjust],
    ['unless', deletions.unless],
  ] as const) {
    for (const [index, entry] of entries.entries()) {
      const { file, pointer } = placeOfEntry(subject, list, index);
      yield* unknownInSelector(subject, entry, file, pointer);
    }
  }
}

interface Named {
  readonly eventSource?: string | undefined;
  readonly eventNames?: readonly string[] | undefined;
}

function* unknownInSelector(
  { knownNames }: Subject,
  { eventSource, eventNames = [] }: Named,
  file: string,
  pointer: string,
): Iterable<Report> {
  if (eventSource === undefined) return;
  const known = knownNames(eventSource);
  if (known === undefined) {
    yield unknownSource(file, `${pointer}/eventSource`, eventSource);
    return;
  }
  for (const [index, name] of eventNames.entries()) {
    yield* unknownName(file, `${pointer}/eventNames/${index}`, eventSource, name, known);
  }
}

function unknownSource(file: string, pointer: string, eventSource: string): Report {
  return warning(file, pointer, `no ${eventSource} in the catalogue`, 'compare with a record');
}

function* unknownName(
  file: string,
  pointer: string,
  eventSource: string,
  name: string,
  known: ReadonlySet<string>,
): Iterable<Report> {
  if (known.has(name) || known.has(withoutApiVersion(name) ?? '')) return;
  if (name.includes('*') && [...known].some(compileSelector({ eventNames: [name] }).matchesName)) return;
  const meant = [...known].find((other) => other.toLowerCase() === name.toLowerCase()) ?? nearest(name, known);
  yield warning(
    file,
    pointer,
    `no ${eventSource}/${name} in the catalogue`,
    meant ? `write ${JSON.stringify(meant)}` : 'compare with a record; a name AWS never writes matches nothing',
  );
}

/** The one name that a single added, lost, or changed letter, or two swapped ones, makes of it. */
function nearest(name: string, known: ReadonlySet<string>): string | undefined {
  const near = [...known].filter((other) => isOneSlipApart(name, other));
  return near.length === 1 ? near[0] : undefined;
}

function isOneSlipApart(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false;
  let start = 0;
  while (start < a.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  const middleOfA = a.slice(start, a.length - end);
  const middleOfB = b.slice(start, b.length - end);
  const isSwap = middleOfA.length === 2 && middleOfA === [...middleOfB].reverse().join('');
  return isSwap || Math.max(middleOfA.length, middleOfB.length) === 1;
}
