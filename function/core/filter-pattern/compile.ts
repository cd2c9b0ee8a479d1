import { compileAnyTest, compileTest, type PresentTest } from './comparison.ts';
import { parseFilterPattern } from './parser.ts';
import type { LeafNode, PatternNode } from './pattern.ts';
import { compileSome } from './walk.ts';

/** Whether a record meets a condition. Total over JSON values: never throws, keeps no state a caller can see. */
export type Condition = (record: unknown) => boolean;

/**
 * Compiles a CloudWatch Logs JSON filter pattern. Where AWS's documentation is silent, this is what holds:
 *
 * | written            | string             | number          | boolean         | null, object, array, absent |
 * | ------------------ | ------------------ | --------------- | --------------- | --------------------------- |
 * | `= "400"`          | same text          | no              | no              | no                          |
 * | `= "4*"`           | `*` is any run     | no              | no              | no                          |
 * | `= "*"`            | yes                | yes             | yes             | no                          |
 * | `= 400`            | same text          | same number     | no              | no                          |
 * | `= 4*`             | `*` is any run     | in its text     | in its text     | no                          |
 * | `= Root`, `= true` | same text          | no              | same text       | no                          |
 * | `= %4[0-9]%`       | found anywhere     | in its text     | in its text     | no                          |
 * | `!=` any of these  | when `=` is not    | when `=` is not | when `=` is not | no                          |
 * | `< > <= >=`        | no                 | yes             | no              | no                          |
 * | `IS NULL`          | no                 | no              | no              | a null that is there        |
 * | `IS TRUE`          | no, nor `"true"`   | no              | true            | no                          |
 *
 * The text of a number is the one JSON gives it, that of a boolean `true` or `false`.
 *
 * - A number is finite or it is none: `1e999` in a record meets no comparison.
 * - `[*]` and `.*` ask whether *any* value they land on passes, also for `!=`: `$.a[*] != "x"` holds when one
 *   element is a string, number or boolean other than x; it does not mean that no element is x.
 * - `NOT EXISTS` holds when the selector lands on nothing; a null, an object, an array are something.
 * - Own properties only; `[0]` is for arrays, names are for objects.
 *
 * Time for one record: each leaf visits each value of the record at most once, and each comparison of a string is
 * linear in the string times the length of the pattern.
 * @throws {SyntaxProblem} `invalid_pattern`.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntaxForMetricFilters.html
 */
export function compileFilterPattern(text: string): Condition {
  return compilePattern(parseFilterPattern(text));
}

/** Compiles a parsed pattern; as {@link compileFilterPattern}. */
export function compilePattern(node: PatternNode): Condition {
  if (node.kind === 'leaf') return compileLeaf(node);
  return node.kind === 'and' ? all(node.children.map(compilePattern)) : any(compileAlternatives(node.children));
}

/** Compiles alternatives, those about one field in one. */
function compileAlternatives(nodes: readonly PatternNode[]): readonly Condition[] {
  const alternatives: (() => Condition)[] = [];
  const byField = new Map<string, PresentTest[]>();
  for (const node of nodes) {
    if (node.kind !== 'leaf' || node.test.kind === 'notExists') {
      alternatives.push(() => compilePattern(node));
      continue;
    }
    const { selector, test } = node;
    const field = JSON.stringify(selector);
    const known = byField.get(field);
    if (known !== undefined) {
      known.push(test);
      continue;
    }
    const tests = [test];
    byField.set(field, tests);
    alternatives.push(() => compileSome(selector, compileAnyTest(tests)));
  }
  return alternatives.map((compile) => compile());
}

function compileLeaf({ selector, test }: LeafNode): Condition {
  if (test.kind !== 'notExists') return compileSome(selector, compileTest(test));
  const exists = compileSome(selector, () => true);
  return (record) => !exists(record);
}

function all(conditions: readonly Condition[]): Condition {
  const [first, second, ...others] = conditions;
  if (first && second && others.length === 0) return (record) => first(record) && second(record);
  return (record) => {
    for (let index = 0; index < conditions.length; index++) if (!conditions[index]!(record)) return false;
    return true;
  };
}

function any(conditions: readonly Condition[]): Condition {
  const [first, second, ...others] = conditions;
  if (first && second === undefined) return first;
  if (first && second && others.length === 0) return (record) => first(record) || second(record);
  return (record) => {
    for (let index = 0; index < conditions.length; index++) if (conditions[index]!(record)) return true;
    return false;
  };
}
