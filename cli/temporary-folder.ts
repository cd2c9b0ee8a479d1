import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A private folder that is gone when it is disposed, and when the process ends without. */
export interface TemporaryFolder extends AsyncDisposable {
  readonly path: string;
  /** Removes the folder and all that is in it. May be called twice. */
  remove(): Promise<void>;
}

const folders = new Set<string>();

/**
 * Makes a folder that only this user may read. It is removed when the process exits, also when a person interrupts it or
 * the reader of its output goes away; what is killed outright leaves it to the system.
 * @param purpose a part of its name
 */
export async function temporaryFolder(purpose: string): Promise<TemporaryFolder> {
  const path = await mkdtemp(join(tmpdir(), `trailbell-${purpose}-`));
  if (folders.size === 0) process.on('exit', removeAll);
  folders.add(path);
  const remove = async () => {
    await rm(path, { recursive: true, force: true });
    folders.delete(path);
    if (folders.size === 0) process.off('exit', removeAll);
  };
  return { path, remove, [Symbol.asyncDispose]: remove };
}

function removeAll(): void {
  for (const path of folders) rmSync(path, { recursive: true, force: true });
}
