import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { cloudwatchLogs } from '../../function/sources/cloudwatch-logs.ts';
import { UnsupportedEventError } from '../../function/sources/decode-error.ts';
import { sourceOf } from '../../function/sources/index.ts';
import { logEvent, packed, payload, record } from '../support/payloads.ts';

const LIMITS = { maxInflatedBytes: 1024 * 1024, region: 'eu-central-1' };

describe('a payload that holds no records', () => {
  test.each([
    ['CONTROL_MESSAGE', 'control'],
    ['HEARTBEAT', 'unknown'],
    ['', 'unknown'],
    ['__proto__', 'unknown'],
  ])('messageType %j is acknowledged as %s, and its log events are not looked at', (messageType, kind) => {
    const deliveries = cloudwatchLogs.open(
      packed(payload([logEvent(record('RunInstances'))], { messageType })),
      LIMITS,
    );
    expect(deliveries).toMatchObject([{ kind, records: [] }]);
  });

  test('a data message with an empty list is a delivery of none', () => {
    const [delivery] = cloudwatchLogs.open(packed(payload([])), LIMITS);
    expect([...(delivery?.records ?? [])]).toEqual([]);
    expect(delivery?.kind).toBe('data');
  });
});

describe('a payload that is fine', () => {
  test('yields each record in order, with its place in the event and the text it came as', () => {
    const texts = ['RunInstances', 'StopInstances'].map((name) => JSON.stringify(record(name)));
    const [delivery] = cloudwatchLogs.open(packed(payload(texts.map(logEvent))), LIMITS);
    expect(delivery?.place).toEqual({ region: 'eu-central-1', logGroup: 'trailbell/cloudtrail' });
    expect([...(delivery?.records ?? [])]).toMatchObject([
      { position: 'awslogs.data.logEvents[0].message', raw: texts[0], read: { eventName: 'RunInstances' } },
      { position: 'awslogs.data.logEvents[1].message', raw: texts[1], read: { eventName: 'StopInstances' } },
    ]);
  });

  test('may carry fields nobody knows, and no log group', () => {
    const [delivery] = cloudwatchLogs.open(packed(payload([], { logGroup: undefined, later: { a: 1 } })), LIMITS);
    expect(delivery).toMatchObject({ kind: 'data', place: undefined });
  });

  test('may be base64 of the URL kind', () => {
    const data = gzipSync(JSON.stringify(payload([]))).toString('base64url');
    expect(cloudwatchLogs.open({ awslogs: { data } }, LIMITS)).toMatchObject([{ kind: 'data' }]);
  });
});

describe('an event of no source', () => {
  test.each([
    ['nothing', undefined],
    ['null', null],
    ['a string', 'awslogs'],
    ['a list', [{ awslogs: { data: 'x' } }]],
    ['an empty object', {}],
    ['the test event of the console', { key1: 'value1', key2: 'value2' }],
    ['a CloudTrail file', { Records: [record('DeleteBucket', { eventSource: 's3.amazonaws.com' })] }],
    [
      'an event of a bus that CloudTrail has no part in',
      { 'detail-type': 'EC2 Spot Instance Interruption Warning', source: 'aws.ec2' },
    ],
    ['other news of S3 on a bus', { 'detail-type': 'Storage Lens', source: 'aws.s3' }],
    ['awslogs that is a string', { awslogs: 'H4sI' }],
    ['awslogs that is a list', { awslogs: ['H4sI'] }],
  ])('%s is refused, naming the shapes there are', (_, event) => {
    expect(() => sourceOf(event)).toThrow(UnsupportedEventError);
    expect(() => sourceOf(event)).toThrow(/cloudwatch-logs/);
  });

  test('a subscription event has a source, and which it is takes no unpacking', () => {
    expect(sourceOf({ awslogs: { data: 'not even base64!' } }).name).toBe('cloudwatch-logs');
  });
});
