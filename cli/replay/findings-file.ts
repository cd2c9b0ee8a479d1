import { classify } from '../../function/core/classify.ts';
import { neutralise } from '../../function/core/neutral.ts';
import { accountOf, type ReadRecord, textOf } from '../../function/core/record.ts';
import type { Rated, Verdict } from '../../function/core/verdict.ts';
import { type Change, raisedBy } from './changes.ts';
import { mentionOf } from './mention.ts';
import { readPayload } from './payloads.ts';
import { eachPolicy, type Policies } from './policies.ts';
import { reasonNameOf } from './reason-name.ts';
import { NO_TIME } from './runs.ts';
import type { SpillFile } from './spill-file.ts';
import type { Place } from './spilled.ts';
import { standingOf } from './standing.ts';
import type { Stored, Told } from './stored.ts';
import type { StormFinding } from './storm-finding.ts';
import { ToldList } from './told-list.ts';

/** A record on disk, with the thread whose it is. */
export interface Kept {
  readonly part: number;
  readonly payload: Place;
  /** By policy: the counted detections it reaches. */
  readonly reached: readonly (ReadonlySet<string> | undefined)[];
}

interface Listed extends Omit<Kept, 'reached'> {
  readonly reached: readonly (readonly string[])[];
  readonly time: number;
  readonly change: Change | null;
  /** By policy: which of its findings it is; null where it is none. */
  readonly numbers: readonly (number | null)[];
}

/** Every finding and every change, in order of time: a list on disk, from which each is made when it is asked for. */
export class FindingsFile {
  /** How many there are. */
  count = 0;
  readonly #policies: Policies;
  readonly #list: SpillFile;
  readonly #payloads: readonly SpillFile[];
  readonly #told: readonly ToldList[];
  readonly #published: number[];

  /** @param list empty, and for this alone @param payloads of each part */
  constructor(policies: Policies, list: SpillFile, payloads: readonly SpillFile[]) {
    this.#policies = policies;
    this.#list = list;
    this.#payloads = payloads;
    this.#told = eachPolicy(policies).map(() => new ToldList());
    this.#published = eachPolicy(policies).map(() => 0);
  }

  /** Adds the next, in order of time. */
  add(
    { part, payload, reached }: Kept,
    time: number,
    published: readonly (StormFinding | null)[],
    change: Change | null,
  ): void {
    const numbers = published.map((finding, policy) => {
      const number = this.#published[policy] ?? 0;
      if (finding !== null) this.#published[policy] = number + 1;
      return finding === null ? null : number;
    });
    const listed: Listed = { part, payload, reached: reached.map((ids) => [...(ids ?? [])]), time, change, numbers };
    this.#list.append(Buffer.from(`${JSON.stringify(listed)}\n`));
    this.count++;
  }

  /** What becomes of a policy's finding, by its number from 0. */
  tell(policy: number, number: number, told: Told): void {
    this.#told[policy]?.set(number, told);
  }

  /** Each, in order of time; may be asked for several times. */
  async *each(): AsyncGenerator<Stored> {
    this.#list.flush();
    let held: Buffer = Buffer.alloc(0);
    for (let at = 0; at < this.#list.end; ) {
      const chunk = this.#list.read(at, CHUNK_BYTES);
      at += chunk.length;
      held = Buffer.concat([held, chunk]);
      let start = 0;
      for (let end = held.indexOf(0x0a); end !== -1; end = held.indexOf(0x0a, start)) {
        yield this.#stored(JSON.parse(held.toString('utf8', start, end)));
        start = end + 1;
      }
      held = held.subarray(start);
    }
  }

  #stored({ part, payload, reached, time, change, numbers }: Listed): Stored {
    const file = this.#payloads[part];
    if (file === undefined) throw new TypeError(`there is no part ${part}`);
    const source = readPayload(file, payload);
    const { read } = source;
    const policies = eachPolicy(this.#policies);
    const verdicts = policies.map((policy, number) => classify(policy, read, new Set(reached[number])));
    const [current, proposed] = verdicts;
    const by = current && proposed && raisedBy({ current, proposed }) === 'proposed' ? 1 : 0;
    const [policy, verdict] = [policies[by], verdicts[by]];
    if (!current || !policy || verdict?.verdict !== 'rated') throw new TypeError('only a rated record is listed');
    const told = numbers.map((number, which) => (number === null ? null : (this.#told[which]?.at(number) ?? null)));
    return {
      time: time === NO_TIME ? 0 : time,
      change,
      current: standingOf(current),
      proposed: proposed ? standingOf(proposed) : null,
      mention: mentionOf(policy, source, read, verdict),
      ...saidOf(read, verdict),
      reasons: verdict.reasons.map((reason) => ({
        ...reasonNameOf(policy, read, reason),
        attack: reason.explanation?.techniques ?? [],
      })),
      // Of both, what the proposed severities would send.
      told: told[1] ?? told[0] ?? null,
      record: source.text,
    };
  }
}

const CHUNK_BYTES = 64 * 1024;

function saidOf(
  { record }: ReadRecord,
  { code }: Rated & Verdict,
): Pick<Stored, 'code' | 'account' | 'region' | 'sourceIPAddress' | 'userAgent' | 'errorCode'> {
  const shown = (value: unknown, most: number) => {
    const text = textOf(value);
    return text === undefined ? null : neutralise(text, most);
  };
  return {
    code,
    account: shown(accountOf(record), 64),
    region: shown(record['awsRegion'], 64),
    sourceIPAddress: shown(record['sourceIPAddress'], 128),
    userAgent: shown(record['userAgent'], 300),
    errorCode: shown(record['errorCode'], 128),
  };
}
