/** Exit codes of a process that a signal ended, as shells tell them. */
const ENDED_BY = { SIGINT: 130, SIGTERM: 143 } as const;

/**
 * From now on ends the process at Ctrl-C or a SIGTERM with the exit code that shells know, its exit listeners run, so that
 * temporary files go. A command that listens to the signal itself ends in its own time, with an exit code of its own.
 */
export function endOnInterrupt(): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (process.listenerCount(signal) === 1) process.exit(ENDED_BY[signal]);
    });
  }
}
