import { classify } from '../../function/core/classify.ts';
import type { ReadRecord } from '../../function/core/record.ts';
import type { Verdict } from '../../function/core/verdict.ts';
import { Changes, raisedBy } from './changes.ts';
import { millisecondsOf } from './facts.ts';
import type { FindingsFile, Kept } from './findings-file.ts';
import { type Mention, mentionOf } from './mention.ts';
import { Messages } from './messages.ts';
import { readPayload } from './payloads.ts';
import { eachPolicy, type Policies } from './policies.ts';
import type { Question, RatingParts } from './rating.ts';
import { ReadFirst } from './read-first.ts';
import type { ReportParts, Speed } from './report.ts';
import { NO_TIME } from './runs.ts';
import { SpillFile } from './spill-file.ts';
import { type Outcome, outcomeOf } from './spilled.ts';
import { Summary } from './summary.ts';
import { type Waiting, waitingRecords } from './waiting.ts';

/** What threads made of their shares, and where more can be put. */
export interface Shares {
  readonly parts: readonly RatingParts[];
  /** A file for what reaches a count: empty, and for this alone. */
  readonly own: SpillFile;
  /** Is given every finding and every change, where somebody asks for them. */
  readonly findings: FindingsFile | undefined;
}

/**
 * Brings what all threads made of their shares together, in order of time: counts, storms, changes, what to read first.
 */
export class Concluding {
  /** What differs between the policies. */
  readonly changes = new Changes();
  readonly #policies: Policies;
  readonly #question: Question;
  readonly #shares: Shares;
  readonly #payloads: readonly SpillFile[];
  readonly #summaries: readonly Summary[];
  readonly #messages: readonly Messages[];
  readonly #first: readonly ReadFirst<Kept>[];

  constructor(policies: Policies, question: Question, shares: Shares) {
    const { parts, findings } = shares;
    this.#policies = policies;
    this.#question = question;
    this.#shares = shares;
    this.#payloads = parts.map(({ descriptors }) => new SpillFile(descriptors.payloads));
    const each = eachPolicy(policies);
    this.#messages = each.map((_, policy) => new Messages((finding, told) => findings?.tell(policy, finding, told)));
    this.#first = each.map(() => new ReadFirst());
    this.#summaries = each.map((policy, number) => {
      const summary = new Summary(policy);
      for (const { summaries } of parts) {
        const share = summaries[number];
        if (share) summary.absorb(share);
      }
      return summary;
    });
  }

  /** Looks at every record that waits. Yields lines of the timeline, each ended. */
  *run(): Generator<string> {
    const { parts, own } = this.#shares;
    let lines: string[] = [];
    for (const waiting of waitingRecords(this.#policies, parts, own)) {
      const line = this.#take(waiting);
      if (line === null) continue;
      lines.push(line);
      if (lines.length < 1_000) continue;
      yield `${lines.join('\n')}\n`;
      lines = [];
    }
    if (lines.length > 0) yield `${lines.join('\n')}\n`;
  }

  /** What the report under a policy is made of, once all is looked at. */
  parts(policy: number, speed: Speed): ReportParts {
    const [summary, messages, first] = [this.#summaries[policy], this.#messages[policy], this.#first[policy]];
    if (!summary || !messages || !first) throw new TypeError(`there is no policy ${policy}`);
    const findings = first.top().map((kept) => this.#mention(kept, policy));
    const outside = this.#shares.parts.reduce((sum, part) => sum + part.outside, 0);
    return { summary, messages, findings, outside, speed };
  }

  #take({ time, spilled, fired }: Waiting): string | null {
    const { part, payload } = fired[0] ?? spilled ?? {};
    if (part === undefined || payload === undefined || payload === null) return spilled?.line ?? null;
    const reached = eachPolicy(this.#policies).map((_, policy) => {
      const detections = fired.filter((one) => one.policy === policy).map(({ detection }) => detection);
      return detections.length > 0 ? new Set(detections) : undefined;
    });
    const kept = { part, payload, reached };
    const { published, changed, line } = fired.length === 0 && spilled ? spilled : this.#again(kept);
    for (const [policy, finding] of published.entries()) {
      if (finding === null) continue;
      if (!this.#messages[policy]?.add(time === NO_TIME ? Number.NEGATIVE_INFINITY : time, finding)) continue;
      const { by, name } = finding.reason;
      this.#first[policy]?.add(finding.severity, `${by} ${name}`, finding.principal, () => kept);
    }
    if (changed !== null) this.changes.add(changed, () => this.#mention(kept));
    if (changed !== null || published.some((finding) => finding !== null)) {
      this.#shares.findings?.add(kept, time, published, changed?.change ?? null);
    }
    return line;
  }

  /** Rates a record anew that reaches counts, and counts it as what it is then. */
  #again(kept: Kept): Outcome {
    const source = this.#source(kept);
    const { read } = source;
    const hasTime = millisecondsOf(read.record['eventTime']) !== undefined;
    const verdicts = this.#verdicts(kept, read);
    for (const [policy, summary] of this.#summaries.entries()) {
      const verdict = verdicts[policy];
      if (kept.reached[policy] === undefined || verdict === undefined) continue;
      summary.count(read, hasTime, classify(summary.policy, read), -1);
      summary.count(read, hasTime, verdict);
    }
    return outcomeOf(this.#policies, source, read, verdicts, this.#question.timeline);
  }

  #verdicts({ reached }: Kept, read: ReadRecord): readonly Verdict[] {
    return eachPolicy(this.#policies).map((policy, number) => classify(policy, read, reached[number]));
  }

  #source({ part, payload }: Kept) {
    const file = this.#payloads[part];
    if (file === undefined) throw new TypeError(`there is no part ${part}`);
    return readPayload(file, payload);
  }

  /** A record as a policy rates it; without one, as the policy that rates it higher. */
  #mention(kept: Kept, policy?: number): Mention {
    const source = this.#source(kept);
    const verdicts = this.#verdicts(kept, source.read);
    const [current, proposed] = verdicts;
    const by = policy ?? (current && proposed && raisedBy({ current, proposed }) === 'proposed' ? 1 : 0);
    const [chosen, verdict] = [eachPolicy(this.#policies)[by], verdicts[by]];
    if (chosen === undefined || verdict?.verdict !== 'rated') throw new TypeError('only a rated record is told of');
    return mentionOf(chosen, source, source.read, verdict);
  }
}
