import { createLogger, type Logger } from '../../function/sinks/logger.ts';
import { metricsLine } from '../../function/sinks/metrics.ts';
import type { Io } from '../command.ts';
import { missingPermission } from './missing-permission.ts';

/** Figures that are no counts: the largest stands for all. */
const LARGEST = new Set(['oldestRecordAge']);

/**
 * The log and the figures of a long run. What its parts tell about each event is added up, and told in one metrics line
 * when asked; their other lines go on as they are, and the first that means a missing permission is told in words, too.
 */
export class Journal {
  readonly logger: Logger;
  readonly name: string;
  readonly #base: Logger;
  readonly #said = new Set<string>();
  #figures = new Map<string, number>();

  /** @param write takes each line of the log, its line feed included */
  constructor(name: string, io: Io, write: (line: string) => void) {
    this.name = name;
    const base = createLogger({ write });
    this.#base = base;
    const telling = (log: (line: object) => void) => (line: object) => {
      log(line);
      const permission = missingPermission(line);
      if (permission === undefined || this.#said.has(permission)) return;
      this.#said.add(permission);
      io.say(`trailbell: ${permission}`);
    };
    this.logger = {
      record: (line) => base.record(line),
      info: (line) => ('_aws' in line ? this.#addAll(line) : base.info(line)),
      warn: telling((line) => base.warn(line)),
      error: telling((line) => base.error(line)),
      flush: () => base.flush(),
    };
  }

  /** Adds to a figure. */
  add(name: string, amount = 1): void {
    const known = this.#figures.get(name) ?? 0;
    this.#figures.set(name, LARGEST.has(name) ? Math.max(known, amount) : known + amount);
  }

  /** What was added since the last time it was told. */
  get figures(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#figures);
  }

  /** Writes the figures as one metrics line, and begins anew. */
  tell(): void {
    const { figures } = this;
    this.#figures = new Map();
    this.#base.info(metricsLine(this.name, figures, {}, new Date()));
  }

  #addAll(line: object): void {
    for (const [name, value] of Object.entries(line)) if (typeof value === 'number') this.add(name, value);
  }
}
