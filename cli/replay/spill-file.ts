import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * So many temporary files without a name, for this user alone. What they hold is about somebody's accounts: the system
 * takes them away however the program ends.
 * @returns file descriptors, which are the process's and good in every thread; to be closed by whoever has them
 */
export function openNamelessFiles(count: number): number[] {
  const folder = mkdtempSync(join(tmpdir(), 'trailbell-'));
  try {
    return Array.from({ length: count }, (_, number) => openSync(join(folder, String(number)), 'wx+', 0o600));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Bytes that are written at once. */
const BUFFERED = 1024 * 1024;

/** A file that grows at its end and is read anywhere. One thread writes; others read what was flushed. */
export class SpillFile {
  readonly descriptor: number;
  #buffered: Buffer[] = [];
  #bytes = 0;
  #written = 0;

  constructor(descriptor: number) {
    this.descriptor = descriptor;
  }

  /** Where the next byte goes. */
  get end(): number {
    return this.#written + this.#bytes;
  }

  /** Appends bytes. @returns where they begin */
  append(bytes: Buffer): number {
    const at = this.end;
    this.#buffered.push(bytes);
    this.#bytes += bytes.length;
    if (this.#bytes >= BUFFERED) this.flush();
    return at;
  }

  /** Writes what waits. */
  flush(): void {
    if (this.#bytes === 0) return;
    const all = Buffer.concat(this.#buffered, this.#bytes);
    this.#buffered = [];
    for (let done = 0; done < all.length; ) {
      done += writeSync(this.descriptor, all, done, all.length - done, this.#written + done);
    }
    this.#written += all.length;
    this.#bytes = 0;
  }

  /** The bytes of a place, all flushed; fewer at the end of the file. */
  read(at: number, length: number): Buffer {
    const bytes = Buffer.allocUnsafe(length);
    let done = 0;
    while (done < length) {
      const read = readSync(this.descriptor, bytes, done, length - done, at + done);
      if (read === 0) break;
      done += read;
    }
    return bytes.subarray(0, done);
  }

  /** Gives the room back to the system. */
  close(): void {
    closeSync(this.descriptor);
  }
}
