import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';

/** The time the records of tests are about. */
export const TIME = '2026-11-20T12:00:00Z';

/** One CloudTrail record; `changes` replace or add fields. */
export function record(eventName: string, changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    eventVersion: '1.11',
    userIdentity: {
      type: 'IAMUser',
      arn: 'arn:aws:iam::123456789012:user/alice',
      accountId: '123456789012',
      userName: 'alice',
    },
    eventTime: TIME,
    eventSource: 'ec2.amazonaws.com',
    eventName,
    awsRegion: 'eu-central-1',
    sourceIPAddress: '192.0.2.7',
    requestParameters: { volumeId: 'vol-0a1b2c3d' },
    responseElements: null,
    eventID: '11111111-2222-4333-8444-555555555555',
    readOnly: false,
    eventType: 'AwsApiCall',
    recipientAccountId: '123456789012',
    eventCategory: 'Management',
    ...changes,
  };
}

/** A subscription payload, unpacked, with these log events. */
export function payload(logEvents: readonly unknown[], changes: Readonly<Record<string, unknown>> = {}) {
  return {
    messageType: 'DATA_MESSAGE',
    owner: '123456789012',
    logGroup: 'trailbell/cloudtrail',
    logStream: '123456789012_CloudTrail_eu-central-1',
    subscriptionFilters: ['trailbell'],
    logEvents,
    ...changes,
  };
}

/** Packs any value, or raw text, as a subscription event. */
export function packed(value: unknown): { awslogs: { data: string } } {
  const json = typeof value === 'string' ? value : JSON.stringify(value);
  return { awslogs: { data: gzipSync(json).toString('base64') } };
}

/** A subscription event whose log events carry these messages, whatever they are. */
export function eventOf(messages: readonly unknown[]): { awslogs: { data: string } } {
  return packed(payload(messages.map(logEvent)));
}

/** One log event; a record becomes its text, as CloudTrail writes it. */
export function logEvent(message: unknown, index = 0): Record<string, unknown> {
  const text = typeof message === 'object' && message !== null ? JSON.stringify(message) : message;
  return { id: String(index).padStart(56, '0'), timestamp: Date.parse(TIME), message: text };
}

/** Text that packs about as well as hashes do, the same for the same seed: hexadecimal, `length` characters. */
export function noise(seed: string, length: number): string {
  let text = '';
  for (let block = 0; text.length < length; block++) {
    text += createHash('sha256').update(`${seed}/${block}`).digest('hex');
  }
  return text.slice(0, length);
}

/** A record with identifiers of its own, so that many of them pack as well as a real trail does, some eight to one. */
export function distinctRecord(eventName: string, seed: string): Record<string, unknown> {
  const id = noise(seed, 32);
  return record(eventName, {
    eventID: id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'),
    requestID: noise(`${seed}/request`, 32),
    requestParameters: { volumeId: `vol-${noise(`${seed}/volume`, 17)}`, clientToken: noise(`${seed}/token`, 64) },
    userAgent: 'aws-cli/2.31.0 md/awscrt#0.27.6 ua/2.1 os/linux#6.8.0 lang/python#3.13.7 md/installer#exe',
    tlsDetails: {
      tlsVersion: 'TLSv1.3',
      cipherSuite: 'TLS_AES_128_GCM_SHA256',
      clientProvidedHostHeader: 'ec2.eu-central-1.amazonaws.com',
    },
  });
}

/** A subscription event of distinct records whose JSON is at most `bytes` long and nearly so. */
export function largeEvent(
  bytes: number,
  eventName: (index: number) => string,
  changes: Readonly<Record<string, unknown>> = {},
) {
  const logEvents: Record<string, unknown>[] = [];
  let size = Buffer.byteLength(JSON.stringify(payload([])));
  for (let index = 0; ; index++) {
    const next = logEvent({ ...distinctRecord(eventName(index), String(index)), ...changes }, index);
    size += Buffer.byteLength(JSON.stringify(next)) + 1;
    if (size > bytes) break;
    logEvents.push(next);
  }
  return { event: packed(payload(logEvents)), records: logEvents.length };
}
