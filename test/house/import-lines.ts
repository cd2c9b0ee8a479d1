import { dirname, join } from 'node:path';
import type { SourceFile } from './source-files.ts';

/** What one line of a file loads: a path relative to the checkout, or a package's name. */
export interface Import {
  readonly from: string;
  readonly to: string;
}

const SPECIFIER =
  /(?:^|[;}\s])(?:import|export)\s[^'"]*?from\s*['"]([^'"]+)['"]|\b(?:import|require)\s*\(\s*['"]([^'"]+)['"]|^import\s*['"]([^'"]+)['"]/gm;

/** Everything a file loads, statically, dynamically, as types or for its effects. */
export function importsOf({ path, lines }: SourceFile): Import[] {
  return [...lines.join('\n').matchAll(SPECIFIER)].map(([, named, called, bare]) => {
    const specifier = named ?? called ?? bare ?? '';
    return { from: path, to: specifier.startsWith('.') ? join(dirname(path), specifier) : specifier };
  });
}
