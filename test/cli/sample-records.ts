import { subscriptionEvent } from '../../cli/demo/payloads.ts';

const TIME = new Date('2026-11-20T12:00:00Z');

/** A CloudTrail record of one call, its `eventID` told apart by `number`. */
export function recordOf(number: number, fields: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    eventVersion: '1.11',
    eventTime: TIME.toISOString(),
    eventSource: 'cloudtrail.amazonaws.com',
    eventName: 'StopLogging',
    awsRegion: 'eu-central-1',
    sourceIPAddress: '192.0.2.10',
    userIdentity: { type: 'IAMUser', arn: 'arn:aws:iam::111122223333:user/alice', accountId: '111122223333' },
    eventID: idOf(number),
    recipientAccountId: '111122223333',
    ...fields,
  };
}

/** The `eventID` of `recordOf(number)`. */
export function idOf(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
}

/** A call the shipped whitelist covers. */
export const WHITELISTED = { eventSource: 'kms.amazonaws.com', eventName: 'Decrypt', readOnly: true };

/** A Lambda event of a log group's subscription with these records. */
export function lambdaEventOf(records: readonly unknown[]): unknown {
  return subscriptionEvent(
    'DATA_MESSAGE',
    records.map((record) => (typeof record === 'string' ? record : JSON.stringify(record))),
    TIME,
  );
}

/** A Lambda event whose payload is not gzip. */
export const DAMAGED_EVENT = { awslogs: { data: Buffer.from('not gzip').toString('base64') } };
