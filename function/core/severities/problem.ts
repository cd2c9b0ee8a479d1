import type * as z from 'zod';
import { TrailbellError } from '../errors.ts';
import { pointerTo } from './json.ts';
import type { Problem } from './model.ts';

const MAX_FOUND = 60;

/** Thrown when a severities folder cannot be used. The message holds one line for each of `problems`, all of them. */
export class SeveritiesError extends TrailbellError {
  override readonly name = 'SeveritiesError';
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[], options?: ErrorOptions) {
    super('invalid_severities', problems.map(problemLine).join('\n'), options);
    this.problems = problems;
  }
}

/** One problem as one line, without control characters whatever the file's name and keys hold. */
export function problemLine({ file, pointer, found, expected }: Problem): string {
  return printable(`${file}${pointer && ` ${pointer}`}: found ${found}, expected ${expected}`);
}

/** `value` as JSON of at most 60 characters without control characters; `nothing` for undefined. */
export function shortJson(value: unknown): string {
  if (value === undefined) return 'nothing';
  const json = printable(JSON.stringify(value));
  return json.length <= MAX_FOUND ? json : `${json.slice(0, MAX_FOUND - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** What `schema` has against `value`, as problems of `file`; the parsed value when that is nothing. */
export function validate<S extends z.ZodType>(
  schema: S,
  file: string,
  value: unknown,
): { readonly value: z.output<S> } | { readonly problems: Problem[] } {
  const result = schema.safeParse(value, { error: expectedWords });
  if (result.success) return { value: result.data };
  const seen = new Set<string>();
  const problems = result.error.issues
    .flatMap((issue) => fromIssue(issue, [], value))
    .map((problem) => ({ file, ...problem }))
    .filter((problem) => !seen.has(problemLine(problem)) && seen.add(problemLine(problem)));
  return { problems };
}

type Path = readonly PropertyKey[];

function fromIssue(issue: z.core.$ZodIssue, base: Path, root: unknown): Omit<Problem, 'file'>[] {
  const path = [...base, ...issue.path];
  const pointer = pointerTo(path);
  const expected = issue.message;
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({
        pointer: pointerTo([...path, key]),
        found: `the property ${shortJson(key)}`,
        expected,
      }));
    case 'invalid_key':
      return [{ pointer, found: `the key ${shortJson(path.at(-1))}`, expected: joined(issue.issues) }];
    case 'invalid_union': {
      const [branch, other] = issue.errors.filter((issues) => !issues.some(isOfAnotherType));
      if (branch && !other) return branch.flatMap((inner) => fromIssue(inner, path, root));
      return [{ pointer, found: shortJson(valueAt(root, path)), expected }];
    }
    default:
      return [{ pointer, found: shortJson(valueAt(root, path)), expected }];
  }
}

function isOfAnotherType(issue: z.core.$ZodIssue): boolean {
  return issue.path.length === 0 && (issue.code === 'invalid_type' || issue.code === 'invalid_value');
}

function valueAt(root: unknown, path: Path): unknown {
  let value = root;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return value;
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'text',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  boolean: 'true or false',
  number: 'a number',
  int: 'a whole number',
};

const FORMATS: Readonly<Record<string, string>> = {
  url: 'an https address',
  email: 'a mail address',
  date: 'a day such as 2027-06-30',
};

const expectedWords: z.core.$ZodErrorMap = (issue) => {
  switch (issue.code) {
    case 'invalid_type':
      return TYPES[issue.expected] ?? issue.expected;
    case 'invalid_value':
      return oneOf(issue.values);
    case 'invalid_format':
      return FORMATS[issue.format] ?? `text that matches ${issue.pattern ?? issue.format}`;
    case 'too_small':
      if (isNumeric(issue.origin)) return `at least ${issue.minimum}`;
      return issue.origin === 'string' ? 'text that is not empty' : `a list of at least ${issue.minimum}`;
    case 'too_big':
      if (isNumeric(issue.origin)) return `at most ${issue.maximum}`;
      return `at most ${issue.maximum} ${issue.origin === 'string' ? 'characters' : 'of them'}`;
    case 'unrecognized_keys':
      return oneOf(propertiesOf(issue.inst));
    case 'invalid_union':
      return issue.errors.length === 0 ? oneOf(discriminatorsOf(issue)) : joined(issue.errors.flat());
    default:
      return undefined;
  }
};

function oneOf(values: readonly unknown[]): string {
  const [first, ...others] = values;
  return others.length === 0 ? String(first) : `one of ${values.join(', ')}`;
}

function propertiesOf(inst: unknown): string[] {
  const def = (inst as { _zod?: { def?: { shape?: object } } } | undefined)?._zod?.def;
  return Object.keys(def?.shape ?? {}).filter((name) => name !== '$schema');
}

function isNumeric(origin: string): boolean {
  return origin === 'number' || origin === 'int';
}

/** What a discriminated union tells its options apart by. */
function discriminatorsOf({
  inst,
  discriminator = '',
}: {
  inst?: unknown;
  discriminator?: string | undefined;
}): unknown[] {
  const def = (inst as { _zod?: { def?: { options?: readonly z.core.$ZodType[] } } } | undefined)?._zod?.def;
  return (def?.options ?? []).flatMap((option) => [...(option._zod.propValues?.[discriminator] ?? [])]);
}

function joined(issues: readonly z.core.$ZodIssue[]): string {
  return [...new Set(issues.map((issue) => issue.message))].join(' or ');
}

function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, (character) => {
    return `\\u{${character.codePointAt(0)?.toString(16)}}`;
  });
}
