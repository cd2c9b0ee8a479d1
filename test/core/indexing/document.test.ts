import { describe, expect, test } from 'vitest';
import { bodyOf, indexOf } from '../../../function/core/indexing/document.ts';
import { record } from '../../support/payloads.ts';

describe('the document of a record', () => {
  const resources = [{ ARN: 'arn:aws:s3:::b', type: 'AWS::S3::Bucket' }, { ARN: 'arn:aws:s3:::a' }];
  const whole = record('PutObject', { requestParameters: { key: 'k' }, responseElements: null, resources });

  test('has the four fields flattened and everything else as it came', () => {
    const { requestParameters: _, responseElements: __, resources: ___, ...kept } = whole;
    expect(bodyOf(whole, { raw: false })).toEqual({
      ...kept,
      requestParameters_flattened: { key: ['k'] },
      resources_flattened: { ARN: ['arn:aws:s3:::a', 'arn:aws:s3:::b'], type: ['AWS::S3::Bucket'] },
    });
  });

  test('has their JSON, too, where that is wanted', () => {
    expect(bodyOf(whole, { raw: true })).toMatchObject({
      requestParameters_raw: '{"key":"k"}',
      resources_raw: JSON.stringify(resources),
    });
    expect(bodyOf(whole, { raw: true })).not.toHaveProperty('responseElements_raw');
  });

  test('is the same whatever the order of values in lists', () => {
    const turned = { ...whole, resources: resources.toReversed() };
    expect(bodyOf(turned, { raw: false })).toEqual(bodyOf(whole, { raw: false }));
  });
});

describe('the index of a record', () => {
  test.each([
    ['2026-11-20T02:41:00Z', 'cloudtrail-2026-11'],
    ['2026-12-31T23:59:59.999Z', 'cloudtrail-2026-12'],
    ['2013-11-13T00:00:00Z', 'cloudtrail-2013-11'],
    ['1969-01-01T00:00:00Z', 'cloudtrail-undated'],
    ['9999-01-01T00:00:00Z', 'cloudtrail-undated'],
    ['2026-13-01T00:00:00Z', 'cloudtrail-undated'],
    ['2026-11-20', 'cloudtrail-undated'],
    ['../../_all', 'cloudtrail-undated'],
    [1_800_000_000, 'cloudtrail-undated'],
    [undefined, 'cloudtrail-undated'],
  ])('with eventTime %j is %s', (eventTime, index) => {
    expect(indexOf('cloudtrail', record('RunInstances', { eventTime }))).toBe(index);
  });
});
