import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import type { TeamInterests } from '../../function/core/teams.ts';
import { InputError } from '../input/input-error.ts';

const names = z.array(z.string()).optional();

/** Of `infra/config.json`, only what says what is published, and to whom; the stack checks the rest. */
const configSchema = z.looseObject({
  teams: z
    .array(
      z.looseObject({
        name: z.string(),
        interests: z.looseObject({ accounts: names, services: names, detections: names }).optional(),
      }),
    )
    .optional(),
  function: z.looseObject({ includeRecord: z.boolean().optional() }).optional(),
  storm: z.looseObject({ windowMinutes: z.int().optional(), messagesPerMinute: z.int().optional() }).optional(),
});

/** What a deployed function has from the configuration. */
export interface Configured {
  readonly teams: readonly TeamInterests[];
  /** False where raw records are to be left out of documents. */
  readonly includeRecord: boolean;
  readonly windowMinutes: number | undefined;
  readonly messagesPerMinute: number | undefined;
}

/** Reads `infra/config.json` below `root`; where there is none, nothing is configured. @throws {InputError} */
export async function configuredIn(root: string): Promise<Configured> {
  const file = join(root, 'infra', 'config.json');
  let text = '{}';
  try {
    text = (await readFile(file, 'utf8')).replace(/^\ufeff/, '');
  } catch (cause) {
    const isThere = !(cause instanceof Error && 'code' in cause && cause.code === 'ENOENT');
    if (isThere) throw new InputError(file, cause instanceof Error ? cause.message : String(cause), { cause });
  }
  try {
    const { teams = [], function: ofFunction, storm } = configSchema.parse(JSON.parse(text));
    return {
      teams: teams.map(({ name, interests }) => ({ name, ...interests })),
      includeRecord: ofFunction?.includeRecord ?? true,
      windowMinutes: storm?.windowMinutes,
      messagesPerMinute: storm?.messagesPerMinute,
    };
  } catch (cause) {
    throw new InputError(file, cause instanceof Error ? cause.message : String(cause), { cause });
  }
}
