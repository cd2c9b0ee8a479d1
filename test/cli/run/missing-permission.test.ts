import { expect, it } from 'vitest';
import { Journal } from '../../../cli/run/journal.ts';
import { missingPermission } from '../../../cli/run/missing-permission.ts';

it.each([
  [
    { code: 'denied_object', errorCode: 'AccessDenied', path: 's3://trail-logs/a/b.gz' },
    's3:GetObject in s3://trail-logs,',
  ],
  [{ code: 'finding_not_delivered', errorCode: 'AuthorizationError' }, 'sns:Publish'],
  [{ code: 'finding_not_delivered', errorCode: 'KMSAccessDenied' }, 'kms:GenerateDataKey'],
  [{ code: 'ledger_not_available', errorCode: 'AccessDeniedException' }, 'dynamodb:GetItem'],
  [{ code: 'unforwarded_records', errorCode: 'AccessDeniedException' }, 'kinesis:PutRecords'],
  [{ code: 'record_left', reason: 'HTTP 403' }, 'es:ESHttpPost'],
  [{ code: 'record_left', reason: 'HTTP 401: no authorization to be had' }, 'es:ESHttpPost'],
  [{ code: 'record_left', reason: 'no dead letter: AccessDenied' }, 'sqs:SendMessage'],
])('%j is a permission that is missing', (line, words) => {
  expect(missingPermission(line)).toContain(words);
});

it.each([
  { code: 'missing_object', errorCode: 'NoSuchKey', path: 's3://trail-logs/a/b.gz' },
  { code: 'finding_not_delivered', errorCode: 'Throttled' },
  { code: 'ledger_not_available', errorCode: 'TimeoutError' },
  { code: 'record_left', reason: 'HTTP 429' },
  { code: 'record_left', reason: 'no dead letter: OutOfTime' },
  { message: 'anything' },
])('%j is none', (line) => {
  expect(missingPermission(line)).toBeUndefined();
});

it('is told in words once, however often the log says so, and figures are added up in one line', () => {
  const [said, log]: [string[], string[]] = [[], []];
  const io = { root: '/', out: async () => undefined, say: (line: string) => void said.push(line) };
  const journal = new Journal('worker', io, (line) => void log.push(line));
  for (const name of ['a', 'b']) {
    journal.logger.error({ code: 'denied_object', errorCode: 'AccessDenied', path: `s3://trail-logs/${name}` });
    journal.logger.info({ _aws: {}, functionName: 'x', received: 3, oldestRecordAge: name === 'a' ? 9 : 4 });
  }
  journal.add('messagesReceived');
  journal.tell();
  journal.tell();
  expect(said).toHaveLength(1);
  expect(log.map((line) => JSON.parse(line) as object)).toEqual([
    expect.objectContaining({ code: 'denied_object' }),
    expect.objectContaining({ code: 'denied_object' }),
    expect.objectContaining({ functionName: 'worker', received: 6, oldestRecordAge: 9, messagesReceived: 1 }),
    expect.not.objectContaining({ received: expect.anything() }),
  ]);
});
