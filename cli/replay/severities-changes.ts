import { type FSWatcher, watch } from 'node:fs';
import { lstat, realpath } from 'node:fs/promises';
import { join } from 'node:path';

/** Milliseconds of quiet after which an edit is taken for done: editors write a file in several steps. */
const QUIET = 120;

/**
 * Gives one turn at the beginning, and one for every time that something in a severities folder, or in the `local/` it links to, was saved, until
 * it is stopped. What is saved during a turn gives another.
 */
export async function* severitiesChanges(dir: string, stop: AbortSignal): AsyncGenerator<void> {
  // What was saved before anybody watched counts, too.
  let changed = true;
  let wake = (): void => undefined;
  let timer: NodeJS.Timeout | undefined;
  const onChange = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      changed = true;
      wake();
    }, QUIET);
  };
  const watchers: FSWatcher[] = [];
  const onStop = () => wake();
  stop.addEventListener('abort', onStop);
  try {
    for (const folder of await foldersOf(dir)) {
      // An editor that replaces a folder ends what watched it: whatever is saved elsewhere still tells.
      watchers.push(watch(folder, { recursive: true }, onChange).on('error', onChange));
    }
    while (!stop.aborted) {
      if (!changed) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        continue;
      }
      changed = false;
      yield;
    }
  } finally {
    clearTimeout(timer);
    stop.removeEventListener('abort', onStop);
    for (const watcher of watchers) watcher.close();
  }
}

async function foldersOf(dir: string): Promise<readonly string[]> {
  const local = join(dir, 'local');
  try {
    return (await lstat(local)).isSymbolicLink() ? [dir, await realpath(local)] : [dir];
  } catch {
    return [dir];
  }
}
