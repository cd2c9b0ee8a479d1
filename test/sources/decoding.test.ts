import { gzipSync } from 'node:zlib';
import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { cloudwatchLogs } from '../../function/sources/cloudwatch-logs.ts';
import { DecodeError } from '../../function/sources/decode-error.ts';
import { logEvent, packed, payload, record } from '../support/payloads.ts';

const LIMITS = { maxInflatedBytes: 1024 * 1024, region: 'eu-central-1' };
const SECRET = 'drowssap';

const zipped = (text: string) => gzipSync(text);
const asEvent = (data: unknown) => ({ awslogs: { data } });

function failureOf(event: unknown, limits = LIMITS): DecodeError {
  try {
    cloudwatchLogs.open(event, limits);
  } catch (error) {
    if (error instanceof DecodeError) return error;
    throw error;
  }
  throw new Error('the event was decoded');
}

describe('a payload that cannot be decoded', () => {
  test.each([
    ['text that is not base64', asEvent(`{"${SECRET}": "{}"}`), 'not_base64', 'awslogs.data', true],
    [
      'base64 of something else than gzip',
      asEvent(Buffer.from(`plain ${SECRET}`).toString('base64')),
      'not_gzip',
      'awslogs.data',
      true,
    ],
    ['an empty string', asEvent(''), 'truncated', 'awslogs.data', true],
    [
      'gzip cut off',
      asEvent(zipped(SECRET.repeat(50)).subarray(0, -12).toString('base64')),
      'truncated',
      'awslogs.data',
      true,
    ],
    ['gzip whose content was changed', asEvent(corrupted(SECRET.repeat(50))), 'not_gzip', 'awslogs.data', true],
    [
      'a small input that unpacks to more than allowed',
      packed(' '.repeat(LIMITS.maxInflatedBytes + 1)),
      'too_large',
      'awslogs.data',
      true,
    ],
    ['gzip of nothing', packed(''), 'not_json', 'awslogs.data', true],
    ['gzip of text that is not JSON', packed(`${SECRET} {`), 'not_json', 'awslogs.data', true],
    ['a JSON string', packed(JSON.stringify(SECRET)), 'wrong_shape', 'awslogs.data', true],
    ['a JSON array', packed([payload([SECRET])]), 'wrong_shape', 'awslogs.data', true],
    ['JSON null', packed('null'), 'wrong_shape', 'awslogs.data', true],
    [
      'a payload without a message type',
      packed({ logEvents: [SECRET] }),
      'wrong_shape',
      'awslogs.data.messageType',
      true,
    ],
    [
      'a message type that is a number',
      packed(payload([], { messageType: 7 })),
      'wrong_shape',
      'awslogs.data.messageType',
      true,
    ],
    [
      'log events that are an object',
      packed(payload([], { logEvents: { 0: SECRET } })),
      'wrong_shape',
      'awslogs.data.logEvents',
      true,
    ],
    [
      'a data message without log events',
      packed(payload([], { logEvents: undefined })),
      'wrong_shape',
      'awslogs.data.logEvents',
      false,
    ],
    ['data that is a number', asEvent(12), 'wrong_shape', 'awslogs.data', false],
    ['data that is absent', { awslogs: {} }, 'wrong_shape', 'awslogs.data', false],
  ] as const)(
    '%s: the problem, the place and the cause, and nothing of the content',
    (_, event, problem, path, caused) => {
      const error = failureOf(event);
      expect(error).toMatchObject({ name: 'DecodeError', code: 'undecodable_delivery', problem, path });
      expect(error.cause instanceof Error).toBe(caused);
      expect(error.message.startsWith(`${path}: `)).toBe(true);
      expect(error.message).not.toContain(SECRET);
      expect(error.message.length).toBeLessThan(200);
    },
  );

  test('too large names the setting that allows more', () => {
    expect(failureOf(packed(' '.repeat(LIMITS.maxInflatedBytes + 1))).message).toContain('MAX_INFLATED_BYTES');
  });

  test('too large, when the bytes over the ceiling stand in a second gzip member', () => {
    const half = zipped(' '.repeat(LIMITS.maxInflatedBytes - 10));
    expect(failureOf(asEvent(Buffer.concat([half, half]).toString('base64'))).problem).toBe('too_large');
  });

  test('too large, when the trailer claims that it is small', () => {
    const bytes = zipped(' '.repeat(LIMITS.maxInflatedBytes * 8));
    bytes.writeUInt32LE(10, bytes.length - 4);
    expect(failureOf(asEvent(bytes.toString('base64'))).problem).toBe('too_large');
  });

  test('is decoded when it unpacks to exactly what is allowed', () => {
    const json = JSON.stringify(payload([]));
    const filled = json + ' '.repeat(LIMITS.maxInflatedBytes - json.length);
    expect(cloudwatchLogs.open(packed(filled), LIMITS)).toHaveLength(1);
  });

  test('a bomb costs no more memory than the ceiling', () => {
    const bomb = packed(' '.repeat(64 * 1024 * 1024));
    const before = process.memoryUsage();
    expect(failureOf(bomb).problem).toBe('too_large');
    const after = process.memoryUsage();
    expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(16 * 1024 * 1024);
  });

  property.prop([fc.uint8Array({ maxLength: 200 }), fc.nat(), fc.nat(255)])(
    'any damage to the bytes is a DecodeError or leaves the payload readable',
    (bytes, at, value) => {
      const good = zipped(JSON.stringify(payload([logEvent(record('RunInstances'))])));
      good[at % good.length] = value;
      for (const damaged of [bytes, good]) {
        try {
          for (const { records } of cloudwatchLogs.open(asEvent(Buffer.from(damaged).toString('base64')), LIMITS))
            [...records];
        } catch (error) {
          expect(error).toBeInstanceOf(DecodeError);
        }
      }
    },
  );

  property.prop([fc.jsonValue({ maxDepth: 5 })])('any JSON value is a delivery or a DecodeError', (value) => {
    try {
      for (const { records } of cloudwatchLogs.open(packed(value), LIMITS)) [...records];
    } catch (error) {
      expect(error).toBeInstanceOf(DecodeError);
    }
  });
});

function corrupted(content: string): string {
  const bytes = zipped(content);
  // The checksum stands before the last four bytes.
  bytes.writeUInt32LE(0, bytes.length - 8);
  return bytes.toString('base64');
}
