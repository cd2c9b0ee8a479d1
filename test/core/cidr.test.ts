import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { isAddress, parseRange } from '../../function/core/cidr.ts';

describe('a range', () => {
  test.each([
    ['192.0.2.0/24', '192.0.2.255', true],
    ['192.0.2.0/24', '192.0.3.0', false],
    ['192.0.2.77/24', '192.0.2.1', true],
    ['192.0.2.1', '192.0.2.1', true],
    ['192.0.2.1', '192.0.2.2', false],
    ['0.0.0.0/0', '203.0.113.9', true],
    ['0.0.0.0/0', '2001:db8::1', false],
    ['2001:db8::/32', '2001:db8:ffff::1', true],
    ['2001:db8::/32', '2001:db9::', false],
    ['::/0', '::1', true],
    ['2001:DB8::1', '2001:db8:0:0:0:0:0:1', true],
    ['::ffff:192.0.2.0/120', '::ffff:c000:201', true],
    ['192.0.2.0/24', 'ec2.amazonaws.com', false],
    ['192.0.2.0/24', 'AWS Internal', false],
    ['192.0.2.0/24', '', false],
  ])('%s holds %s: %s', (range, address, held) => {
    expect(parseRange(range)?.contains(address)).toBe(held);
  });

  test.each([
    '192.0.2.0/33',
    '192.0.2/24',
    '192.0.2.256',
    '192.0.2.01',
    '2001:db8::/129',
    '1::2::3',
    ':::',
    '2001:db8',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7:8::',
    '12345::',
    '::192.0.2.300',
    'office',
    '',
    '/24',
    '192.0.2.0/',
    '192.0.2.0/-1',
    '192.0.2.0/024',
  ])('is not %j', (text) => {
    expect(parseRange(text)).toBeUndefined();
  });

  property.prop([fc.ipV4(), fc.integer({ min: 0, max: 32 })])(
    'holds the address it is made of, IPv4',
    (address, prefix) => {
      expect(parseRange(`${address}/${prefix}`)?.contains(address)).toBe(true);
    },
  );

  property.prop([fc.ipV6(), fc.integer({ min: 0, max: 128 })])(
    'holds the address it is made of, IPv6',
    (address, prefix) => {
      expect(isAddress(address)).toBe(true);
      expect(parseRange(`${address}/${prefix}`)?.contains(address)).toBe(true);
    },
  );

  property.prop([fc.string()])('answers for any text', (text) => {
    expect(typeof isAddress(text)).toBe('boolean');
  });
});
