import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { story } from '../../cli/demo/story/index.ts';
import { classify } from '../../function/core/classify.ts';
import { type CountedMatch, Counts, countedMatches } from '../../function/core/counting.ts';
import { heldFindingOf } from '../../function/core/digest.ts';
import { buildFinding } from '../../function/core/finding.ts';
import { neutralise, neutraliseForMail } from '../../function/core/neutral.ts';
import type { Policy } from '../../function/core/policy.ts';
import { eventIdOf, type ReadRecord, readMessage } from '../../function/core/record.ts';
import { type Expected, heldName } from '../faults/inbox.ts';
import { uuid } from '../faults/sample.ts';

/** Real records, where they are at hand; they are not part of the project. */
const REAL_RECORDS = new URL('../../../shared/data/records.ndjson.gz', import.meta.url);

/** One in so many records is one that is published. */
const FINDING_EVERY = 20;
/** Callers that findings are given to, in turn: fewer than the storm rule folds into one. */
const CALLERS = 40;

type Template = Readonly<Record<string, unknown>>;

/** One record of the soak. */
export interface SoakRecord {
  readonly message: string;
  /** Set for a record that is published whatever was counted before, by topic as digests name it. */
  readonly expected: Expected | undefined;
}

/** An endless trail made of real records, each with an id and a time of its own. */
export class SoakTrail {
  /** What the records are made of, in words. */
  readonly source: string;
  readonly #policy: Policy;
  readonly #findings: Template[] = [];
  readonly #others: Template[] = [];
  readonly #counts = new Counts();
  /** Texts of the records that count, by their place. */
  readonly #counted = new Map<number, string>();
  #made = 0;

  constructor(policy: Policy) {
    this.#policy = policy;
    const path = process.env['SOAK_SAMPLE'] ?? REAL_RECORDS;
    const isReal = existsSync(path);
    this.source = isReal ? 'real records' : 'records of the demo story (the real ones are absent)';
    const messages = isReal
      ? gunzipSync(readFileSync(path)).toString('utf8').trimEnd().split('\n')
      : story(new Date()).map((record) => JSON.stringify(record));
    for (const message of messages) {
      const read = readMessage(message);
      if ('unreadable' in read) continue;
      const isFinding = classify(policy, read).action === 'publish';
      (isFinding ? this.#findings : this.#others).push(JSON.parse(message) as Template);
    }
  }

  /** The next record, which happened at this time. */
  next(time: Date): SoakRecord {
    const position = this.#made++;
    const wantsFinding = position % FINDING_EVERY === 0;
    const templates = wantsFinding ? this.#findings : this.#others;
    const turn = wantsFinding ? position / FINDING_EVERY : position;
    const template = templates[turn % templates.length] ?? {};
    const fresh = {
      ...template,
      eventID: uuid(`soak/${position}`),
      eventTime: time.toISOString().slice(0, 19).concat('Z'),
    };
    const varied = JSON.stringify(wantsFinding ? withCaller(fresh, Math.floor(turn / templates.length)) : fresh);
    // What is published for its caller keeps it.
    const message = wantsFinding && !this.#publishes(varied) ? JSON.stringify(fresh) : varied;
    const read = readMessage(message);
    if ('unreadable' in read) return { message, expected: undefined };
    const matches = countedMatches(this.#policy, read);
    if (matches.length > 0) this.#count(position, matches, message);
    return { message, expected: this.#expected(read) };
  }

  /** The records that are published only because they reach the count of a detection, once all are counted. */
  reached(): readonly Expected[] {
    return [...this.#counts.firing()].flatMap(([position, detections]) => {
      const read = readMessage(this.#counted.get(position) ?? '');
      if ('unreadable' in read || this.#expected(read) !== undefined) return [];
      return this.#expected(read, detections) ?? [];
    });
  }

  #count(position: number, matches: readonly CountedMatch[], message: string): void {
    this.#counts.add(position, matches);
    this.#counted.set(position, message);
  }

  #publishes(message: string): boolean {
    return classify(this.#policy, readMessage(message)).action === 'publish';
  }

  #expected(read: ReadRecord, reached?: ReadonlySet<string>): Expected | undefined {
    const verdict = classify(this.#policy, read, reached);
    const eventID = eventIdOf(read.record) ?? '';
    if (verdict.action !== 'publish') return undefined;
    const finding = buildFinding(this.#policy, read, verdict, { dedupKey: eventID, place: undefined, teams: [] });
    const { principal, target } = heldFindingOf(finding);
    return { eventID, held: heldName(neutralise(principal), neutralise(target)) };
  }
}

/** How a mail names what a document names so. */
export function asInMail({ eventID, held }: Expected): Expected {
  return { eventID, ...(held !== undefined && { held: neutraliseForMail(held) }) };
}

function withCaller(template: Template, turn: number): Template {
  const accountId = (template['userIdentity'] as { accountId?: string } | undefined)?.accountId ?? '123456789012';
  const userName = `soak-${turn % CALLERS}`;
  const arn = `arn:aws:iam::${accountId}:user/${userName}`;
  return { ...template, userIdentity: { type: 'IAMUser', arn, accountId, userName } };
}
