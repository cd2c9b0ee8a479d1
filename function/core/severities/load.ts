import type * as z from 'zod';
import { detectionProblems, policyProblems, propertyOf, unknownLists } from './conditions.ts';
import { readJson } from './json.ts';
import { LAYOUT, labelOf, type Place, placeOf } from './layout.ts';
import { type DetectionOverride, type Local, type LocalPolicy, mergeLocal, type Upstream } from './merge.ts';
import type { Accounts, DetectionSource, PolicySettings, Problem, Service, Severities } from './model.ts';
import { SeveritiesError, shortJson, validate } from './problem.ts';
import * as schemas from './schema.ts';

/** A file of a severities folder, by its path in the folder with forward slashes: its text, or why there is none. */
export type SeveritiesFile =
  | { readonly path: string; readonly text: string }
  | { readonly path: string; readonly unreadable: Pick<Problem, 'found' | 'expected'> };

/** The records a detection must match, and must not, by its author. */
export type Examples = DetectionSource['examples'];

/** A folder, validated, its parts and what they come to. The order and the white space of the files leave no trace. */
export interface Loaded {
  /** The release with the user's edits applied. */
  readonly content: Omit<Severities, 'policyVersion'>;
  readonly upstream: Upstream;
  readonly local: Local;
  /** By detection id, for every detection in `content`. */
  readonly examples: ReadonlyMap<string, Examples>;
}

interface Values {
  readonly policy: PolicySettings;
  readonly localPolicy: LocalPolicy;
  readonly service: Service;
  readonly detection: DetectionSource;
  readonly override: DetectionOverride;
  readonly accounts: Accounts;
}

type Kind = keyof Values;
type Part = { [K in Kind]: { readonly kind: K; readonly local: boolean; readonly value: Values[K] } }[Kind];

/** Reads a whole severities folder. @throws {SeveritiesError} with every problem of every file, in order of file name. */
export function loadSeverities(files: readonly SeveritiesFile[]): Loaded {
  const problems: Problem[] = [];
  const inOrder = [...files].sort((a, b) => compare(a.path, b.path));
  const parts = inOrder.flatMap((file) => readPart(file, problems));
  if (!files.some(({ path }) => path === 'policy.json')) {
    problems.push({ file: 'policy.json', pointer: '', found: 'no such file', expected: 'the policy' });
  }
  const [policy] = valuesOf(parts, 'policy', false);
  if (problems.length > 0 || !policy) {
    throw new SeveritiesError(problems.sort((a, b) => compare(a.file, b.file)));
  }
  const upstream: Upstream = {
    policy,
    services: valuesOf(parts, 'service', false),
    detections: valuesOf(parts, 'detection', false),
  };
  const local: Local = {
    policy: valuesOf(parts, 'localPolicy', true)[0] ?? {},
    services: valuesOf(parts, 'service', true),
    detections: valuesOf(parts, 'detection', true),
    overrides: valuesOf(parts, 'override', true),
    accounts: valuesOf(parts, 'accounts', true)[0] ?? {},
  };
  const { detections, ...content } = mergeLocal(upstream, local);
  const lists = [
    ...upstream.detections.flatMap((one) => unknownLists(`detections/${one.id}.json`, one, content.policy.lists)),
    ...local.detections.flatMap((one) => unknownLists(`local/detections/${one.id}.json`, one, content.policy.lists)),
  ];
  if (lists.length > 0) throw new SeveritiesError(lists);
  return {
    content: { ...content, detections: detections.map(({ examples: _, ...detection }) => detection) },
    upstream,
    local,
    examples: new Map(detections.map(({ id, examples }) => [id, examples])),
  };
}

function readPart(file: SeveritiesFile, problems: Problem[]): Part[] {
  const { path } = file;
  const place = placeOf(path);
  if (place === 'ignored') return [];
  if (place === 'misplaced') {
    problems.push({ file: path, pointer: '', found: 'a file nothing reads', expected: LAYOUT });
    return [];
  }
  if ('unreadable' in file) {
    problems.push({ file: path, pointer: '', ...file.unreadable });
    return [];
  }
  const reading = readJson(file.text);
  problems.push(...reading.problems.map((problem) => ({ file: path, ...problem })));
  return reading.value === undefined ? [] : partOf(path, place, reading.value, problems);
}

function partOf(file: string, { kind, local, name }: Place, value: unknown, problems: Problem[]): Part[] {
  const valid = <S extends z.ZodType>(schema: S): z.output<S>[] => {
    const result = validate(schema, file, withoutSchemaReference(value));
    if ('value' in result) return [result.value];
    problems.push(...result.problems);
    return [];
  };
  switch (kind) {
    case 'service':
      problems.push(...nameProblem(file, 'eventSource', value, `${name}.amazonaws.com`));
      return valid(schemas.serviceSchema).map((value) => ({ kind, local, value }));
    case 'detection':
      problems.push(...nameProblem(file, 'id', value, name), ...detectionProblems(file, value));
      return local && propertyOf(value, 'override') !== undefined
        ? valid(schemas.detectionOverrideSchema).map((value) => ({ kind: 'override', local, value }))
        : valid(schemas.detectionSchema).map((value) => ({ kind, local, value }));
    case 'policy':
      problems.push(...policyProblems(file, value));
      return local
        ? valid(schemas.localPolicySchema).map((value) => ({ kind: 'localPolicy', local, value }))
        : valid(schemas.policySchema).map((value) => ({ kind, local, value }));
    case 'accounts':
      return valid(schemas.accountsSchema).map((value) => ({ kind, local, value }));
  }
}

/** A file named for what it holds can hold it once: no id and no eventSource is there twice. */
function nameProblem(file: string, property: 'eventSource' | 'id', value: unknown, expected: string): Problem[] {
  const found = propertyOf(value, property);
  if (typeof found !== 'string' || found === expected) return [];
  if (property === 'eventSource' && labelOf(found) === found) return [];
  return [{ file, pointer: `/${property}`, found: shortJson(found), expected: `${expected}, as the file is named` }];
}

function withoutSchemaReference(value: unknown): unknown {
  if (typeof propertyOf(value, '$schema') !== 'string') return value;
  return Object.fromEntries(Object.entries(value as object).filter(([key]) => key !== '$schema'));
}

function valuesOf<K extends Kind>(parts: readonly Part[], kind: K, local: boolean): Values[K][] {
  return parts.filter((part) => part.kind === kind && part.local === local).map(({ value }) => value as Values[K]);
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
