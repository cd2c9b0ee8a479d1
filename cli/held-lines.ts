import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Lines that wait behind one that is not known yet: kept in a nameless temporary file, in their order. */
export class HeldLines {
  #file: FileHandle | undefined;
  #buffer: string[] = [];

  /** True when a line waits, so that all that follow must, too. */
  get waiting(): boolean {
    return this.#file !== undefined;
  }

  /** Holds one line without a line feed in it; undefined keeps the place of one that `release` is given. */
  async hold(line: string | undefined): Promise<void> {
    this.#file ??= await namelessFile();
    if (this.#buffer.push(line ?? '') >= 1_000) await this.#flush(this.#file);
  }

  /** All held lines in their order, the places filled from `missing`. */
  async *release(missing: Iterable<string>): AsyncGenerator<string> {
    const file = this.#file;
    if (file === undefined) return;
    try {
      await this.#flush(file);
      const filling = missing[Symbol.iterator]();
      for await (const line of linesOf(file)) yield line === '' ? String(filling.next().value) : line;
    } finally {
      await file.close();
      this.#file = undefined;
    }
  }

  async #flush(file: FileHandle): Promise<void> {
    await file.appendFile(this.#buffer.map((line) => `${line}\n`).join(''));
    this.#buffer = [];
  }
}

// Removed at once: what it holds is about somebody's accounts, and nothing is left behind however the program ends.
async function namelessFile(): Promise<FileHandle> {
  const folder = await mkdtemp(join(tmpdir(), 'trailbell-'));
  try {
    return await open(join(folder, 'lines'), 'a+', 0o600);
  } finally {
    await rm(folder, { recursive: true });
  }
}

// Split at line feeds alone: JSON text may hold the other line ends that readline knows.
async function* linesOf(file: FileHandle): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of file.createReadStream({ start: 0, autoClose: false, encoding: 'utf8' })) {
    const lines = `${rest}${chunk}`.split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
}
