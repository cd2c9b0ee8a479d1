import { describe, expect, test } from 'vitest';
import { decodeKey, factsOfKey, kindOfKey } from '../../../function/sources/objects/object-key.ts';

const FILE = '123456789012_CloudTrail_eu-central-1_20261120T1205Z_Ab1Cd2Ef3Gh4Ij5K.json.gz';

describe('the kind of an object', () => {
  test.each([
    [`AWSLogs/123456789012/CloudTrail/eu-central-1/2026/11/20/${FILE}`, 'CloudTrail'],
    [`audit/eu/AWSLogs/o-ab12cd34ef/123456789012/CloudTrail/eu-central-1/2026/11/20/${FILE}`, 'CloudTrail'],
    [`CloudTrail/${FILE}`, 'CloudTrail'],
    ['AWSLogs/123456789012/CloudTrail-Digest/eu-central-1/2026/11/20/a.json.gz', 'Digest'],
    ['AWSLogs/123456789012/CloudTrail-Insight/eu-central-1/2026/11/20/a.json.gz', 'Insight'],
    ['AWSLogs/123456789012/CloudTrail-NetworkActivity/eu-central-1/2026/11/20/a.json.gz', 'NetworkActivity'],
    ['AWSLogs/123456789012/CloudTrail-Aggregated/eu-central-1/2026/11/20/a.json.gz', 'Aggregated'],
    ['AWSLogs/123456789012/CloudTrail-Tomorrow/eu-central-1/2026/11/20/a.json.gz', 'other'],
    ['AWSLogs/123456789012/CloudTrail/', 'other'],
    ['AWSLogs/123456789012/Config/eu-central-1/2026/11/20/a.json.gz', 'other'],
    ['AWSLogs/123456789012/MyCloudTrail/a.json.gz', 'other'],
    ['', 'other'],
    ['CloudTrail/AWSLogs/123456789012/CloudTrail-Digest/eu-central-1/2026/11/20/a.json.gz', 'Digest'],
    ['CloudTrail/AWSLogs/o-ab12cd34ef/123456789012/CloudTrail-Insight/eu-central-1/2026/11/20/a.json.gz', 'Insight'],
    ['CloudTrail/AWSLogs/123456789012/Config/eu-central-1/2026/11/20/a.json.gz', 'other'],
    ['CloudTrail-Digest/AWSLogs/123456789012/CloudTrail/eu-central-1/2026/11/20/a.json.gz', 'CloudTrail'],
    ['CloudTrail/2026/CloudTrail-Digest/a.json.gz', 'Digest'],
    ['AWSLogs/123456789012/constructor/eu-central-1/2026/11/20/a.json.gz', 'other'],
  ])('%j is %s', (key, kind) => {
    expect(kindOfKey(key)).toBe(kind);
  });

  test('is told in time from a key that is as long as a message', () => {
    const begun = performance.now();
    for (const part of ['/CloudTrail/', '/AWSLogs/123456789012/', '/AWSLogs/123456789012/CloudTrail']) {
      const long = part.repeat((1024 * 1024) / part.length);
      expect(kindOfKey(`${long}/`)).toBe('other');
      expect(factsOfKey(`${long}/x`).deliveredAt).toBeUndefined();
    }
    expect(performance.now() - begun).toBeLessThan(2_000);
  });
});

describe('a key', () => {
  test('tells its account, Region, organization, prefix and time of delivery', () => {
    expect(factsOfKey(`audit/eu/AWSLogs/o-ab12cd34ef/123456789012/CloudTrail/eu-central-1/2026/11/20/${FILE}`)).toEqual(
      {
        kind: 'CloudTrail',
        prefix: 'audit/eu/',
        organizationId: 'o-ab12cd34ef',
        accountId: '123456789012',
        region: 'eu-central-1',
        deliveredAt: new Date('2026-11-20T12:05:00Z'),
      },
    );
  });

  test('of a digest tells its time to the second', () => {
    const key =
      'AWSLogs/123456789012/CloudTrail-Digest/eu-central-1/2026/11/20/123456789012_CloudTrail-Digest_eu-central-1_main_eu-central-1_20261120T120507Z_backfill.json.gz';
    expect(factsOfKey(key)).toMatchObject({
      prefix: '',
      region: 'eu-central-1',
      deliveredAt: new Date('2026-11-20T12:05:07Z'),
    });
  });

  test.each(['anything', `CloudTrail/x_20269920T1205Z_a.json.gz`])('%j of somebody else tells nothing', (key) => {
    const nothing = { prefix: undefined, accountId: undefined, region: undefined, deliveredAt: undefined };
    expect(factsOfKey(key)).toMatchObject(nothing);
  });
});

describe('an encoded key', () => {
  test.each([
    ['red+flower.jpg', 'red flower.jpg'],
    ['a%2Bb%25c', 'a+b%c'],
    ['AWSLogs/%C3%BC%E6%97%A5', 'AWSLogs/ü日'],
    ['a%3Db', 'a=b'],
    ['100%', undefined],
    ['%ff', undefined],
  ])('%j is %j', (encoded, key) => {
    expect(decodeKey(encoded)).toBe(key);
  });
});
