import { randomInt } from 'node:crypto';
import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { readUndelivered } from '../../cli/redrive/undelivered-message.ts';
import { deliveryKey } from '../../function/sinks/ledger/keys.ts';
import type { TopicMessage } from '../../function/sinks/topic-message.ts';
import { MAX_BODY_BYTES, type RefusedFinding, undeliveredBody } from '../../function/sinks/undelivered-body.ts';
import { topicArn } from '../support/environment.ts';

const NOW = new Date('2026-11-20T12:00:00Z');

function bodyOf(message: TopicMessage, changes: Partial<RefusedFinding> = {}): string {
  const refused: RefusedFinding = {
    key: '0',
    topic: 'findings',
    topicArn: topicArn('findings'),
    dedupKey: '11111111-2222-4333-8444-555555555555',
    severity: 'critical',
    errorCode: 'KMSDisabled',
    render: () => message,
    ...changes,
  };
  return undeliveredBody(refused, 'trailbell-alert', NOW);
}

function restored(body: string): TopicMessage {
  const read = readUndelivered(body);
  if ('unreadable' in read) throw new Error(read.unreadable);
  return read.message;
}

const plain = (Message: string): TopicMessage => ({ Message, MessageAttributes: {} });

/** Any text of a JSON document: lone surrogates cannot be sent to any topic. */
const anyText = fc.string({ unit: 'binary', minLength: 1, maxLength: 2_000 });

/** Text that hardly packs: letters of one and of two bytes, each as likely as any other. */
function noise(characters: number): string {
  const letter = () => (randomInt(2) === 0 ? randomInt(0x23, 0x5c) : randomInt(0xa1, 0x800));
  return Array.from({ length: characters }, () => String.fromCharCode(letter())).join('');
}

describe('the body of an undelivered finding', () => {
  test.prop([anyText, fc.option(fc.string({ minLength: 1, maxLength: 99 })), anyText])(
    'gives back the message as it was, in printable ASCII',
    (Message, Subject, StringValue) => {
      const message: TopicMessage = {
        ...(Subject !== null && { Subject }),
        Message,
        MessageAttributes: { severity: { DataType: 'String', StringValue } },
      };
      const body = bodyOf(message);
      expect(body).toMatch(/^[\x20-\x7e]*$/);
      expect(restored(body)).toEqual(message);
    },
  );

  test.prop(
    [fc.constantFrom('"', '\\', '\u0001', 'é', 'コ', '\u{1f600}', 'ab"\n'), fc.integer({ min: 1, max: 262_144 })],
    {
      numRuns: 40,
    },
  )('fits and is whole at any size, whatever escaping adds', (unit, bytes) => {
    const message = plain(unit.repeat(Math.max(1, Math.floor(bytes / Buffer.byteLength(unit)))));
    const body = bodyOf(message);
    expect(body.length).toBeLessThanOrEqual(MAX_BODY_BYTES);
    expect(restored(body)).toEqual(message);
  });

  test('leaves out a record that does not pack, as topics do, and keeps everything else', () => {
    const record = { requestParameters: { noise: noise(150_000) } };
    const Message = JSON.stringify({ schemaVersion: '1.0', title: 'T', record });
    const body = bodyOf(plain(Message));
    expect(body.length).toBeLessThanOrEqual(MAX_BODY_BYTES);
    expect(JSON.parse(restored(body).Message)).toEqual({
      schemaVersion: '1.0',
      title: 'T',
      record: null,
      recordOmitted: 'too_large',
    });
  });

  test.each([
    ['', 'no document'],
    ['{"title":"', 'a document that holds no record'],
  ])('cuts what does not pack and is %j %s', (start) => {
    const text = noise(160_000);
    const Message = start === '' ? text : `${start}${text}"}`;
    const body = bodyOf(plain(Message));
    expect(body.length).toBeLessThanOrEqual(MAX_BODY_BYTES);
    expect(restored(body).Message === `${Message.slice(0, 40_000)}… (cut: too large to keep)`).toBe(true);
  });

  test.each(['x'.repeat(200_000), '\u202eevil', 'ключ', ''])('names the finding as the ledger does: %#', (dedupKey) => {
    const read = readUndelivered(bodyOf(plain('m'), { dedupKey }));
    if ('unreadable' in read) throw new Error(read.unreadable);
    expect(deliveryKey('findings', read.dedupKey)).toEqual(deliveryKey('findings', dedupKey));
    expect(read.dedupKey).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe('the reading of a body', () => {
  const whole = JSON.parse(bodyOf(plain('m'))) as Record<string, unknown>;
  const { message: _, ...head } = whole;

  test.each([
    ['text', 'not JSON'],
    ['another schema', { ...whole, schema: 'trailbell/undelivered/2' }],
    ['a topic of no such name', { ...whole, topic: 'operations' }],
    ['no message', head],
    ['an empty message', { ...whole, message: { ...plain('') } }],
    [
      'an attribute of bytes',
      { ...whole, message: { Message: 'm', MessageAttributes: { a: { DataType: 'Binary', StringValue: 'x' } } } },
    ],
    ['more than a message holds', { ...whole, message: { Message: 'm', MessageAttributes: {}, TopicArn: 'x' } }],
    ['packed noise', { ...head, gzip: 'AAAA' }],
    ['no base64', { ...head, gzip: '!' }],
  ])('refuses %s', (_name, body) => {
    expect(readUndelivered(typeof body === 'string' ? body : JSON.stringify(body))).toEqual({
      unreadable: expect.any(String),
    });
  });

  test('does not unpack a bomb', async () => {
    const { gzipSync } = await import('node:zlib');
    const gzip = gzipSync(Buffer.alloc(64 * 1024 * 1024, 0x20)).toString('base64');
    expect(readUndelivered(JSON.stringify({ ...head, gzip }))).toEqual({
      unreadable: expect.stringContaining('larger'),
    });
  });

  test.prop([fc.string({ unit: 'binary' })])('never throws', (body) => {
    readUndelivered(body);
  });
});
