import { isObject } from '../record.ts';

/** Deepest nesting that names are looked for in; what is deeper becomes one leaf, its JSON. */
const MAX_DEPTH = 64;

/**
 * What a value holds, by the names of its leaves: each the different values under it as strings, sorted, so that the same
 * record always gives the same document. A leaf in an array has the array's name, and one under a blank name that of what
 * encloses it. Dots, which would open an object, become `_`. A name without a value (null, `{}`, `[]`) keeps an empty list.
 * @param name of what has no name inside the value: items of an array of scalars, or a scalar
 * @returns undefined where there is nothing at all: null or absent
 */
export function flattened(name: string, value: unknown): Record<string, string[]> | undefined {
  if (value === null || value === undefined) return undefined;
  const leaves = new Map<string, Set<string>>();
  gather(leaves, name, value, 0);
  // From entries, so that a leaf called __proto__ is one like any other.
  return Object.fromEntries([...leaves].map(([leaf, values]) => [leaf, [...values].sort()]));
}

function gather(leaves: Map<string, Set<string>>, name: string, value: unknown, depth: number): void {
  if (depth > 0 && typeof value === 'object' && value !== null && depth >= MAX_DEPTH) {
    leafOf(leaves, name).add(jsonOf(value));
  } else if (Array.isArray(value)) {
    if (value.length === 0 && depth > 0) leafOf(leaves, name);
    for (const item of value) gather(leaves, name, item, depth + 1);
  } else if (isObject(value)) {
    const keys = Object.keys(value);
    if (keys.length === 0 && depth > 0) leafOf(leaves, name);
    for (const key of keys) gather(leaves, leafName(key) ?? name, value[key], depth + 1);
  } else if (value === null) {
    leafOf(leaves, name);
  } else {
    leafOf(leaves, name).add(String(value));
  }
}

function leafOf(leaves: Map<string, Set<string>>, name: string): Set<string> {
  let leaf = leaves.get(name);
  if (leaf === undefined) {
    leaf = new Set();
    leaves.set(name, leaf);
  }
  return leaf;
}

function leafName(key: string): string | undefined {
  return key.trim() === '' ? undefined : key.replaceAll('.', '_');
}

/** Names and values are what somebody sent to AWS; what JSON cannot write again is not worth a document. */
function jsonOf(value: object): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (error instanceof RangeError) return 'nested too deeply';
    throw error;
  }
}
