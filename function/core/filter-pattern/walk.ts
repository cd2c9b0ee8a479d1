import type { Selector, SelectorStep } from './pattern.ts';

type Test = (value: unknown) => boolean;
type Read = (value: unknown) => unknown;

/**
 * Compiles "some value that the selector lands on passes `test`". An absent value is no landing: `test` never sees
 * `undefined`. Only own properties count, arrays have elements but no properties, and nothing is allocated per call
 * unless the selector holds `.*`.
 *
 * Bounded: a selector has a fixed number of steps and JSON is a tree, so each value of the record is visited at most
 * once, also by `[*][*]`; the recursion is as deep as the selector has wildcards.
 */
export function compileSome(selector: Selector, test: Test): Test {
  const wildcard = selector.findIndex((step) => step.kind === 'anyElement' || step.kind === 'anyProperty');
  if (wildcard === -1) return compileSingle(selector, test);
  const read = compileRead(selector.slice(0, wildcard));
  const rest = selector.slice(wildcard + 1);
  const testRest = rest.length === 0 ? ifPresent(test) : compileSome(rest, test);
  const someChild = selector[wildcard]!.kind === 'anyElement' ? someElement : someProperty;
  return (record) => someChild(read(record), testRest);
}

/** One function for the short plain paths that nearly all conditions have. */
function compileSingle(selector: Selector, test: Test): Test {
  const [first, second, ...deeper] = selector;
  if (first && isPlainProperty(first) && deeper.length === 0) {
    const outer = first.name;
    if (second === undefined) {
      return (record) => {
        const value = readPlain(record, outer);
        return value !== undefined && test(value);
      };
    }
    if (isPlainProperty(second)) {
      const inner = second.name;
      return (record) => {
        const value = readPlain(readPlain(record, outer), inner);
        return value !== undefined && test(value);
      };
    }
  }
  const read = compileRead(selector);
  return (record) => {
    const value = read(record);
    return value !== undefined && test(value);
  };
}

/** Compiles the reading of steps without wildcards; `undefined` when nothing is there. */
function compileRead(steps: Selector): Read {
  if (steps.every(isPlainProperty)) return compilePath(steps.map((step) => step.name));
  const reads = steps.map(compileStep);
  return (record) => {
    let value = record;
    for (let index = 0; index < reads.length; index++) value = reads[index]!(value);
    return value;
  };
}

function compilePath(names: readonly string[]): Read {
  return (record) => {
    let value = record;
    for (let index = 0; index < names.length; index++) value = readPlain(value, names[index]!);
    return value;
  };
}

type PropertyStep = Extract<SelectorStep, { kind: 'property' }>;

/** A name no JSON value inherits, so that a plain read finds own properties only. */
function isPlainProperty(step: SelectorStep): step is PropertyStep {
  return step.kind === 'property' && !(step.name in Object.prototype);
}

function compileStep(step: SelectorStep): Read {
  if (step.kind === 'index') return (value) => (Array.isArray(value) ? value[step.index] : undefined);
  if (step.kind !== 'property') throw new TypeError(`not a single value: ${step.kind}`);
  const { name } = step;
  return (value) => (isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined);
}

function readPlain(value: unknown, name: string): unknown {
  return isObject(value) ? value[name] : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function ifPresent(test: Test): Test {
  return (value) => value !== undefined && test(value);
}

function someElement(value: unknown, test: Test): boolean {
  return Array.isArray(value) && value.some(test);
}

function someProperty(value: unknown, test: Test): boolean {
  return isObject(value) && Object.keys(value).some((name) => test(value[name]));
}
