import { gzipSync } from 'node:zlib';

/** Names the shape of a dead letter; another shape gets another number. */
export const DEAD_LETTER_SCHEMA = 'trailbell/dead-letter/1';

/**
 * Most bytes of one body, and of the bodies of one batch together. SQS may take more: this much it always has.
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html
 */
export const MAX_LETTER_BYTES = 262_144;

/** Characters of each text that tells about a letter; a key's 1,024 and what is around it fit. */
const MAX_TEXT = 1_200;

/** One record, or one object, that was refused for good. */
export interface DeadLetter {
  /** What it is called in the output; undefined for a whole object. */
  readonly id: string | undefined;
  readonly index: string | undefined;
  /** Where it stands: `s3://bucket/key#Records[3]`. */
  readonly position: string;
  readonly reason: string;
  /** As it came, a text or a value; undefined for a whole object. */
  readonly raw: unknown;
}

/**
 * The body of a dead letter: JSON in printable ASCII, never over {@link MAX_LETTER_BYTES}:
 * `{"schema","time","functionName","output","position","reason","id"?,"index"?,"record"?}`, the record as base64 of gzip of
 * its text, left out where even that does not fit (`"recordOmitted":"too_large"`) or it has none (`"nested_too_deeply"`).
 */
export function deadLetterBody(
  { id, index, position, reason, raw }: DeadLetter,
  of: { readonly output: string; readonly functionName: string; readonly time: Date },
): string {
  const head = {
    schema: DEAD_LETTER_SCHEMA,
    time: of.time.toISOString(),
    functionName: of.functionName.slice(0, MAX_TEXT),
    output: of.output,
    position: position.slice(0, MAX_TEXT),
    reason: reason.slice(0, MAX_TEXT),
    ...(id !== undefined && { id }),
    ...(index !== undefined && { index }),
  };
  if (raw === undefined) return asciiJson(head);
  const text = textFrom(raw);
  if (text === undefined) return asciiJson({ ...head, recordOmitted: 'nested_too_deeply' });
  const whole = asciiJson({ ...head, record: gzipSync(text).toString('base64') });
  return whole.length <= MAX_LETTER_BYTES ? whole : asciiJson({ ...head, recordOmitted: 'too_large' });
}

/** Undefined for a value nested deeper than the stack, which Lambda has parsed and nobody can write again. */
function textFrom(raw: unknown): string | undefined {
  if (typeof raw === 'string') return raw;
  try {
    return JSON.stringify(raw);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Escapes what SQS refuses, and what could mislead who looks at the queue. */
function asciiJson(body: object): string {
  return JSON.stringify(body).replace(
    /[^\x20-\x7e]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
