import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { classify } from '../../function/core/classify.ts';
import { readMessage } from '../../function/core/record.ts';
import { logSink } from '../../function/sinks/log.ts';
import { createLogger } from '../../function/sinks/logger.ts';
import { POLICY } from '../support/environment.ts';
import { record, TIME } from '../support/payloads.ts';

function logged(...messages: string[]): string[] {
  const chunks: string[] = [];
  const logger = createLogger({ write: (chunk: string) => void chunks.push(chunk) });
  const sink = logSink(logger, POLICY.policyVersion);
  messages.forEach((raw, index) => {
    const read = readMessage(raw);
    sink.accept({
      source: { read, raw, position: `logEvents[${index}]` },
      verdict: classify(POLICY, read),
      place: undefined,
    });
  });
  logger.flush();
  const text = chunks.join('');
  const lines = text.match(/[^\n]*\n/g) ?? [];
  expect(lines.join('')).toBe(text);
  return lines;
}

const lineOf = (eventName: string, changes?: Readonly<Record<string, unknown>>) => {
  const [line = '', ...others] = logged(JSON.stringify(record(eventName, changes)));
  expect(others).toEqual([]);
  return { line, value: JSON.parse(line) as Record<string, unknown> };
};

describe('the log', () => {
  test('has one line for each record at or above logAt, in order, under CloudTrail’s own names', () => {
    const { value } = lineOf('DeleteVolume', { errorCode: 'Client.UnauthorizedOperation' });
    expect(value).toEqual({
      level: 'info',
      severity: 'high',
      code: 'an_aws_resource_was_deleted',
      action: 'publish',
      eventTime: TIME,
      eventSource: 'ec2.amazonaws.com',
      eventName: 'DeleteVolume',
      awsRegion: 'eu-central-1',
      recipientAccountId: '123456789012',
      userIdentity: { type: 'IAMUser', arn: 'arn:aws:iam::123456789012:user/alice' },
      sourceIPAddress: '192.0.2.7',
      errorCode: 'Client.UnauthorizedOperation',
      eventID: '11111111-2222-4333-8444-555555555555',
      reasons: [{ by: 'deletion', severity: 'high' }],
      failed: 'denied',
      policyVersion: POLICY.policyVersion,
    });
  });

  test('has a line for what is published and what is logged, and none for what is quiet or whitelisted', () => {
    const names = ['RunInstances', 'DescribeInstances', 'Decrypt', 'StopInstances', 'DeleteVolume'];
    const lines = logged(...names.map((name) => JSON.stringify(record(name))));
    expect(lines.map((line) => JSON.parse(line).eventName)).toEqual(['RunInstances', 'StopInstances', 'DeleteVolume']);
  });

  test('leaves out what a record does not have', () => {
    const [line = ''] = logged('{"eventSource":"ec2.amazonaws.com","eventName":"RunInstances"}');
    expect(Object.keys(JSON.parse(line)).sort()).toEqual(
      ['level', 'action', 'code', 'eventName', 'eventSource', 'policyVersion', 'reasons', 'severity'].sort(),
    );
  });

  test('leaves out what is not text, and keeps the rest', () => {
    const { value } = lineOf('RunInstances', {
      awsRegion: { a: 1 },
      sourceIPAddress: 7,
      userIdentity: ['x'],
      eventID: null,
    });
    expect(value).toMatchObject({ eventName: 'RunInstances', severity: 'low' });
    for (const name of ['awsRegion', 'sourceIPAddress', 'userIdentity', 'eventID'])
      expect(value).not.toHaveProperty(name);
  });

  test('gives a rejected record’s position and reason as a warning, and nothing of its body', () => {
    const [line = ''] = logged('{"drowssap": 1}');
    expect(JSON.parse(line)).toEqual({
      level: 'warn',
      code: 'unreadable_record',
      position: 'logEvents[0]',
      why: 'no string eventSource',
      policyVersion: POLICY.policyVersion,
    });
  });

  test.each([
    ['a line break', 'a\nb', 'a\\u000ab'],
    ['a forged line', '"}\n{"level":"info"}', '"}\\u000a{"level":"info"}'],
    ['a terminal escape', '\u001b[2J', '\\u001b[2J'],
    ['text turned round', 'gpj\u202eexe', 'gpj\\u202eexe'],
    ['a line separator', 'a\u2028b', 'a\\u2028b'],
    ['a NUL byte', '\0', '\\u0000'],
    ['a lone surrogate', 'a\ud800', 'a\\ud800'],
    ['letters of any script', 'größe-東京', 'größe-東京'],
  ])('shows %s for what it is', (_, hostile, shown) => {
    const { line, value } = lineOf('RunInstances', {
      sourceIPAddress: hostile,
      userIdentity: { type: hostile, arn: hostile },
    });
    expect(value).toMatchObject({ sourceIPAddress: shown, userIdentity: { type: shown, arn: shown } });
    expect(line.trimEnd()).not.toMatch(/[\p{Cc}\p{Cf}\u2028\u2029]/u);
  });

  test('bounds a line, however long the record', () => {
    const long = 'x'.repeat(1_000_000);
    const { line } = lineOf(long, {
      errorCode: long,
      eventID: long,
      awsRegion: long,
      userIdentity: { arn: long, type: long, invokedBy: long },
    });
    expect(line.length).toBeLessThan(8_192);
  });

  property.prop([fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 })), fc.string({ unit: 'binary' })])(
    'is one line of JSON a record, whatever the record says',
    (odd, text) => {
      const changes = { ...odd, eventSource: text, sourceIPAddress: text, eventID: text, userIdentity: odd };
      for (const line of logged(JSON.stringify(record('DeleteVolume', changes)))) {
        expect(line.endsWith('\n')).toBe(true);
        expect(line.indexOf('\n')).toBe(line.length - 1);
        expect(JSON.parse(line)).toMatchObject({ code: 'an_aws_resource_was_deleted' });
      }
    },
  );

  test('settles with no findings of its own', async () => {
    const sink = logSink(createLogger({ write: () => {} }), POLICY.policyVersion);
    expect(await sink.settle({ remaining: () => 0 })).toEqual([]);
  });
});
