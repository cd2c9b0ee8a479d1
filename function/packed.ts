import { readFileSync } from 'node:fs';
import type { Severities } from './core/severities/model.ts';
import type { TeamInterests } from './core/teams.ts';

/**
 * What a build writes beside the bundle as `severities.json`: the folder validated and merged, without examples, and the
 * teams of the configuration. Trusted, because the build checked it and the zip carries both.
 */
export interface Packed {
  readonly severities: Severities;
  readonly teams: readonly TeamInterests[];
}

/** Reads the packed file; its URL is relative to the running bundle. */
export function readPacked(url: URL): Packed {
  return JSON.parse(readFileSync(url, 'utf8')) as Packed;
}
