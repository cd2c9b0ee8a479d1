import { describe, expect, test } from 'vitest';
import { readMessage } from '../../../function/core/record.ts';
import { renderDocument } from '../../../function/core/render/document.ts';
import { detection, findingOf } from '../../support/policies.ts';
import { aggregated, record } from '../../support/records.ts';

const LIMIT = 262_144;
const documentOf = (value: unknown, includeRecord = true, limit = LIMIT) =>
  JSON.parse(
    renderDocument(findingOf({ detections: [detection({ techniques: ['T1098.001'] })] }, value), includeRecord, limit),
  );

describe('a document', () => {
  test('holds the finding and the record verbatim', () => {
    const value = record({ requestParameters: { userName: 'b\u202eob', nested: [null, { '<@U1>': 1 }] } });
    const document = documentOf(value);
    expect(document).toMatchObject({
      schemaVersion: '1.0',
      dedupKey: 'key',
      severity: 'high',
      code: 'detection_matched',
      title: '[HIGH] account 111122223333: access key created for b\\u202eob by alice',
      failed: null,
      adjustedBy: null,
      reasons: [{ by: 'detection', id: 'access-key-created', severity: 'high' }],
      techniques: ['T1098.001'],
      team: ['unclaimed'],
      account: { id: '111122223333', name: null },
      region: 'us-east-1',
      eventName: 'CreateAccessKey',
      principal: { name: 'alice', kind: 'IAM user', arn: 'arn:aws:iam::111122223333:user/alice' },
      target: { parameter: 'userName', name: 'b\\u202eob' },
      sourceIPAddress: '192.0.2.10',
      policyVersion: 'test',
    });
    expect(document.record).toEqual(value);
    expect(document).not.toHaveProperty('recordOmitted');
  });

  test('spells what queues refuse, and means the same', () => {
    const value = record({ userAgent: 'a\ufffe\uffff\ud800' });
    expect(renderDocument(findingOf({}, value), true, LIMIT)).not.toMatch(/[\ufffe\uffff]|\p{Cs}/u);
    expect(documentOf(value).record).toEqual(value);
  });

  test('has the same keys whatever the record lacks', () => {
    const keys = Object.keys(documentOf(record()));
    expect(Object.keys(documentOf({ eventSource: '', eventName: '' }))).toEqual(keys);
    expect(Object.keys(documentOf(aggregated()))).toEqual(keys);
    expect(documentOf(aggregated())).toMatchObject({ eventName: null, target: null, principal: { arn: null } });
  });

  test('names no id for reasons that have none', () => {
    expect(documentOf(record({ eventName: 'DeleteUser' })).reasons).toEqual([{ by: 'deletion', severity: 'high' }]);
  });

  test('without the record says that it is not wanted', () => {
    expect(documentOf(record(), false)).toMatchObject({ record: null, recordOmitted: 'not_wanted', severity: 'high' });
  });

  test('over the limit drops the record, never the finding; at the limit it keeps both', () => {
    const value = record({ responseElements: { text: 'ü'.repeat(1_000) } });
    const size = Buffer.byteLength(JSON.stringify(documentOf(value)));
    expect(documentOf(value, true, size).record).toEqual(value);
    expect(documentOf(value, true, size - 1)).toMatchObject({
      record: null,
      recordOmitted: 'too_large',
      eventName: 'CreateAccessKey',
    });
  });

  test('of a record too deep to be written drops the record', () => {
    const deep = `${'{"a":'.repeat(200_000)}1${'}'.repeat(200_000)}`;
    const read = readMessage(
      `{"eventSource":"iam.amazonaws.com","eventName":"DeleteUser","requestParameters":${deep}}`,
    );
    if ('unreadable' in read) throw new Error(read.unreadable);
    const text = renderDocument(findingOf({}, read.record), true, Number.MAX_SAFE_INTEGER);
    expect(JSON.parse(text)).toMatchObject({ record: null, recordOmitted: 'too_deep', eventName: 'DeleteUser' });
  });

  test('without its record stays far below the limit whatever the record holds', () => {
    const long = '\u202e'.repeat(200_000);
    const value = record({
      eventName: long,
      awsRegion: long,
      userIdentity: { type: 'IAMUser', arn: long, userName: long },
      eventID: long,
    });
    const text = renderDocument(findingOf({}, value), true, LIMIT);
    expect(JSON.parse(text).recordOmitted).toBe('too_large');
    expect(Buffer.byteLength(text)).toBeLessThan(32_768);
  });
});
