import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Catalogue, namesOf } from '../function/core/severities/catalogue.ts';

/** The shipped catalogue of AWS event names. */
export async function readCatalogue(root: string): Promise<Catalogue> {
  return JSON.parse(await readFile(join(root, 'severities', 'catalogue.json'), 'utf8')) as Catalogue;
}

/** Answers which names AWS has under an eventSource; each list is taken apart once. */
export function knownNames(catalogue: Catalogue): (eventSource: string) => ReadonlySet<string> | undefined {
  const sources = new Map(Object.entries(catalogue.sources));
  return (eventSource) => {
    const names = sources.get(eventSource);
    return names === undefined ? undefined : new Set(namesOf(names));
  };
}
