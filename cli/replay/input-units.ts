import { stat } from 'node:fs/promises';
import { nameOf } from '../../function/sources/objects/object-error.ts';
import { listInputs } from '../input/files.ts';
import { InputError } from '../input/input-error.ts';
import { openInput } from '../input/open-input.ts';
import { isBucketPlace, objectsOf } from '../input/s3-listing.ts';
import type { Selection } from './selection.ts';
import type { Unit } from './unit.ts';

/** A step through the inputs: something to rate, something to say, or the end of an input that came in pieces. */
export type Step =
  /** `weight`: bytes it may unpack to. */
  | { readonly kind: 'unit'; readonly unit: Unit; readonly weight: number }
  | { readonly kind: 'problem'; readonly problem: string }
  | { readonly kind: 'end'; readonly input: string };

/** How the inputs are gone through. */
export interface Walk {
  readonly names: readonly string[];
  readonly selection: Selection;
  /** Threads: where fewer files than these are left, a large one is cut into pieces for all of them. */
  readonly jobs: number;
  /** Is told of bytes that are read here and not with a unit. */
  readonly onRead: (bytes: number) => void;
  /** Is told of objects of a bucket that hold no records of calls. */
  readonly onSkipped: () => void;
}

/** Bytes of a file from which on it is worth to be cut. */
const LARGE = 1024 * 1024;

/** What a packed file unpacks to, at a guess. */
const UNPACKS = 10;

/** All inputs of a command line, in order. What cannot be read is a problem, and the others go on. */
export async function* stepsOf(walk: Walk): AsyncGenerator<Step> {
  for (const [index, name] of walk.names.entries()) {
    const left = walk.names.length - index - 1;
    try {
      if (isBucketPlace(name)) yield* stepsOfPlace(name, walk);
      else {
        const files = await listInputs([name]);
        for (const [place, file] of files.entries()) yield* stepsOfFile(file, left + files.length - place, walk);
      }
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      yield { kind: 'problem', problem: error.message };
    }
  }
}

async function* stepsOfPlace(name: string, { selection, onSkipped }: Walk): AsyncGenerator<Step> {
  for await (const { bucket, key, bytes } of objectsOf(name, selection, onSkipped)) {
    const input = nameOf({ bucket, key });
    yield { kind: 'unit', unit: { kind: 'object', input, bucket, key }, weight: bytes * UNPACKS };
  }
}

async function* stepsOfFile(input: string, left: number, { jobs, onRead }: Walk): AsyncGenerator<Step> {
  const size = input === '-' ? 0 : await sizeOf(input);
  if (input !== '-' && (jobs === 1 || left >= jobs || size < LARGE)) {
    yield { kind: 'unit', unit: { kind: 'input', input }, weight: input.endsWith('.gz') ? size * UNPACKS : size };
    return;
  }
  try {
    for await (const piece of openInput(input, onRead, 'in pieces')) {
      const weight = 'bytes' in piece ? piece.bytes.length : 0;
      yield { kind: 'unit', unit: { kind: 'piece', input, piece }, weight };
    }
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    yield { kind: 'problem', problem: error.message };
  }
  yield { kind: 'end', input };
}

/** 0 for what is not there: whoever reads it says so. */
async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size;
  } catch {
    return 0;
  }
}

/** Bytes of all inputs together; undefined where they are not all files. */
export async function bytesOf(names: readonly string[]): Promise<number | undefined> {
  let total = 0;
  for (const name of names) {
    if (name === '-' || isBucketPlace(name)) return undefined;
    try {
      for (const file of await listInputs([name])) total += await sizeOf(file);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
    }
  }
  return total;
}
