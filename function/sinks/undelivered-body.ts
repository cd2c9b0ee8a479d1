import { gzipSync } from 'node:zlib';
import { isObject } from '../core/record.ts';
import type { Severity } from '../core/severity.ts';
import { digestOf } from './ledger/keys.ts';
import type { TopicMessage, TopicName } from './topic-message.ts';

/** Names the shape of the body of an undelivered finding; another shape gets another number. */
export const UNDELIVERED_SCHEMA = 'trailbell/undelivered/1';

/**
 * Most bytes of one body, and of the bodies of one batch together. SQS may take more: this much it always has.
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html
 */
export const MAX_BODY_BYTES = 262_144;

/** Of texts that tell about a finding; SNS's codes and Lambda's names are shorter. */
const MAX_TEXT = 128;

/** Characters a message is cut to when nothing else makes it fit: packed, they do, whatever they are. */
const MAX_CUT = 40_000;

/** One finding on its way to one topic, and why it did not arrive. */
export interface RefusedFinding {
  /** The caller's, unique within one call. */
  readonly key: string;
  readonly topic: TopicName;
  readonly topicArn: string;
  readonly dedupKey: string;
  readonly severity: Severity;
  readonly errorCode: string;
  /** Gives the same message at every call. Asked when its batch is sent, so that thousands do not wait in memory. */
  render(): TopicMessage;
}

/** A finding on its own, without the means to send it. */
export type UndeliveredHead = Pick<RefusedFinding, 'topic' | 'topicArn' | 'dedupKey' | 'severity' | 'errorCode'> & {
  readonly schema: typeof UNDELIVERED_SCHEMA;
  /** When it was handed over, in ISO 8601. */
  readonly time: string;
  readonly functionName: string;
};

/** The body: the message itself or, when it is large, base64 of gzip of its JSON. */
export type UndeliveredBody = UndeliveredHead & ({ readonly message: TopicMessage } | { readonly gzip: string });

/**
 * The body of a refused finding: JSON in printable ASCII, never over {@link MAX_BODY_BYTES}. A message that is too large
 * is packed; one that does not pack goes without its record, as topics leave it out; what is no document is cut.
 */
export function undeliveredBody(refused: RefusedFinding, functionName: string, now: Date): string {
  const message = refused.render();
  const head: UndeliveredHead = {
    schema: UNDELIVERED_SCHEMA,
    topic: refused.topic,
    topicArn: refused.topicArn,
    // As the ledger names it, so that no text of an attacker's is longer or stranger than an id.
    dedupKey: /^[\x20-\x7e]{1,128}$/.test(refused.dedupKey) ? refused.dedupKey : digestOf(refused.dedupKey),
    severity: refused.severity,
    errorCode: refused.errorCode.slice(0, MAX_TEXT),
    time: now.toISOString(),
    functionName: functionName.slice(0, MAX_TEXT),
  };
  const plain = asciiJson({ ...head, message });
  if (plain.length <= MAX_BODY_BYTES) return plain;
  const packed = packedBody(head, message);
  if (packed.length <= MAX_BODY_BYTES) return packed;
  const bare = packedBody(head, { ...message, Message: withoutRecord(message.Message) });
  if (bare.length <= MAX_BODY_BYTES) return bare;
  return packedBody(head, { ...message, Message: `${message.Message.slice(0, MAX_CUT)}… (cut: too large to keep)` });
}

function packedBody(head: UndeliveredHead, message: TopicMessage): string {
  return asciiJson({ ...head, gzip: gzipSync(JSON.stringify(message)).toString('base64') });
}

/** Escapes what SQS refuses, and what could mislead who looks at the queue. */
function asciiJson(body: UndeliveredBody): string {
  return JSON.stringify(body).replace(
    /[^\x20-\x7e]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** The document as it is for a record that is too large; other text as it is. */
function withoutRecord(text: string): string {
  if (!text.startsWith('{')) return text;
  const document: unknown = JSON.parse(text);
  if (!isObject(document) || !('record' in document)) return text;
  return JSON.stringify({ ...document, record: null, recordOmitted: 'too_large' });
}
