import type { Digest, DigestTopic } from '../core/digest.ts';
import { renderDigest } from '../core/render/digest.ts';
import { readStormState } from '../core/storm-state.ts';
import { DOWN } from './ledger/bounded-calls.ts';
import {
  ceilingCountKey,
  type OpenWindow,
  readHeldFinding,
  readOpenWindow,
  WINDOWS,
  windowEnd,
} from './ledger/held.ts';
import { stormStateKey } from './ledger/storms.ts';
import type { Key, Row, Table } from './ledger/table.ts';
import { textIn } from './ledger/versions.ts';
import type { Logger } from './logger.ts';
import { publishAll, type SnsLoader } from './publisher.ts';
import { type Deadline, keeping } from './sink.ts';
import { isPassing, OUT_OF_TIME } from './sns-errors.ts';
import type { TopicMessage } from './topic-message.ts';

/** Milliseconds after a window's end before its digest: what was held back at its very end is written by then. */
const SETTLING = 2 * 60 * 1000;

/**
 * Most rows one digest names. More would take a function of this size more memory or time than it has, and then nothing
 * would ever be named.
 */
const MAX_NAMED = 20_000;

/** What publishing digests needs. */
export interface DigestsOptions {
  readonly table: Table;
  readonly loadSns: SnsLoader;
  /** The topics that exist, by name. */
  readonly topics: ReadonlyMap<DigestTopic, string>;
  readonly logger: Logger;
  readonly now: () => Date;
}

/** Milliseconds of a run that one window's digest leaves to those after it. */
const FOR_OTHERS = 30_000;

/** What became of the windows that were due. */
export interface DigestFigures {
  /** Windows whose digest every one of its topics took. */
  digests: number;
  /** Findings those digests tell of. */
  digested: number;
  /** Windows left for the next run. */
  digestsFailed: number;
}

/**
 * Publishes a digest for every window that is over, then forgets the window. One that a topic does not take, or the ledger
 * does not give, stays for the next run, which sends it to the topics that are missing: at least once, to each.
 */
export async function publishDueDigests(options: DigestsOptions, deadline: Deadline): Promise<DigestFigures> {
  const { table, logger } = options;
  const figures: DigestFigures = { digests: 0, digested: 0, digestsFailed: 0 };
  const due = await allRows(table, WINDOWS, `${windowEnd(options.now().getTime() - SETTLING)}~`);
  if (due === DOWN) return { ...figures, digestsFailed: 1 };
  const refusing = new Map<DigestTopic, string>();
  for (const row of due) {
    const window = readOpenWindow(row);
    if (window === undefined) logger.error({ code: 'digest_window_unreadable', window: row.sk });
    const isInTime = deadline.remaining() > 0;
    const told = window !== undefined && isInTime && (await publishDigest(options, row, window, refusing, deadline));
    if (told === false) figures.digestsFailed++;
    else if (told > 0) {
      figures.digests++;
      figures.digested += told;
    }
  }
  return figures;
}

/**
 * @param refusing topics that this run waits for no more, with their codes: they would take the time of every window
 * @returns how many findings it told of; false when the window stays
 */
async function publishDigest(
  options: DigestsOptions,
  row: Row,
  open: OpenWindow,
  refusing: Map<DigestTopic, string>,
  deadline: Deadline,
): Promise<number | false> {
  const { table, logger } = options;
  const { digest, unreadable } = await digestOf(table, open);
  if (unreadable > 0) logger.error({ code: 'held_findings_unreadable', window: row.sk, count: unreadable });
  if (digest === DOWN) return false;
  const done = new Set(textIn(row, 'done')?.split(','));
  const missing = topicsOf(options, digest).filter(([topic]) => !done.has(topic));
  const publishing = keeping(FOR_OTHERS, deadline);
  const refused = await Promise.all(
    missing.map(async ([topic, arn]) => {
      const errorCode =
        refusing.get(topic) ?? (await send(options.loadSns, arn, renderDigest(digest, topic), publishing));
      // A digest too large for its time says nothing of the topic.
      if (errorCode !== undefined && errorCode !== OUT_OF_TIME && isPassing(errorCode)) refusing.set(topic, errorCode);
      if (errorCode === undefined) done.add(topic);
      else logger.error({ code: 'digest_not_delivered', topic, window: row.sk, errorCode });
      return errorCode !== undefined;
    }),
  );
  if (!refused.includes(true) && (await table.remove(open.key)) !== DOWN) {
    return digest.held.length > 0 ? digest.count : 0;
  }
  // The topics that have it are not told again; should this fail, they are.
  if (done.size > 0) await table.put({ ...row, done: [...done].join(',') }, { expression: 'attribute_exists(pk)' });
  return false;
}

/** A window in which nothing could be kept told its findings themselves. */
function topicsOf({ topics }: DigestsOptions, { held, window }: Digest): (readonly [DigestTopic, string])[] {
  if (held.length === 0) return [];
  return [...topics].filter(([topic]) => window.kind !== 'ceiling' || window.topic === topic);
}

/** @returns the code of the refusal, undefined when every part was taken */
async function send(
  load: SnsLoader,
  topicArn: string,
  messages: readonly TopicMessage[],
  deadline: Deadline,
): Promise<string | undefined> {
  const parts = messages.map((message, index) => ({ key: String(index), render: () => message }));
  const fates = await publishAll(load, topicArn, parts, deadline);
  return fates.find(({ errorCode }) => errorCode !== undefined)?.errorCode;
}

/** What a window's digest is made of; of rows that cannot be read there is only their number, and no digest without others. */
async function digestOf(
  table: Table,
  { key, heldPk, hash, index, window }: OpenWindow,
): Promise<{ readonly digest: Digest | typeof DOWN; readonly unreadable: number }> {
  const rows = await allRows(table, heldPk, undefined, MAX_NAMED);
  const counted = await table.get(
    window.kind === 'storm' ? stormStateKey(hash, { index }) : ceilingCountKey(hash, index),
  );
  if (rows === DOWN || counted === DOWN) return { digest: DOWN, unreadable: 0 };
  const held = rows.flatMap((row) => readHeldFinding(row) ?? []);
  const count = readStormState(textIn(counted, 'state'))?.held ?? Number(counted?.['n'] ?? 0);
  const unreadable = rows.length - held.length;
  if (held.length === 0 && unreadable > 0) return { digest: DOWN, unreadable };
  const isCut = rows.length >= MAX_NAMED;
  return { digest: { id: key.sk, window, held, count: Math.max(count, rows.length), isCut }, unreadable };
}

/** Every row, or the first `most` and the rest of their page. */
async function allRows(
  table: Table,
  pk: string,
  upTo?: string,
  most = Number.POSITIVE_INFINITY,
): Promise<Row[] | typeof DOWN> {
  const rows: Row[] = [];
  let after: Key | undefined;
  do {
    const page = await table.page(pk, upTo, after);
    if (page === DOWN) return DOWN;
    rows.push(...page.rows);
    after = page.next;
  } while (after !== undefined && rows.length < most);
  return rows;
}
