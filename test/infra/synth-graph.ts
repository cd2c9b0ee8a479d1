import type { Attributes } from './iam.ts';
import type { WholeStack } from './synth.ts';

/** What each resource and data source of a stack waits for, by address. */
export type Graph = ReadonlyMap<string, ReadonlySet<string>>;

/** Every resource and data source of a stack by its address. */
export function blocksOf({ resource, data }: WholeStack): ReadonlyMap<string, Attributes> {
  const of = (kinds: WholeStack['resource'], prefix: string) =>
    Object.entries(kinds).flatMap(([type, blocks]) =>
      Object.entries(blocks).map(([id, block]): [string, Attributes] => [`${prefix}${type}.${id}`, block]),
    );
  return new Map([...of(resource, ''), ...of(data, 'data.')]);
}

/** References and depends_on alike, also to what does not exist. */
export function graphOf(stack: WholeStack): Graph {
  return new Map([...blocksOf(stack)].map(([address, block]) => [address, new Set(referencesIn(block))]));
}

/** The addresses that a value names, in expressions and in depends_on. */
export function referencesIn(value: unknown): readonly string[] {
  return textsIn(value).flatMap(({ text, path }) => {
    if (path.includes('depends_on')) return [text];
    return expressionsIn(text).flatMap((expression) => expression.match(/(?:\bdata\.)?\baws_\w+\.[\w-]+/g) ?? []);
  });
}

/** What stands between `${` and `}` in a text. Throws on one that never ends. */
export function expressionsIn(text: string): readonly string[] {
  const expressions = [...text.matchAll(/(?<!\$)\$\{([^{}]*)\}/g)].map(([, expression = '']) => expression);
  if (expressions.length !== text.split('${').length - 1) throw new Error(`${text}: an expression within another`);
  return expressions;
}

/** Every text in a value but cdktf's own notes, and the names of the properties it lies under. */
export function textsIn(value: unknown, path: readonly string[] = []): readonly { text: string; path: string[] }[] {
  if (typeof value === 'string') return [{ text: value, path: [...path] }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => (name === '//' ? [] : textsIn(inner, [...path, name])));
}

/** A circle of addresses, the first repeated at the end; undefined when there is none. */
export function cycleIn(graph: Graph): readonly string[] | undefined {
  const done = new Set<string>();
  const visit = (address: string, path: readonly string[]): readonly string[] | undefined => {
    if (path.includes(address)) return [...path.slice(path.indexOf(address)), address];
    if (done.has(address)) return undefined;
    for (const next of graph.get(address) ?? []) {
      const cycle = visit(next, [...path, address]);
      if (cycle) return cycle;
    }
    done.add(address);
    return undefined;
  };
  for (const address of graph.keys()) {
    const cycle = visit(address, []);
    if (cycle) return cycle;
  }
  return undefined;
}

/** True when `address` is created after `other`, directly or not. */
export function waitsFor(graph: Graph, address: string, other: string): boolean {
  const seen = new Set<string>();
  const ahead = [address];
  for (let next = ahead.pop(); next !== undefined; next = ahead.pop()) {
    for (const each of graph.get(next) ?? []) {
      if (each === other) return true;
      if (!seen.has(each)) ahead.push(each);
      seen.add(each);
    }
  }
  return false;
}
