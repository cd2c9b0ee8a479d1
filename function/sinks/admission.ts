import { stormItemOf, stormKey } from '../core/storm-key.ts';
import type { Accepted } from './accepted.ts';
import { holdBack } from './ledger/held.ts';
import { digestOf } from './ledger/keys.ts';
import type { Ledger } from './ledger/ledger.ts';
import { allOf } from './ledger/parallel.ts';
import { decideStorms, firstsAlone, type Stormed, type Storming } from './ledger/storms.ts';
import type { TopicName } from './topic-message.ts';

/**
 * What becomes of a finding on a topic before anything is published: it may go; it may go, and another invocation may
 * have sent it as well; it was sent before; a digest will tell of it; or another admission says.
 */
export type Gate = 'go' | 'goAgain' | 'repeated' | 'heldBack' | 'notNow';

type Gates = ReadonlyMap<TopicName, Gate[]>;

/** What is known of every finding, by its place, before anything is published. */
export interface Admission {
  readonly gates: ReadonlyMap<TopicName, readonly Gate[]>;
  /** Which are the first of their storm key's principal, or of a severity there: a digest must not be their first word. */
  firsts(): readonly boolean[];
}

/**
 * Asks the ledger about every finding: which were sent before, and which the storm rule holds back. Without a ledger, and
 * for what it does not answer, all may go. What is held back is kept for its digest by then, and marked as settled. Gives
 * one admission to be settled at once, and another of those findings that others were sending meanwhile, if there are any.
 */
export async function* admissions(
  ledger: Ledger | undefined,
  topics: readonly TopicName[],
  accepted: readonly Accepted[],
): AsyncGenerator<Admission> {
  const gates = gatesOf(topics, accepted, 'go');
  if (ledger === undefined || accepted.length === 0) {
    let firsts: readonly boolean[] | undefined;
    yield { gates, firsts: () => (firsts ??= firstsAlone(accepted.map(stormingOf))) };
    return;
  }
  const pending = await claim(ledger, gates, accepted);
  yield await throughStorms(ledger, gates, accepted);
  if (pending.length === 0) return;
  const sent = await ledger.claims.sentByOthers(pending);
  const late = gatesOf(topics, accepted, 'notNow');
  for (const [place, { topic, index }] of pending.entries()) {
    late.get(topic)?.splice(index, 1, sent[place] ? 'repeated' : 'goAgain');
  }
  yield await throughStorms(ledger, late, accepted);
}

function gatesOf(topics: readonly TopicName[], accepted: readonly Accepted[], gate: Gate): Gates {
  return new Map(topics.map((topic) => [topic, accepted.map(() => gate)] as const));
}

/** True while nothing speaks against publishing. */
export function isOpen(gate: Gate | undefined): boolean {
  return gate === 'go' || gate === 'goAgain';
}

/** @returns what others have claimed */
async function claim({ claims }: Ledger, gates: Gates, accepted: readonly Accepted[]) {
  const seen = new Set<string>();
  const asked = accepted.flatMap(({ dedupKey }, index) => {
    if (seen.has(dedupKey)) {
      for (const of of gates.values()) of[index] = 'repeated';
      return [];
    }
    seen.add(dedupKey);
    return [...gates].map(([topic, of]) => ({ topic, dedupKey, index, of }));
  });
  const answers = await claims.claimAll(asked);
  for (const [place, { index, of }] of asked.entries()) {
    if (answers[place] === 'repeated') of[index] = 'repeated';
    if (answers[place] === 'pending') of[index] = 'notNow';
  }
  return asked.filter((_, place) => answers[place] === 'pending');
}

async function throughStorms(ledger: Ledger, gates: Gates, accepted: readonly Accepted[]): Promise<Admission> {
  const live = accepted.flatMap((_, index) => ([...gates.values()].some((of) => isOpen(of[index])) ? [index] : []));
  const { held, firsts } = await holdStorms(ledger, live, accepted);
  const settled = [...gates].flatMap(([topic, of]) =>
    held.flatMap((index) => {
      if (!isOpen(of[index])) return [];
      of[index] = 'heldBack';
      return [{ topic, dedupKey: accepted[index]?.dedupKey ?? '' }];
    }),
  );
  await ledger.claims.markSent(settled);
  return { gates, firsts: () => firsts };
}

/** @returns places of the findings that are kept for a digest, and which of all are firsts */
async function holdStorms(
  ledger: Ledger,
  live: readonly number[],
  accepted: readonly Accepted[],
): Promise<{ readonly held: readonly number[]; readonly firsts: readonly boolean[] }> {
  const firsts = new Array<boolean>(accepted.length).fill(false);
  const storming = live.flatMap((index) => {
    const one = accepted[index];
    return one === undefined ? [] : [{ ...stormingOf(one), index, one }];
  });
  const stormed = await decideStorms(ledger.storms, storming, ledger);
  const groups = new Map<string, { stormed: Stormed; hash: string; places: { index: number; one: Accepted }[] }>();
  for (const [place, { storm, index, one }] of storming.entries()) {
    const said = stormed[place];
    firsts[index] = said?.isFirst ?? true;
    if (said?.decision !== 'hold') continue;
    const group = groups.get(storm) ?? { stormed: said, hash: storm, places: [] };
    groups.set(storm, group);
    group.places.push({ index, one });
  }
  const held = await allOf([...groups.values()], async ({ stormed: { window }, hash, places }) => {
    const kept = await holdBack(ledger.storms, { kind: 'storm', hash, window }, findingsOf(places));
    return places.flatMap(({ index }, place) => (kept[place] ? [index] : []));
  });
  return { held: held.flat(), firsts };
}

function stormingOf(accepted: Accepted): Storming {
  const finding = accepted.finding();
  return { storm: digestOf(stormKey(finding)), item: stormItemOf(finding) };
}

function* findingsOf(places: readonly { readonly one: Accepted }[]) {
  for (const { one } of places) yield one.finding();
}
