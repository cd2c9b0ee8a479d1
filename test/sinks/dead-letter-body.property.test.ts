import { gunzipSync } from 'node:zlib';
import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { deadLetterBody, MAX_LETTER_BYTES } from '../../function/sinks/dead-letter-body.ts';

const OF = { output: 'bulk', functionName: 'trailbell-index', time: new Date('2026-11-20T12:00:00Z') };
const letter = { id: 'id', index: 'cloudtrail-2026-11', position: 's3://trail/key#Records[3]', reason: '400: no' };

describe('the body of a dead letter', () => {
  property.prop([fc.jsonValue(), fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' })])(
    'is printable ASCII within the limit, and gives the record back',
    (raw, position, reason) => {
      const body = deadLetterBody({ ...letter, position, reason, raw }, OF);
      expect(body).toMatch(/^[\x20-\x7e]*$/);
      expect(body.length).toBeLessThanOrEqual(MAX_LETTER_BYTES);
      const { record, ...head } = JSON.parse(body);
      const text = typeof raw === 'string' ? raw : JSON.stringify(raw);
      expect(gunzipSync(Buffer.from(record, 'base64')).toString()).toBe(Buffer.from(text).toString());
      expect(head).toMatchObject({ schema: 'trailbell/dead-letter/1', id: 'id', index: 'cloudtrail-2026-11' });
    },
  );

  test('goes without a record that does not fit even when packed', () => {
    let noise = '';
    for (let seed = 1; noise.length < 600_000; seed = (seed * 48_271) % 2_147_483_647) noise += seed.toString(36);
    const body = deadLetterBody({ ...letter, reason: '\u202e'.repeat(9_000), raw: noise }, OF);
    expect(body.length).toBeLessThanOrEqual(MAX_LETTER_BYTES);
    expect(JSON.parse(body)).toMatchObject({ recordOmitted: 'too_large', position: letter.position });
  });

  test('of a whole object has no record, no id and no index', () => {
    const body = deadLetterBody({ ...letter, id: undefined, index: undefined, raw: undefined }, OF);
    expect(Object.keys(JSON.parse(body))).toEqual(['schema', 'time', 'functionName', 'output', 'position', 'reason']);
  });
});
