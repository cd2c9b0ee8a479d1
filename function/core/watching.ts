import { exactTextOf } from './filter-pattern/comparison.ts';
import { type Condition, compilePattern } from './filter-pattern/compile.ts';
import type { LeafNode } from './filter-pattern/pattern.ts';
import type { CloudTrailRecord, ReadRecord } from './record.ts';
import { once } from './selector.ts';
import {
  admits,
  type Candidate,
  candidateOf,
  type Selecting,
  type SelectorIndex,
  selectedOf,
} from './selector-index.ts';

/** Detections that are asked together: one look tells of most records that none of them matches. */
interface Group<T> {
  /** Holds for every record that one of the detections matches; undefined where no such look is worth it. */
  readonly mayMatch: Condition | undefined;
  readonly candidates: () => readonly Candidate<T>[];
}

/** Most records tell of no error, and what is about errors need not be asked of them. */
interface Groups<T> {
  readonly all: readonly Group<T>[];
  /** Those that may select a record without an errorCode. */
  readonly withoutError: readonly Group<T>[];
}

/** The detections that watch a call. */
export interface Watching<T> extends Groups<T> {
  /** All of them, in file order. */
  readonly entries: readonly T[];
}

/** The detections of a policy by what they watch: those that watch every call are made ready once for all calls. */
export class Watch<T extends Selecting> {
  readonly #entries: readonly T[];
  readonly #everywhere: () => Groups<T>;

  constructor({ entries }: SelectorIndex<T>) {
    this.#entries = entries;
    this.#everywhere = once(() => grouped(entries.filter(isEverywhere), groupsOfAll));
  }

  /** Those that watch calls of the record's names. */
  of(read: ReadRecord): Watching<T> {
    const everywhere = this.#everywhere();
    const entries = this.#entries.filter((entry) => admits(entry, read));
    const own = grouped(
      entries.filter((entry) => !isEverywhere(entry)),
      groupsOfCall,
    );
    return {
      entries,
      all: [...everywhere.all, ...own.all],
      withoutError: [...everywhere.withoutError, ...own.withoutError],
    };
  }
}

/** The detections that select a record of the call, in file order. */
export function matching<T>({ entries, all, withoutError }: Watching<T>, record: CloudTrailRecord): readonly T[] {
  const groups = record['errorCode'] === undefined ? withoutError : all;
  let matched: readonly T[] = NONE;
  for (let index = 0; index < groups.length; index++) {
    const { mayMatch, candidates } = groups[index]!;
    if (mayMatch !== undefined && !mayMatch(record)) continue;
    const selected = selectedOf(candidates(), record);
    if (matched.length === 0) matched = selected;
    else if (selected.length > 0) {
      matched = [...matched, ...selected].sort((a, b) => entries.indexOf(a) - entries.indexOf(b));
    }
  }
  return matched;
}

const NONE: readonly never[] = [];

/** The same for all records of one call, which is what detections of one call are asked of. */
const NAMES: ReadonlySet<string> = new Set(['eventSource', 'eventName']);

/** Detections with a look of their own: fewer are as quickly asked themselves. */
const FEWEST = 2;

function isEverywhere({ selector }: Selecting): boolean {
  return selector.isEverywhere();
}

function grouped<T extends Selecting>(
  entries: readonly T[],
  groupsOf: (entries: readonly T[]) => readonly Group<T>[],
): Groups<T> {
  const withoutError = groupsOf(entries.filter(({ selector }) => !selector.needsErrorCode()));
  const onError = groupsOf(entries.filter(({ selector }) => selector.needsErrorCode()));
  return { withoutError, all: [...withoutError, ...onError] };
}

/** They share one look, whose answers for texts are kept: agents and principals come again and again in every call. */
function groupsOfAll<T extends Selecting>(entries: readonly T[]): readonly Group<T>[] {
  return groupsBy(entries, requiredOf);
}

/** As many calls as there are, so that their looks keep nothing: fields that are compared with texts spelled out. */
function groupsOfCall<T extends Selecting>(entries: readonly T[]): readonly Group<T>[] {
  const exact = (entry: T) => {
    const leaves = requiredOf(entry);
    return leaves?.every(({ test }) => exactTextOf(test) !== undefined) ? leaves : undefined;
  };
  const leaves = entries.flatMap((entry) => exact(entry) ?? []);
  const fields = new Set(leaves.map(({ selector }) => JSON.stringify(selector)));
  return groupsBy(entries, fields.size * 2 <= leaves.length ? exact : () => undefined);
}

function requiredOf({ selector }: Selecting): readonly LeafNode[] | undefined {
  return selector.required(NAMES);
}

function groupsBy<T extends Selecting>(
  entries: readonly T[],
  leavesOf: (entry: T) => readonly LeafNode[] | undefined,
): readonly Group<T>[] {
  const looked = entries.filter((entry) => leavesOf(entry) !== undefined);
  if (looked.length < FEWEST) return entries.length === 0 ? NONE : [groupOf(entries, undefined)];
  const others = entries.filter((entry) => leavesOf(entry) === undefined);
  const mayMatch = compilePattern({ kind: 'or', children: looked.flatMap((entry) => leavesOf(entry) ?? []) });
  return [groupOf(looked, mayMatch), ...(others.length === 0 ? NONE : [groupOf(others, undefined)])];
}

function groupOf<T extends Selecting>(entries: readonly T[], mayMatch: Condition | undefined): Group<T> {
  return { mayMatch, candidates: once(() => entries.map(candidateOf)) };
}
