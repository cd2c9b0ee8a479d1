import { test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { messageAttributes } from '../../../function/core/render/attributes.ts';
import { detection, findingOf } from '../../support/policies.ts';
import { aggregated, record } from '../../support/records.ts';
import { hostileText } from './hostile.ts';

const attributesOf = (value: unknown, detections = [detection({ id: 'b' }), detection({ id: 'a' })]) =>
  messageAttributes(findingOf({ detections }, value));

describe('message attributes', () => {
  test('say what a filter policy routes by', () => {
    expect(attributesOf(record())).toEqual({
      severity: { DataType: 'String', StringValue: 'high' },
      code: { DataType: 'String', StringValue: 'detection_matched' },
      eventSource: { DataType: 'String', StringValue: 'iam.amazonaws.com' },
      eventName: { DataType: 'String', StringValue: 'CreateAccessKey' },
      accountId: { DataType: 'String', StringValue: '111122223333' },
      region: { DataType: 'String', StringValue: 'us-east-1' },
      team: { DataType: 'String.Array', StringValue: '["unclaimed"]' },
      detection: { DataType: 'String.Array', StringValue: '["a","b"]' },
    });
  });

  test('leave out what is absent or empty, and never the team', () => {
    expect(Object.keys(attributesOf(aggregated({ awsRegion: '', accountId: undefined })))).toEqual([
      'severity',
      'code',
      'team',
    ]);
    expect(attributesOf(record({ eventName: '' }))).not.toHaveProperty('eventName');
  });

  test('have question marks for what SNS refuses', () => {
    expect(attributesOf(record({ eventName: 'a😀\ud800\u0000b' }))['eventName']?.StringValue).toBe('a???b');
  });

  test('are cut at 256 characters, between surrogates too', () => {
    const value = attributesOf(record({ eventName: `${'x'.repeat(255)}😀` }))['eventName']?.StringValue;
    expect(value).toBe(`${'x'.repeat(255)}?`);
  });

  property.prop([hostileText])('are never empty and hold no controls or surrogates', (text) => {
    for (const { StringValue } of Object.values(
      attributesOf(record({ eventName: text, awsRegion: text, recipientAccountId: text }), []),
    )) {
      expect(StringValue).toMatch(/^[^\p{Cc}\p{Cs}\u{10000}-\u{10ffff}\ufffe\uffff]{1,256}$/u);
    }
  });
});
