import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { recordsOfPiece } from '../../../cli/input/piece-records.ts';
import { MAX_LINE_BYTES, type Piece, pieceOf, piecesOf } from '../../../cli/input/pieces.ts';
import { recordOf } from '../sample-records.ts';

async function* streamed(chunks: Iterable<Uint8Array>) {
  yield* chunks;
}

function* cut(bytes: Uint8Array, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const recordsIn = (pieces: readonly Piece[]) => {
  const undecoded = { lines: 0, first: undefined };
  return pieces.flatMap((piece) =>
    [...recordsOfPiece(piece, 'input', undecoded)].map(({ read, position }) => ({ read, position })),
  );
};

async function piecesIn(chunks: Iterable<Uint8Array>) {
  const pieces: Piece[] = [];
  for await (const piece of piecesOf(streamed(chunks), 'input')) pieces.push(piece);
  return pieces;
}

const linesOf = (count: number) =>
  `${Array.from({ length: count }, (_, index) => JSON.stringify(recordOf(index))).join('\n')}\n`;

describe('pieces', () => {
  const line = fc.oneof(
    fc.constantFrom('', ' ', '\r', 'not JSON', '42', '[]', '{"broken'),
    fc.nat().map((number) => JSON.stringify(recordOf(number, { requestID: 'é'.repeat(number % 7) }))),
  );

  property.prop([fc.array(line, { maxLength: 20 }), fc.integer({ min: 1, max: 400 })])(
    'give the records of the whole text, however the bytes come',
    async (lines, size) => {
      const bytes = Buffer.from(['\ufeff', JSON.stringify(recordOf(1)), '\n', lines.join('\n')].join(''));
      expect(recordsIn(await piecesIn(cut(bytes, size)))).toEqual(recordsIn([pieceOf(bytes)]));
    },
  );

  it('are blocks of about a megabyte, of a text in lines', async () => {
    const bytes = Buffer.from(linesOf(12_000));
    const pieces = await piecesIn(cut(bytes, 100_000));
    expect(pieces.length).toBeGreaterThan(3);
    for (const piece of pieces) expect('bytes' in piece ? piece.bytes.length : 0).toBeLessThan(1_300_000);
    expect(recordsIn(pieces)).toEqual(recordsIn([pieceOf(bytes)]));
  });

  it('are one, of anything else', async () => {
    const bytes = Buffer.from(JSON.stringify({ Records: [recordOf(1)] }, null, 2));
    expect(await piecesIn(cut(bytes, 10))).toEqual([{ kind: 'whole', bytes }]);
  });

  it('tell of a line that is too long, and go on behind it', async () => {
    const start = Buffer.from(linesOf(2));
    const long = Buffer.alloc(8 * 1024 * 1024, 'x');
    const much = Array.from({ length: MAX_LINE_BYTES / long.length + 1 }, () => long);
    const found = recordsIn(await piecesIn([start, ...much, Buffer.from('\n'), start]));
    expect(found.map(({ position }) => position)).toEqual(['input:1', 'input:2', 'input:3', 'input:4', 'input:5']);
    expect(found[2]?.read).toEqual({ unreadable: `a line of over ${MAX_LINE_BYTES} bytes` });
  });
});
