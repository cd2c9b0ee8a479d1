import { fc, test as property } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { millisecondsOf } from '../../../cli/replay/facts.ts';
import { timeOf } from '../../../function/core/record.ts';

describe('the milliseconds of an eventTime', () => {
  const number = (max: number) => fc.nat({ max }).map((value) => String(value).padStart(2, '0'));
  const day = fc.constantFrom('2026-11-20', '2026-02-30', '2026-13-01', '0000-00-00', '2024-02-29');
  const written = fc
    .tuple(day, fc.constantFrom('T', ' '), number(25), number(61), number(61), fc.constantFrom('Z', '.5Z', '', '+'))
    .map(([date, between, hours, minutes, seconds, end]) => `${date}${between}${hours}:${minutes}:${seconds}${end}`);

  property.prop([fc.array(fc.oneof(written, fc.string({ maxLength: 22 }), fc.anything()), { maxLength: 30 })])(
    'are those of its time, in whatever order times are asked',
    (times) => {
      for (const time of times) {
        const expected = timeOf(typeof time === 'string' ? time : undefined)?.getTime();
        expect(millisecondsOf(time)).toBe(expected);
      }
    },
  );
});
