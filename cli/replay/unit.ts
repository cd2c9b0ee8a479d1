import { InputError } from '../input/input-error.ts';
import { openInput } from '../input/open-input.ts';
import { recordsOfPiece, type Undecoded } from '../input/piece-records.ts';
import type { Piece } from '../input/pieces.ts';
import { pieceOf } from '../input/pieces.ts';
import type { ObjectReader } from '../input/s3-objects.ts';
import type { Rating } from './rating.ts';

/** A part of the inputs that one thread rates. */
export type Unit =
  /** A file, or standard input, from its beginning to its end. */
  | { readonly kind: 'input'; readonly input: string }
  /** A piece of an input that somebody else reads. */
  | { readonly kind: 'piece'; readonly input: string; readonly piece: Piece }
  | { readonly kind: 'object'; readonly input: string; readonly bucket: string; readonly key: string };

/** What became of a unit: plain data. */
export interface UnitDone {
  readonly records: number;
  /** Bytes read for it, packed or not; none where somebody else reads. */
  readonly bytes: number;
  /** Lines that are Lambda events and could not be decoded. */
  readonly undecoded: number;
  readonly firstUndecoded: string | undefined;
  /** Why it could not be read, or not to its end. */
  readonly problem: string | undefined;
}

/** Gives the records of a unit to a rating. @param number of the unit, in the order of the inputs */
export async function rateUnit(rating: Rating, unit: Unit, number: number, objects: ObjectReader): Promise<UnitDone> {
  const undecoded: Undecoded = { lines: 0, first: undefined };
  let [records, bytes] = [0, 0];
  let problem: string | undefined;
  const take = (piece: Piece) => {
    for (const source of recordsOfPiece(piece, unit.input, undecoded)) rating.take(source, number, records++);
  };
  try {
    if (unit.kind === 'piece') take(unit.piece);
    else if (unit.kind === 'object') {
      const object = await objects.read(unit);
      bytes = object.packed;
      take(pieceOf(object.bytes));
    } else {
      for await (const piece of openInput(unit.input, (read) => {
        bytes += read;
      })) {
        take(piece);
      }
    }
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    problem = error.message;
  }
  return { records, bytes, undecoded: undecoded.lines, firstUndecoded: undecoded.first?.message, problem };
}
