/** What subscribers of the two topics got of the expected findings. */
export interface Received {
  /** Findings times topics. */
  readonly expected: number;
  /** Of those, how many arrived, or were named as held back. */
  readonly atLeastOnce: number;
  /** Of those, how many were only named as held back. */
  readonly held: number;
  /** Of those, how many arrived more than once. */
  readonly moreThanOnce: number;
  /** Messages beyond the first of each. */
  readonly repeats: number;
  /** `topic eventID` of what never arrived. */
  readonly lost: readonly string[];
}

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** A finding that subscribers should hear of. */
export interface Expected {
  readonly eventID: string;
  /** As {@link heldName} gives it, when a digest may name its target and principal in its place. */
  readonly held?: string;
}

/** What a digest tells findings apart by. */
export function heldName(principal: string, target: string): string {
  return `${principal} on ${target}`;
}

/** Counts messages by the event ids they tell of. */
export class Inbox {
  readonly #told = new Map<string, number>();
  readonly #held = new Set<string>();

  /** A JSON document says itself what it is; a mail that is a digest begins so. */
  add(topic: string, body: string): void {
    const read = body.startsWith('{') ? readDocument(JSON.parse(body)) : readMail(body);
    for (const name of read.held) this.#held.add(`${topic} ${name}`);
    for (const id of read.told) this.#told.set(`${topic} ${id}`, (this.#told.get(`${topic} ${id}`) ?? 0) + 1);
  }

  /** Messages that told of a finding, whatever it was. */
  get told(): number {
    return this.#told.size;
  }

  /** Compares with what should have arrived on every topic. */
  received(topics: readonly string[], findings: readonly Expected[]): Received {
    const all = topics.flatMap((topic) => findings.map(({ eventID, held }) => ({ topic, eventID, held })));
    const told = all.map(({ topic, eventID }) => this.#told.get(`${topic} ${eventID}`) ?? 0);
    const isHeld = all.map(
      ({ topic, eventID, held }) => this.#held.has(`${topic} ${eventID}`) || this.#held.has(`${topic} ${held}`),
    );
    const lost = all.filter((_, index) => told[index] === 0 && !isHeld[index]);
    return {
      expected: all.length,
      atLeastOnce: all.length - lost.length,
      held: told.filter((times, index) => times === 0 && isHeld[index]).length,
      moreThanOnce: told.filter((times) => times > 1).length,
      repeats: told.reduce((sum, times) => sum + Math.max(0, times - 1), 0),
      lost: lost.map(({ topic, eventID }) => `${topic} ${eventID}`),
    };
  }
}

/** What one message tells of: findings by their ids, and what it names as held back. */
interface Read {
  readonly told: readonly string[];
  readonly held: readonly string[];
}

interface Document {
  readonly kind?: string;
  readonly dedupKey?: string;
  readonly held?: readonly { readonly eventID: string | null; readonly principal: string; readonly target: string }[];
}

function readDocument({ kind, dedupKey, held = [] }: Document): Read {
  if (kind !== 'digest') return { told: dedupKey === undefined ? [] : [dedupKey], held: [] };
  return { told: [], held: held.flatMap((one) => [one.eventID ?? '', heldName(one.principal, one.target)]) };
}

function readMail(text: string): Read {
  const ids = [...new Set(text.match(UUID))];
  if (!/^[A-Z]+ digest\b/.test(text)) return { told: ids, held: [] };
  const held = [...ids];
  let principal = '';
  for (const line of text.split('\n')) {
    if (line.startsWith('By ')) principal = line.slice(3);
    const [, target] = /^ {2}- (.*) \([a-z]+[,)].*$/.exec(line) ?? [];
    if (target !== undefined) held.push(heldName(principal, target));
  }
  return { told: [], held };
}
