import { gunzipSync } from 'node:zlib';
import * as z from 'zod';
import { neutralise } from '../../function/core/neutral.ts';
import { SEVERITIES } from '../../function/core/severity.ts';
import type { TopicMessage } from '../../function/sinks/topic-message.ts';
import { UNDELIVERED_SCHEMA, type UndeliveredHead } from '../../function/sinks/undelivered-body.ts';

/** An undelivered finding, read back: all it takes to send it. */
export interface UndeliveredMessage extends UndeliveredHead {
  readonly message: TopicMessage;
}

/** Most bytes a packed message may unpack to: a message has 256 KB, its JSON at most six bytes for one. */
const MAX_UNPACKED_BYTES = 6 * 262_144 + 65_536;

const messageSchema = z.strictObject({
  Subject: z.string().min(1).max(100).optional(),
  Message: z.string().min(1),
  MessageAttributes: z.record(
    z.string().regex(/^[A-Za-z0-9_.-]{1,256}$/),
    z.strictObject({ DataType: z.enum(['String', 'String.Array']), StringValue: z.string().min(1) }),
  ),
});

const bodySchema = z.looseObject({
  schema: z.literal(UNDELIVERED_SCHEMA),
  topic: z.enum(['alerts', 'findings', 'chat']),
  topicArn: z.string().max(512),
  dedupKey: z.string().min(1).max(128),
  severity: z.enum(SEVERITIES),
  errorCode: z.string().max(128),
  time: z.string().max(64),
  functionName: z.string().max(128),
  message: messageSchema.optional(),
  gzip: z.base64().optional(),
});

/** What a body is instead of an undelivered finding, in words. */
export interface Unreadable {
  readonly unreadable: string;
}

/** Reads a body from the queue. Everything in it is somebody else's word: the caller compares topic and ARN. */
export function readUndelivered(body: string): UndeliveredMessage | Unreadable {
  try {
    const { message, gzip, ...head } = bodySchema.parse(JSON.parse(body));
    if (message !== undefined) return { ...head, message: withSubject(message) };
    if (gzip === undefined) return { unreadable: 'it holds neither message nor gzip' };
    const unpacked = gunzipSync(Buffer.from(gzip, 'base64'), { maxOutputLength: MAX_UNPACKED_BYTES });
    return { ...head, message: withSubject(messageSchema.parse(JSON.parse(unpacked.toString('utf8')))) };
  } catch (error) {
    return { unreadable: whyOf(error) };
  }
}

function withSubject({ Subject, ...message }: z.output<typeof messageSchema>): TopicMessage {
  return Subject === undefined ? message : { Subject, ...message };
}

function whyOf(error: unknown): string {
  if (!(error instanceof z.ZodError)) return neutralise(error instanceof Error ? error.message : String(error), 120);
  const [issue] = error.issues;
  return neutralise(`${issue?.path.join('.') || 'the body'}: ${issue?.message}`, 120);
}
