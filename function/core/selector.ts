import { compilePattern } from './filter-pattern/compile.ts';
import { impliedValues, impliesPresence, requiredLeaves } from './filter-pattern/implied.ts';
import { parseFilterPattern } from './filter-pattern/parser.ts';
import type { LeafNode, PatternNode } from './filter-pattern/pattern.ts';
import { compileGlob } from './glob.ts';
import { accountOf, type CloudTrailRecord, objectAt, sessionIssuerOf, textOf, withoutApiVersion } from './record.ts';

/** The parts of whitelist, adjust, unless and detection entries that say which records they are about; all are ANDed. */
export interface Selector {
  readonly eventSource?: string | undefined;
  readonly eventNames?: readonly string[] | undefined;
  readonly accounts?: readonly string[] | undefined;
  readonly regions?: readonly string[] | undefined;
  readonly principals?: readonly string[] | undefined;
  readonly when?: string | readonly string[] | undefined;
  /** Last day (UTC) an entry applies, by the record's own `eventTime`. */
  readonly expires?: string | undefined;
}

/** Whether a record is selected, once its names are. */
export type Test = (record: CloudTrailRecord) => boolean;

/** A selector made ready: names apart, because an index answers them, everything else as one test. */
export interface CompiledSelector {
  readonly eventSource: string | undefined;
  /** Names without a wildcard; undefined when the selector names none at all. */
  readonly exactNames: ReadonlySet<string> | undefined;
  /** True when the selector has no eventNames at all. */
  readonly namesNothing: boolean;
  /** True when `eventName`, or the same without its API version, is one the selector names, or it names none. */
  readonly matchesName: (eventName: string) => boolean;
  /** False when the conditions rule a single call out by its verbatim names, so that no record of it need be asked. */
  readonly mayMatchCall: (eventSource: string, eventName: string) => boolean;
  /** True when the conditions rule out records without an errorCode. */
  readonly needsErrorCode: () => boolean;
  /** True when neither the names nor the conditions tell single calls apart. */
  readonly isEverywhere: () => boolean;
  /** Of the conditions, leaves of which one must hold; undefined where none can be told. `aside` as of {@link requiredLeaves}. */
  readonly required: (aside: ReadonlySet<string>) => readonly LeafNode[] | undefined;
  /** Gives the test of everything but eventSource and eventNames. */
  readonly rest: () => Test;
}

/**
 * Compiles a selector. Names are compared with the record's own top-level names, so an Insights record, which has none,
 * is reached only by entries without names. Conditions are compiled when a call of such names is first seen: of some
 * hundred entries an account's calls need a few. What it gives throws {SyntaxProblem} then, for a condition that does not
 * parse.
 */
export function compileSelector(selector: Selector): CompiledSelector {
  const names = selector.eventNames;
  const conditions = once(() => conditionsOf(selector));
  const together = once((): PatternNode => ({ kind: 'and', children: conditions() }));
  const implied = once(() => ({
    sources: impliedValues(together(), 'eventSource'),
    names: impliedValues(together(), 'eventName'),
  }));
  const exact = new Set(names?.filter((name) => !name.includes('*')));
  const globs = (names ?? []).filter((name) => name.includes('*')).map(compileGlob);
  const isNamed = (name: string) => exact.has(name) || globs.some((glob) => glob(name));
  return {
    eventSource: selector.eventSource,
    exactNames: names && globs.length === 0 ? exact : undefined,
    namesNothing: names === undefined,
    matchesName:
      names === undefined
        ? () => true
        : (name) => {
            if (isNamed(name)) return true;
            const base = withoutApiVersion(name);
            return base !== undefined && isNamed(base);
          },
    mayMatchCall: (eventSource, eventName) => {
      const { sources, names } = implied();
      return sources?.has(eventSource) !== false && names?.has(eventName) !== false;
    },
    needsErrorCode: () => conditions().some((condition) => impliesPresence(condition, 'errorCode')),
    isEverywhere: () =>
      selector.eventSource === undefined &&
      names === undefined &&
      implied().sources === undefined &&
      implied().names === undefined,
    required: (aside) => requiredLeaves(together(), aside),
    rest: once(() => all([...restTests(selector), ...conditions().map(compilePattern)])),
  };
}

/** Computes a value when it is first asked for, once. */
export function once<T extends object>(compute: () => T): () => T {
  let value: T | undefined;
  return () => {
    value ??= compute();
    return value;
  };
}

function conditionsOf({ when }: Selector): readonly PatternNode[] {
  return (typeof when === 'string' ? [when] : (when ?? [])).map(parseFilterPattern);
}

function restTests(selector: Selector): Test[] {
  const tests: Test[] = [];
  const { accounts, regions, principals, expires } = selector;
  if (expires !== undefined) tests.push((record) => isOnOrBefore(record['eventTime'], expires));
  if (accounts) {
    const wanted = new Set(accounts);
    tests.push((record) => wanted.has(accountOf(record) ?? ''));
  }
  if (regions) {
    const wanted = new Set<unknown>(regions);
    tests.push((record) => wanted.has(record['awsRegion']));
  }
  if (principals) {
    const globs = principals.map(compileGlob);
    const isWanted = (arn: string | undefined) => arn !== undefined && globs.some((glob) => glob(arn));
    tests.push(
      (record) =>
        isWanted(textOf(objectAt(record, 'userIdentity')?.['arn'])) ||
        isWanted(textOf(sessionIssuerOf(record)?.['arn'])),
    );
  }
  return tests;
}

function all(tests: readonly Test[]): Test {
  const [only, second, ...others] = tests;
  if (only === undefined) return () => true;
  if (second === undefined) return only;
  if (others.length === 0) return (record) => only(record) && second(record);
  return (record) => {
    for (let index = 0; index < tests.length; index++) if (!tests[index]!(record)) return false;
    return true;
  };
}

function isOnOrBefore(eventTime: unknown, day: string): boolean {
  return typeof eventTime === 'string' && /^\d{4}-\d\d-\d\dT/.test(eventTime) && eventTime.slice(0, 10) <= day;
}
