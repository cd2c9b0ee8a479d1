import { SyntaxProblem } from '../errors.ts';
import { compileFilterPattern } from '../filter-pattern/compile.ts';
import { refuseAmbiguity } from '../regex/ambiguity.ts';
import { compileCidr, compileField, type Lists } from '../where.ts';
import { pointerTo } from './json.ts';
import type { Detection, Problem } from './model.ts';
import { shortJson } from './problem.ts';

type Path = readonly (string | number)[];

/**
 * What a schema cannot tell of a policy, shipped or local: conditions and a deletion pattern that do not parse, ids used
 * twice in one list. Parts of another type than they should be are passed over: the schema tells of them.
 */
export function policyProblems(file: string, policy: unknown): Problem[] {
  const deletions = propertyOf(policy, 'deletions');
  const lists: [Path, unknown][] = [
    [['whitelist'], propertyOf(policy, 'whitelist')],
    [['adjust'], propertyOf(policy, 'adjust')],
    [['deletions', 'unless'], propertyOf(deletions, 'unless')],
  ];
  return [
    ...lists.flatMap(([path, list]) => (Array.isArray(list) ? [...entryProblems(file, path, list)] : [])),
    ...syntaxProblem(file, ['deletions', 'pattern'], propertyOf(deletions, 'pattern'), refuseAmbiguity),
  ];
}

/** The conditions of a detection that do not parse, `where` clauses included; lists are known only once all is read. */
export function detectionProblems(file: string, detection: unknown): Problem[] {
  const where = propertyOf(detection, 'where');
  const clauses = Array.isArray(where) ? [...where.entries()] : [];
  return [
    ...conditionProblems(file, [], detection),
    ...clauses.flatMap(([index, clause]) =>
      WHERE_TEXTS.flatMap(([key, judge]) => syntaxProblem(file, ['where', index, key], propertyOf(clause, key), judge)),
    ),
  ];
}

const WHERE_TEXTS = [
  ['field', compileField],
  ['equals-field', compileField],
  ['anything-but-field', compileField],
  ['cidr', compileCidr],
] as const;

/** `where` clauses that name a list the merged policy does not have. */
export function unknownLists(file: string, { where = [] }: Pick<Detection, 'where'>, lists: Lists): Problem[] {
  return where.flatMap((clause, index) =>
    (['in-list', 'anything-but-list'] as const).flatMap((key) => {
      const name = clause[key];
      if (name === undefined || Object.hasOwn(lists, name)) return [];
      return [
        { file, pointer: pointerTo(['where', index, key]), found: shortJson(name), expected: 'a list of policy.json' },
      ];
    }),
  );
}

/** The value's own property `name`; undefined when there is none. */
export function propertyOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Record<string, unknown>)[name];
}

function* entryProblems(file: string, path: Path, entries: readonly unknown[]): Iterable<Problem> {
  const firstPointers = new Map<string, string>();
  for (const [index, entry] of entries.entries()) {
    yield* conditionProblems(file, [...path, index], entry);
    const id = propertyOf(entry, 'id');
    if (typeof id !== 'string') continue;
    const pointer = pointerTo([...path, index, 'id']);
    const first = firstPointers.get(id);
    firstPointers.set(id, first ?? pointer);
    if (first)
      yield { file, pointer, found: shortJson(id), expected: `an id used once in this list (first at ${first})` };
  }
}

function* conditionProblems(file: string, path: Path, selector: unknown): Iterable<Problem> {
  const when = propertyOf(selector, 'when');
  if (!Array.isArray(when)) yield* syntaxProblem(file, [...path, 'when'], when, compileFilterPattern);
  else
    for (const [index, one] of when.entries())
      yield* syntaxProblem(file, [...path, 'when', index], one, compileFilterPattern);
}

function syntaxProblem(file: string, path: Path, text: unknown, judge: (text: string) => unknown): Problem[] {
  if (typeof text !== 'string' || text.trim() === '') return [];
  try {
    judge(text);
    return [];
  } catch (error) {
    if (!(error instanceof SyntaxProblem)) throw error;
    const { position, found, expected } = error;
    return [{ file, pointer: pointerTo(path), found: `${found} at character ${position + 1}`, expected }];
  }
}
