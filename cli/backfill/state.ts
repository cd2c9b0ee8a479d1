import { createHash } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import * as z from 'zod';
import { InputError } from '../input/input-error.ts';
import { UsageError } from '../usage-error.ts';

const SCHEMA = 'trailbell/backfill/1';

const stateSchema = z.object({
  schema: z.literal(SCHEMA),
  job: z.string(),
  lastKey: z.string().optional(),
  objects: z.int(),
  failed: z.array(z.string()),
});

/** How far a backfill is. */
export interface BackfillState {
  /** Every object up to this key is done, or among the failed. */
  readonly lastKey: string | undefined;
  /** Objects done so far, by all runs. */
  readonly objects: number;
  /** Keys to be tried again. */
  readonly failed: readonly string[];
}

/** What a backfill without a state file begins with. */
export const NOTHING_DONE: BackfillState = { lastKey: undefined, objects: 0, failed: [] };

/** Names a backfill: the same for the same objects and the same target. */
export function jobOf(parts: object): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
}

/** The file in which a backfill writes down how far it is; replaced whole, so that a killed run leaves a whole one. */
export class StateFile {
  readonly path: string;
  readonly #job: string;

  constructor(path: string, job: string) {
    this.path = path;
    this.#job = job;
  }

  /**
   * What an earlier run left, if any.
   * @throws {UsageError} for the file of another backfill
   * @throws {InputError} for one that cannot be read
   */
  async read(): Promise<BackfillState | undefined> {
    let text: string;
    try {
      text = await readFile(this.path, 'utf8');
    } catch (cause) {
      if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
      throw new InputError(this.path, cause instanceof Error ? cause.message : String(cause), { cause });
    }
    const state = stateSchema.safeParse(jsonOf(text));
    if (!state.success) throw new InputError(this.path, 'is no state file of a backfill', { cause: state.error });
    const { job, lastKey, objects, failed } = state.data;
    if (job !== this.#job) {
      throw new UsageError(
        `${this.path} is of a backfill of other objects, or to elsewhere: give --state another file`,
      );
    }
    return { lastKey, objects, failed };
  }

  /** Writes the state and sees to it that a power cut does not lose it. */
  async write(state: BackfillState): Promise<void> {
    const written = `${this.path}.${process.pid}`;
    const file = await open(written, 'w', 0o600);
    try {
      await file.writeFile(`${JSON.stringify({ schema: SCHEMA, job: this.#job, ...state })}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(written, this.path);
  }

  /** Takes the file away: everything is done. */
  async remove(): Promise<void> {
    await rm(this.path, { force: true });
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
