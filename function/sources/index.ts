import { cloudwatchLogs } from './cloudwatch-logs.ts';
import { UnsupportedEventError } from './decode-error.ts';
import { eventBridge } from './eventbridge.ts';
import { kinesis } from './kinesis.ts';
import { eventBridgeObject, queueNotification, s3Notification, topicNotification } from './objects/object-sources.ts';
import type { Source } from './source.ts';

/** Every event shape the alert function takes; adding one is a line. */
export const sources: readonly Source[] = [
  cloudwatchLogs,
  kinesis,
  eventBridge,
  s3Notification,
  topicNotification,
  queueNotification,
  eventBridgeObject,
];

/** The source of an event. @throws {UnsupportedEventError} when none accepts it. */
export function sourceOf(event: unknown): Source {
  const source = sources.find((candidate) => candidate.accepts(event));
  if (source === undefined) throw new UnsupportedEventError(sources.map(({ name }) => name));
  return source;
}
