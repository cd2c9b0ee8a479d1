import { gzipSync } from 'node:zlib';

/** Records of one payload; CloudWatch Logs batches as it likes. */
const RECORDS_PER_PAYLOAD = 50;

/** The log group the demo's payloads claim to come from. */
export const DEMO_LOG_GROUP = 'trailbell/cloudtrail';

/**
 * Messages as a log group's subscription hands them to Lambda: `{"awslogs":{"data":"<base64 of gzip of JSON>"}}`, after
 * the check that CloudWatch Logs sends a new destination.
 */
export function* subscriptionEvents(messages: readonly string[], time: Date): Generator<unknown> {
  yield subscriptionEvent('CONTROL_MESSAGE', ['CWL CONTROL MESSAGE: Checking health of destination.'], time);
  for (let from = 0; from < messages.length; from += RECORDS_PER_PAYLOAD) {
    yield subscriptionEvent('DATA_MESSAGE', messages.slice(from, from + RECORDS_PER_PAYLOAD), time);
  }
}

/** One subscription event. */
export function subscriptionEvent(
  messageType: 'DATA_MESSAGE' | 'CONTROL_MESSAGE',
  messages: readonly string[],
  time: Date,
): { awslogs: { data: string } } {
  const payload = {
    messageType,
    owner: '123456789012',
    logGroup: DEMO_LOG_GROUP,
    logStream: '123456789012_CloudTrail_eu-central-1',
    subscriptionFilters: ['trailbell'],
    logEvents: messages.map((message, index) => ({
      id: String(index).padStart(56, '0'),
      timestamp: time.getTime(),
      message,
    })),
  };
  return { awslogs: { data: gzipSync(JSON.stringify(payload)).toString('base64') } };
}
