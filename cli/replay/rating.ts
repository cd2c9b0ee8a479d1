import { classify } from '../../function/core/classify.ts';
import { type CountedMatch, countedMatches } from '../../function/core/counting.ts';
import type { Verdict } from '../../function/core/verdict.ts';
import type { InputRecord } from '../input/value-records.ts';
import { hitLine, type SpilledHit } from './count-pass.ts';
import { millisecondsOf } from './facts.ts';
import { Hashes, sha256 } from './hashes.ts';
import { writePayload } from './payloads.ts';
import { eachPolicy, type Policies } from './policies.ts';
import { NO_TIME, type Run, RunWriter } from './runs.ts';
import { compileSelection, type Selection, type Selects } from './selection.ts';
import { SpillFile } from './spill-file.ts';
import { outcomeOf, type Place, type Spilled } from './spilled.ts';
import { Summary, type SummaryParts } from './summary.ts';
import type { TimelineKind } from './timeline.ts';

/** What a replay is asked to tell. */
export interface Question {
  readonly selection: Selection;
  readonly timeline: TimelineKind | undefined;
}

/** What one thread made of its share of the records: plain data. */
export interface RatingParts {
  readonly descriptors: Descriptors;
  /** By policy. */
  readonly summaries: readonly SummaryParts[];
  readonly hits: readonly (readonly Run[])[];
  readonly spilled: readonly Run[];
  readonly outside: number;
}

/** The files of one thread. */
export interface Descriptors {
  readonly runs: number;
  readonly payloads: number;
}

/**
 * Rates records, in any order: counts those whose fate is known, and puts on disk what is to be looked at in order of time.
 * A record that counts towards a detection is counted here as if it reached none.
 */
export class Rating {
  readonly #policies: Policies;
  readonly #question: Question;
  readonly #selects: Selects | undefined;
  readonly #summaries: readonly Summary[];
  readonly #hits: readonly RunWriter<SpilledHit>[];
  readonly #spilled: RunWriter<Spilled>;
  readonly #payloads: SpillFile;
  readonly #descriptors: Descriptors;
  readonly #groups = new Hashes();
  #outside = 0;

  constructor(policies: Policies, question: Question, descriptors: Descriptors) {
    const runs = new SpillFile(descriptors.runs);
    this.#policies = policies;
    const each = eachPolicy(policies);
    this.#question = question;
    this.#selects = compileSelection(question.selection);
    this.#summaries = each.map((policy) => new Summary(policy));
    this.#hits = each.map(() => new RunWriter(runs, hitLine));
    this.#spilled = new RunWriter(runs);
    this.#payloads = new SpillFile(descriptors.payloads);
    this.#descriptors = descriptors;
  }

  /** Rates the next record. @param unit the number of the part of the inputs it is in @param index its number there */
  take(source: InputRecord, unit: number, index: number): void {
    const { read } = source;
    if (this.#selects && !this.#selects(read)) {
      this.#outside++;
      return;
    }
    if ('unreadable' in read) {
      for (const summary of this.#summaries) summary.count(read, false, classify(summary.policy, read));
      return;
    }
    const time = millisecondsOf(read.record['eventTime']);
    const verdicts: Verdict[] = [];
    let payload: Place | null = null;
    let isPublished = false;
    for (let number = 0; number < this.#summaries.length; number++) {
      const summary = this.#summaries[number];
      if (summary === undefined) continue;
      const verdict = classify(summary.policy, read);
      verdicts.push(verdict);
      summary.count(read, time !== undefined, verdict);
      isPublished ||= verdict.action === 'publish';
      const matches = countedMatches(summary.policy, read);
      if (matches.length === 0) continue;
      payload ??= writePayload(this.#payloads, source);
      this.#addHits(number, matches, unit, index, payload);
    }
    if (!isPublished && !areDifferent(verdicts) && this.#question.timeline === undefined) return;
    const outcome = outcomeOf(this.#policies, source, read, verdicts, this.#question.timeline);
    if (isPublished || outcome.changed !== null) payload ??= writePayload(this.#payloads, source);
    else if (outcome.line === null) return;
    this.#spilled.add({ time: time ?? NO_TIME, unit, index, payload, ...outcome });
  }

  /** What came of it, once all is taken. */
  finish(): RatingParts {
    this.#payloads.flush();
    return {
      descriptors: this.#descriptors,
      summaries: this.#summaries.map((summary) => summary.parts()),
      hits: this.#hits.map((hits) => hits.finish()),
      spilled: this.#spilled.finish(),
      outside: this.#outside,
    };
  }

  #addHits(policy: number, matches: readonly CountedMatch[], unit: number, index: number, payload: Place): void {
    for (const { detection, group, time, eventID } of matches) {
      this.#hits[policy]?.add({
        time,
        unit,
        index,
        detection: detection.id,
        group: this.#groups.of(group),
        id: eventID === undefined ? null : nameOfId(eventID),
        payload,
      });
    }
  }
}

function areDifferent([current, proposed]: readonly Verdict[]): boolean {
  return proposed !== undefined && (proposed.action !== current?.action || proposed.severity !== current.severity);
}

/** CloudTrail's ids are short; others are hashed, so that long ones take no more room. */
function nameOfId(eventID: string): string {
  return eventID.length <= 40 ? eventID : sha256(eventID);
}
