import * as z from 'zod/mini';
import type { QueryPlace } from '../core/console-links.ts';
import { isObject, type SourceRecord, textOf } from '../core/record.ts';
import { DecodeError } from './decode-error.ts';
import { unpack } from './gzip.ts';
import type { Delivery, InlineSource, SourceLimits } from './source.ts';
import { type Kept, TextRecord } from './text-record.ts';

const DATA_PATH = 'awslogs.data';

/**
 * The decoded payload. `messageType` is open: CloudWatch Logs documents two values and may send others.
 * Log events are looked at one by one, so a strange one costs its neighbours nothing.
 */
const payloadSchema = z.looseObject({
  messageType: z.string(),
  logGroup: z.optional(z.string()),
  logEvents: z.optional(z.array(z.unknown())),
});

/**
 * A CloudWatch Logs subscription. Event: `{"awslogs":{"data":"<base64 of gzip of JSON>"}}`; the JSON:
 * `{"messageType":"DATA_MESSAGE","logGroup":"…","logEvents":[{"id":"…","timestamp":1,"message":"<CloudTrail record>"}]}`.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html
 */
export const cloudwatchLogs = {
  name: 'cloudwatch-logs',
  isBatch: false,
  readsObjects: false,

  accepts(event: unknown): boolean {
    return isObject(event) && isObject(event['awslogs']);
  },

  open(event: unknown, limits: SourceLimits): readonly Delivery[] {
    const awslogs = isObject(event) && isObject(event['awslogs']) ? event['awslogs'] : undefined;
    const data = awslogs?.['data'];
    if (typeof data !== 'string') throw new DecodeError('wrong_shape', DATA_PATH, 'not a string');
    return [openPayload(unpack(data, DATA_PATH, limits.maxInflatedBytes), DATA_PATH, limits, { characters: 0 })];
  },
} satisfies InlineSource;

/**
 * Reads one unpacked subscription payload; Kinesis carries the same. `kept` is shared by all payloads of an event.
 * @throws {DecodeError} `not_json` or `wrong_shape`
 */
export function openPayload(json: string, path: string, limits: SourceLimits, kept: Kept): Delivery {
  const parsed = payloadSchema.safeParse(parse(json, path));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new DecodeError('wrong_shape', [path, ...(issue?.path ?? [])].join('.'), 'not a subscription payload', {
      cause: parsed.error,
    });
  }
  const { messageType, logGroup, logEvents } = parsed.data;
  const place: QueryPlace | undefined = textOf(logGroup)
    ? { region: limits.region, logGroup: logGroup ?? '' }
    : undefined;
  if (messageType !== 'DATA_MESSAGE') {
    return { kind: messageType === 'CONTROL_MESSAGE' ? 'control' : 'unknown', place, records: [] };
  }
  if (logEvents === undefined) throw new DecodeError('wrong_shape', `${path}.logEvents`, 'absent');
  return { kind: 'data', place, records: readLogEvents(logEvents, path, kept) };
}

function parse(json: string, path: string): unknown {
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw new DecodeError('not_json', path, 'the unpacked data is not JSON', { cause });
  }
}

function* readLogEvents(logEvents: readonly unknown[], path: string, kept: Kept): Generator<SourceRecord> {
  const before = `${path}.logEvents`;
  for (let index = 0; index < logEvents.length; index++) {
    const logEvent = logEvents[index];
    yield new TextRecord(isObject(logEvent) ? logEvent['message'] : undefined, before, index, '.message', kept);
  }
}
