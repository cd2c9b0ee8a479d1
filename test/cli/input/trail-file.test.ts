import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { recordsOfPiece } from '../../../cli/input/piece-records.ts';
import { recordsOfTrailFile } from '../../../cli/input/trail-file.ts';
import { recordsOfValue } from '../../../cli/input/value-records.ts';
import { SHAPES } from '../../fixtures/lambda-events.ts';
import { recordOf } from '../sample-records.ts';

const told = (records: Iterable<{ read: unknown; position: string; raw: unknown }>) =>
  [...records].map(({ read, position, raw }) => ({ read, position, raw }));
const wholeOf = (text: string) => recordsOfValue(JSON.parse(text), 'input');
const apart = (text: string) => recordsOfTrailFile(Buffer.from(text), 'input', () => wholeOf(text));

describe('a log file as CloudTrail writes it', () => {
  const text = fc.constantFrom('a', '},{"eventVersion":', '"},{"eventVersion":"', '\\', ']}', 'é', '{"Records":[');
  const inside = fc.oneof(text, fc.array(fc.record({ eventVersion: text, more: text }), { maxLength: 3 }));
  const record = fc
    .tuple(fc.nat(), inside)
    .map(([number, requestParameters]) => recordOf(number, { requestParameters }));

  property.prop([fc.array(record, { minLength: 1, maxLength: 6 }), fc.constantFrom('', '\n', ' \r\n')])(
    'gives the records it gives as one value, whatever they hold',
    (Records, space) => {
      const file = `${JSON.stringify({ Records })}${space}`;
      const found = apart(file);
      if (found !== undefined) expect(told(found)).toEqual(told(wholeOf(file)));
      const piece = { kind: 'whole', bytes: Buffer.from(file) } as const;
      expect(told(recordsOfPiece(piece, 'input', { lines: 0, first: undefined }))).toEqual(told(wholeOf(file)));
    },
  );

  it('gives each record with its own text', () => {
    const [one, two] = [JSON.stringify(recordOf(1)), JSON.stringify(recordOf(2))];
    expect([...(apart(`{"Records":[${one},${two}]}`) ?? [])].map((found) => found.text)).toEqual([one, two]);
  });

  it.each([
    ['spaces', JSON.stringify({ Records: [recordOf(1)] }, null, 1)],
    ['no record', '{"Records":[]}'],
    ['something after the list', '{"Records":[{"eventVersion":"1"}],"more":[{}]}'],
    ['a cut', JSON.stringify({ Records: [recordOf(1), recordOf(2)] }).slice(0, -2)],
    ['a record cut where it looks like the end', '{"Records":[{"eventVersion":"1"},{"eventVersion":"1","a":[{}]}'],
  ])('is nothing with %s', (_case, file) => {
    expect(apart(file)).toBeUndefined();
  });

  it.each(SHAPES)('is no event of $shape', ({ event }) => {
    expect(recordsOfTrailFile(Buffer.from(JSON.stringify(event)), 'input', () => [])).toBeUndefined();
  });
});
