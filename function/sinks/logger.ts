import pino, { type DestinationStream } from 'pino';

/** Writes JSON lines, synchronously; those of records are gathered until {@link flush}. */
export interface Logger {
  /**
   * Takes a record's line as it is, level included: one native serialisation and few writes, where pino goes key by key
   * and line by line at several times the cost.
   */
  record(line: Readonly<Record<string, unknown>>): void;
  info(line: object): void;
  warn(line: object): void;
  error(line: object): void;
  /** Returns when every line taken so far has left the process. */
  flush(): void;
}

/** Characters gathered at most. */
const MAX_GATHERED = 16 * 1024;

/** Where lines go, each write at once: standard output by default, or a file. */
export function logDestination(dest: number | string = 1): DestinationStream {
  return pino.destination({ dest, sync: true });
}

/**
 * The one logger of a process. Lines keep their order, carry a level label and nothing of the host; CloudWatch Logs adds
 * the time. The caller flushes before it waits for anything: lines are lost only with a process killed while it
 * classifies, whose invocation has then failed and is tried again.
 */
export function createLogger(destination: DestinationStream = logDestination()): Logger {
  const logger = pino(
    { base: null, timestamp: false, formatters: { level: (label) => ({ level: label }) } },
    destination,
  );
  let gathered = '';
  const flush = () => {
    const lines = gathered;
    gathered = '';
    if (lines !== '') destination.write(lines);
  };
  const inOrder = (write: (line: object) => void) => (line: object) => {
    flush();
    write(line);
  };
  return {
    record(line) {
      gathered += `${JSON.stringify(line)}\n`;
      if (gathered.length >= MAX_GATHERED) flush();
    },
    info: inOrder((line) => logger.info(line)),
    warn: inOrder((line) => logger.warn(line)),
    error: inOrder((line) => logger.error(line)),
    flush,
  };
}
